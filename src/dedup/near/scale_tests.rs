//! What an index of many documents takes.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use super::{NearIndex, Search, Signer, Sketch};
use crate::dedup::DocSet;
use crate::dedup::cluster::ROW;
use crate::dedup::spill::SpillOptions;
use crate::text::shingles::mix;

/// A stream of sketches; every tenth document is like an earlier one.
fn synthetic(doc: u64, search: &Search) -> Sketch {
    let like = if doc.is_multiple_of(10) {
        mix(doc) % (doc + 1)
    } else {
        doc
    };
    let minima: Vec<u16> = (0..128)
        .map(|n| {
            // Of a copy one in ten has changed.
            let changed = like != doc && mix(doc << 8 | n).is_multiple_of(10);
            mix(if changed { doc } else { like } << 16 | n) as u16
        })
        .collect();
    let mut passages: Vec<u64> = (0..9).map(|n| mix(like << 20 | 1 << 19 | n) >> 24).collect();
    passages.sort_unstable();
    Sketch::new(search.bands(), &minima, &passages, 500)
}

/// Peak memory of the process in bytes, where the system says it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

#[test]
#[ignore = "takes minutes; CORPUS_SCALE is the number of documents, ten million by default"]
fn ten_million_documents_in_256_megabytes() {
    let docs: u32 = std::env::var("CORPUS_SCALE").map_or(10_000_000, |n| n.parse().unwrap());
    let search = Search::default();
    // The share of the index of `--memory 256MB`.
    let options = SpillOptions {
        memory: 64 << 20,
        ..SpillOptions::default()
    };
    let mut index = NearIndex::new(&options);
    for doc in 0..docs {
        let mut row = [0; ROW];
        row[16..24].copy_from_slice(&mix(u64::from(doc)).to_be_bytes());
        index.add(doc, &row, &synthetic(u64::from(doc), &search)).unwrap();
    }
    let candidates = index.finish(&DocSet::default()).unwrap();
    assert!(candidates.wanted.len() > u64::from(docs) / 8);
    if let Some(peak) = peak() {
        eprintln!("{docs} documents: peak {} MB", peak / 1_000_000);
        assert!(peak < 300_000_000, "{peak}");
    }
}

#[test]
fn a_document_of_500_words_takes_less_than_600_bytes_of_disk() {
    let search = Search::default();
    let mut signer = Signer::new(&search);
    let (mut bytes, texts) = (0, 200);
    for seed in 0..texts {
        let words: Vec<String> = (0..500)
            .map(|n| format!("w{}", mix(seed << 32 | n) % 9_000))
            .collect();
        let sketch = signer.sign(words.join(" ").as_bytes());
        // Bands and passages of ten bytes, the order of preference, the row of exact copies.
        bytes += (sketch.bands().len() + sketch.passages().len()) * 10 + 36 + ROW;
    }
    let each = bytes as u64 / texts;
    let estimate = NearIndex::bytes(&search, 500) + ROW as u64;
    assert!(each < 600 && estimate < 600, "{each} {estimate}");
    assert!(each.abs_diff(estimate) < 60, "{each} {estimate}");
}
