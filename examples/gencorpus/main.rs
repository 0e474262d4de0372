//! Writes a corpus for measuring: multilingual JSON Lines with copies and faults, the same bytes for
//! the same seed on every machine.
//!
//!     cargo run --release --example gencorpus -- --bytes 100MB --seed 1 > corpus.jsonl

mod copies;
mod document;
mod faults;
mod language;
mod rng;

use anyhow::{Context as _, bail};
use copies::Mix;
use document::{Corpus, Faults};
use rayon::prelude::*;
use std::io::Write as _;
use std::path::PathBuf;

const USAGE: &str =
    "gencorpus --bytes SIZE [--seed N] [--faults all|loadable|none] [--mix news|copies] [--labels FILE]
  --bytes   size to reach: 500KB, 100MB, 1GB (powers of 1,000)
  --seed    1 by default
  --faults  all (default); loadable: every line is JSON of the same types; none: copies only
  --mix     news (default); copies: half of it related texts of every kind
  --labels  writes beside it what each line is, and which line it is a copy of";
/// Documents that a thread writes at a time.
const BATCH: u64 = 256;
/// Batches between two writes to standard output.
const ROUND: u64 = 16;

struct Arguments {
    bytes: u64,
    seed: u64,
    faults: Faults,
    mix: Mix,
    labels: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let Some(arguments) = arguments(std::env::args().skip(1))? else {
        return Ok(writeln!(std::io::stdout(), "{USAGE}")?);
    };
    let corpus = Corpus::new(arguments.seed, arguments.faults, arguments.mix);
    let mut out = std::io::stdout().lock();
    let (mut written, mut lines) = (0, 0);
    let mut batch = 0;
    while written < arguments.bytes {
        let batches: Vec<Vec<u8>> = (batch..batch + ROUND)
            .into_par_iter()
            .map(|n| documents(&corpus, n))
            .collect();
        batch += ROUND;
        for bytes in batches {
            // The size decides where the file ends; how many threads wrote it must not.
            let end = last_line(&bytes, arguments.bytes - written);
            out.write_all(&bytes[..end])?;
            written += end as u64;
            lines += memchr::memchr_iter(b'\n', &bytes[..end]).count() as u64;
            if written >= arguments.bytes {
                break;
            }
        }
    }
    out.flush()?;
    if let Some(path) = &arguments.labels {
        let mut labels = Vec::new();
        (0..lines).for_each(|index| corpus.label(&mut labels, index));
        std::fs::write(path, labels).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn documents(corpus: &Corpus, batch: u64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(BATCH as usize * 5_000);
    for index in batch * BATCH..(batch + 1) * BATCH {
        corpus.write(&mut bytes, index);
    }
    bytes
}

/// End of the first line that reaches `wanted` bytes.
fn last_line(bytes: &[u8], wanted: u64) -> usize {
    if wanted >= bytes.len() as u64 {
        return bytes.len();
    }
    let from = (wanted as usize).saturating_sub(1);
    bytes[from..]
        .iter()
        .position(|&b| b == b'\n')
        .map_or(bytes.len(), |at| from + at + 1)
}

fn arguments(mut given: impl Iterator<Item = String>) -> anyhow::Result<Option<Arguments>> {
    let mut arguments = Arguments {
        bytes: 0,
        seed: 1,
        faults: Faults::All,
        mix: Mix::News,
        labels: None,
    };
    while let Some(name) = given.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        let value = given
            .next()
            .with_context(|| format!("{name} needs a value\n{USAGE}"))?;
        match name.as_str() {
            "--bytes" => arguments.bytes = size(&value)?,
            "--seed" => arguments.seed = value.parse().with_context(|| format!("--seed {value}"))?,
            "--labels" => arguments.labels = Some(PathBuf::from(value)),
            "--faults" => {
                arguments.faults = match value.as_str() {
                    "all" => Faults::All,
                    "loadable" => Faults::Loadable,
                    "none" => Faults::None,
                    _ => bail!("--faults {value}: all, loadable or none"),
                }
            }
            "--mix" => {
                arguments.mix = match value.as_str() {
                    "news" => Mix::News,
                    "copies" => Mix::Copies,
                    _ => bail!("--mix {value}: news or copies"),
                }
            }
            _ => bail!("unknown option {name}\n{USAGE}"),
        }
    }
    if arguments.bytes == 0 {
        bail!("--bytes is missing\n{USAGE}");
    }
    Ok(Some(arguments))
}

/// `100MB` in bytes.
fn size(text: &str) -> anyhow::Result<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "KB" | "K" => 1_000,
        "MB" | "M" => 1_000_000,
        "GB" | "G" => 1_000_000_000,
        unit => bail!("unit {unit}: B, KB, MB or GB"),
    };
    let number: u64 = digits.parse().with_context(|| format!("size {text}"))?;
    number
        .checked_mul(unit)
        .with_context(|| format!("size {text} is too large"))
}
