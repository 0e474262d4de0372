//! One bit is enough: every flip in the manifest and the checksums, ten thousand in the shards, each of
//! which `verify` has to find. `CORPUS_SLOW=1` tries all of them, an ordinary run a part.

use super::project::{Project, copy, slow};
use corpus::release::verify::{VerifyOptions, verify};
use std::path::{Path, PathBuf};

/// Two copies of a small release, so that two threads can damage one each.
fn copies() -> (tempfile::TempDir, Vec<PathBuf>) {
    let project = Project::new("[splits]\ntrain = 0.5\ntest = 0.5\n");
    project.articles("in/a.jsonl", 0..6);
    let release = project.release("1.0.0");
    let elsewhere = tempfile::tempdir().unwrap();
    let copies: Vec<PathBuf> = (0..2)
        .map(|n| elsewhere.path().join(format!("copy-{n}")))
        .collect();
    for target in &copies {
        copy(&release, target);
        let report = verify(target, VerifyOptions::default()).unwrap();
        assert!(report.ok, "{:?}", report.problems);
    }
    (elsewhere, copies)
}

fn found(release: &Path) -> bool {
    // A manifest that cannot be read is found too.
    verify(release, VerifyOptions::default()).map_or(true, |report| !report.ok)
}

/// Flips the bits of a file one after the other, shared between the copies. Gives how many were tried
/// and which were missed.
fn flip(copies: &[PathBuf], name: &str, bits: &[usize]) -> Vec<usize> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = copies
            .iter()
            .zip(bits.chunks(bits.len().div_ceil(copies.len()).max(1)))
            .map(|(release, bits)| {
                scope.spawn(move || {
                    let path = release.join(name);
                    let bytes = std::fs::read(&path).unwrap();
                    let mut missed = Vec::new();
                    for &bit in bits {
                        let mut damaged = bytes.clone();
                        damaged[bit / 8] ^= 1 << (bit % 8);
                        std::fs::write(&path, damaged).unwrap();
                        if !found(release) {
                            missed.push(bit);
                        }
                    }
                    std::fs::write(&path, bytes).unwrap();
                    missed
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[test]
fn every_flipped_bit_is_found() {
    let (_elsewhere, copies) = copies();
    for name in ["manifest.json", "SHA256SUMS"] {
        let all = std::fs::metadata(copies[0].join(name)).unwrap().len() as usize * 8;
        // A step that is coprime to 8 visits every bit of a byte.
        let step = if slow() { 1 } else { (all / 400) | 1 };
        let bits: Vec<usize> = (0..all).step_by(step).collect();
        let missed = flip(&copies, name, &bits);
        println!(
            "{name}: {} of {all} bits tried, {} missed",
            bits.len(),
            missed.len()
        );
        assert!(missed.is_empty(), "{name}: bits {missed:?} were not found");
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for name in ["data/train/train-00000.parquet", "data/test/test-00000.parquet"] {
        let all = std::fs::metadata(copies[0].join(name)).unwrap().len() as usize * 8;
        let bits: Vec<usize> = (0..if slow() { 5_000 } else { 100 })
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state as usize % all
            })
            .collect();
        let missed = flip(&copies, name, &bits);
        println!(
            "{name}: {} random bits tried, {} missed",
            bits.len(),
            missed.len()
        );
        assert!(missed.is_empty(), "{name}: bits {missed:?} were not found");
    }
    assert!(!found(&copies[0]) && !found(&copies[1]));
}

#[test]
fn a_sample_reads_a_part_of_the_shards_and_says_so() {
    let project = Project::new("shard-bytes = \"1KB\"\nrow-group-bytes = \"1KB\"\n");
    project.articles("in/a.jsonl", 0..100);
    let release = project.release("1.0.0");
    let path = release.to_str().unwrap();
    let run = project.run(&["verify", path, "--sample", "1/5"]).ok();
    let line = run
        .out
        .lines()
        .find(|line| line.contains("shards were read"))
        .unwrap();
    let numbers: Vec<usize> = line
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    assert!(
        numbers[0] > 0 && numbers[0] * 4 <= numbers[1] && numbers[1] <= numbers[0] * 6,
        "{line}"
    );
    assert!(
        run.out
            .contains("integrity: ok in the sample · authenticity: not checked"),
        "{}",
        run.out
    );
    // What has another length is found without being read, and so is what is missing.
    let shards: Vec<PathBuf> = super::project::snapshot(&release.join("data"))
        .into_keys()
        .collect();
    for shard in &shards {
        let shard = release.join("data").join(shard);
        let away = release.with_file_name("away");
        std::fs::rename(&shard, &away).unwrap();
        assert_eq!(project.run(&["verify", path, "--sample", "1/5"]).code, Some(1));
        std::fs::rename(&away, &shard).unwrap();
    }
    for bad in ["0/5", "2/1", "1/0", "half", "1/5/2"] {
        project
            .run(&["verify", path, "--sample", bad])
            .fails(2, &["--sample"]);
    }
}
