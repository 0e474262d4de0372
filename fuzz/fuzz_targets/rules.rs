#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| corpus_fuzz::rules(data));
