//! Compression.

use super::*;
use std::fmt::Write as _;
use std::io::Write;

const TEXT: &str =
    "{\"id\":\"1\",\"body\":\"المطر غزير\"}\n{\"id\":\"2\"}\n{\"id\":\"3\",\"body\":\"rain\"}\n";

pub(super) fn compress(codec: &str, data: &[u8]) -> Vec<u8> {
    match codec {
        "gz" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(data).unwrap();
            encoder.finish().unwrap()
        }
        "zst" => zstd::encode_all(data, 3).unwrap(),
        "xz" => {
            let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
            encoder.write_all(data).unwrap();
            encoder.finish().unwrap()
        }
        "bz2" => {
            let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            encoder.write_all(data).unwrap();
            encoder.finish().unwrap()
        }
        _ => panic!("{codec}"),
    }
}

const CODECS: [&str; 4] = ["gz", "zst", "xz", "bz2"];

#[test]
fn every_codec_by_name_and_by_content() {
    for codec in CODECS {
        let packed = compress(codec, TEXT.as_bytes());
        for name in [
            format!("a.jsonl.{codec}"),
            "a.jsonl".to_owned(),
            format!("a.JSONL.{}", codec.to_uppercase()),
        ] {
            let read = Read::file(&name, &packed, options());
            assert_eq!(read.texts(), TEXT.lines().collect::<Vec<_>>(), "{name}");
            assert_eq!(read.places(), []);
            assert_eq!(read.check_ways_back(TEXT.as_bytes()), 3);
        }
    }
}

#[test]
fn several_members_are_one_file() {
    let (first, second) = TEXT.as_bytes().split_at(20);
    for codec in CODECS {
        let mut packed = compress(codec, first);
        if codec == "zst" {
            // A skippable frame of five bytes.
            packed.extend_from_slice(&[0x5A, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
        }
        packed.extend(compress(codec, b""));
        packed.extend(compress(codec, second));
        let read = Read::file(&format!("a.jsonl.{codec}"), &packed, options());
        assert_eq!(read.texts(), TEXT.lines().collect::<Vec<_>>(), "{codec}");
        assert_eq!(read.places(), [], "{codec}");
    }
    let mut packed = vec![0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0];
    packed.extend(compress("zst", TEXT.as_bytes()));
    assert_eq!(Read::file("a.jsonl", &packed, options()).texts().len(), 3);
}

#[test]
fn an_archive_cut_anywhere_says_so_and_keeps_whole_records() {
    for codec in CODECS {
        let packed = compress(codec, TEXT.as_bytes());
        for end in 0..packed.len() {
            let read = Read::file(&format!("a.jsonl.{codec}"), &packed[..end], options());
            let faults = read.faults();
            assert_eq!(faults.len(), 1, "{codec} cut at {end}: {faults:?}");
            assert!(unreadable(faults[0].1).is_some(), "{codec} cut at {end}");
            assert!(faults[0].1.offset <= TEXT.len() as u64);
            let lines: Vec<_> = TEXT.lines().collect();
            assert!(lines.starts_with(&read.texts()), "{codec} cut at {end}");
        }
    }
}

#[test]
fn a_flipped_byte_is_never_silent_and_never_a_panic() {
    let text = TEXT.repeat(40);
    for codec in CODECS {
        let packed = compress(codec, text.as_bytes());
        for at in 0..packed.len() {
            let mut broken = packed.clone();
            broken[at] ^= 0x41;
            let read = Read::file(&format!("a.jsonl.{codec}"), &broken, options());
            let silent = read.places().is_empty() && read.texts() != text.lines().collect::<Vec<_>>();
            // zstd::encode_all writes no checksum: wrong text is then all that can be seen.
            assert!(codec == "zst" || !silent, "{codec} flipped at {at}");
        }
    }
}

#[test]
fn what_stands_before_the_damage_is_delivered() {
    let mut lines = String::new();
    let mut state = 7_u64;
    for number in 0..20_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number);
        writeln!(lines, "{{\"n\":{number},\"x\":\"{state:x}\"}}").unwrap();
    }
    for codec in CODECS {
        let mut packed = compress(codec, lines.as_bytes());
        let middle = packed.len() / 2;
        packed[middle..middle + 64].fill(0xA5);
        let read = Read::file(&format!("a.jsonl.{codec}"), &packed, options());
        let faults: Vec<_> = read
            .faults()
            .into_iter()
            .filter(|(_, f)| unreadable(f).is_some())
            .collect();
        assert_eq!(faults.len(), 1, "{codec}");
        // gzip notices by its checksum at the end only, and reads nonsense until then.
        let sound = read
            .texts()
            .iter()
            .zip(lines.lines())
            .take_while(|(a, b)| **a == *b)
            .count();
        assert!(
            sound > 6000,
            "{codec}: {sound} sound records in front of the damage"
        );
    }
}

#[test]
fn a_large_zstd_window_is_refused() {
    let data = vec![b' '; 1 << 20];
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder
        .set_parameter(zstd::zstd_safe::CParameter::WindowLog(28))
        .unwrap();
    encoder
        .set_parameter(zstd::zstd_safe::CParameter::ContentSizeFlag(false))
        .unwrap();
    encoder.write_all(&data).unwrap();
    let packed = encoder.finish().unwrap();
    let read = Read::file("a.jsonl.zst", &packed, options());
    assert_eq!(read.places(), [("E005", 1, 0)]);
}

#[test]
fn a_bomb_is_streamed() {
    // 64 MiB of spaces on one line in a few KiB.
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let packed = encoder.finish().unwrap();
    let options = Options {
        chunk_bytes: 64 << 10,
        max_record_bytes: 1 << 20,
        ..options()
    };
    let read = Read::file("a.jsonl.gz", &packed, options);
    assert!(
        read.chunks
            .iter()
            .all(|chunk| chunk.text.as_bytes().len() <= 2 << 20)
    );
    let FaultKind::Limit { value, .. } = read.faults()[0].1.kind else {
        panic!()
    };
    assert_eq!(value, 64 << 20);
}

#[test]
fn a_big_archive_is_handed_out_in_chunks() {
    let text = TEXT.repeat(20_000);
    let packed = compress("bz2", text.as_bytes());
    let noise: Vec<u8> = (0..300_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    let noise = format!("{{\"noise\":\"{}\"}}\n", super::super::adapt::hex(&noise));
    for (name, packed, records) in [
        ("a.jsonl.bz2", packed, 60_000),
        ("b.jsonl.gz", compress("gz", (noise + &text).as_bytes()), 60_001),
    ] {
        let options = Options {
            chunk_bytes: 100_000,
            ..options()
        };
        let read = Read::file(name, &packed, options);
        assert!(read.chunks.len() > 10);
        assert_eq!(read.texts().len(), records);
        assert_eq!(read.lines().last(), Some(&(records as u64)));
    }
}
