//! Accuracy and speed of language identification: `cargo bench --bench language`.
//!
//! `CORPUS_LANGUAGE_SENTENCES` names a directory of files `<language>.txt`, one sentence a line; none is part
//! of this repository. Each sentence is cut to about `CORPUS_LANGUAGE_LENGTH` characters (100) at a word;
//! shorter ones, down to 60 characters, count as they are. Prints for each language how many sentences get
//! exactly its name, how many get it or a language that may be confused with it, how many get none, and the
//! most frequent wrong answer. Ten sentences together stand for an article: how many of these seem to be in
//! another language is the rate of false alarms that rule M010 starts from. Speed is that of a text of 1,500 characters.

#![allow(missing_docs, clippy::print_stdout)]

use corpus::text::language::{detect, may_be_confused};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

/// Sentences of a language file, cut.
fn sentences(path: &Path, length: usize) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(str::trim)
        .filter(|line| line.chars().count() >= 60.min(length))
        .map(|line| cut(line, length).to_owned())
        .collect()
}

fn cut(line: &str, length: usize) -> &str {
    let Some((end, _)) = line.char_indices().nth(length) else {
        return line;
    };
    line[..end]
        .rsplit_once(' ')
        .map_or(&line[..end], |(head, _)| head)
}

#[derive(Default)]
struct Score {
    all: usize,
    exact: usize,
    related: usize,
    unsure: usize,
    wrong: BTreeMap<&'static str, usize>,
}

impl Score {
    fn of(language: &str, sentences: &[String]) -> Self {
        let mut score = Self::default();
        for sentence in sentences {
            score.all += 1;
            match detect(sentence).language {
                None => score.unsure += 1,
                Some(found) if found == language => {
                    score.exact += 1;
                    score.related += 1;
                }
                Some(found) if may_be_confused(found, language) => score.related += 1,
                Some(found) => *score.wrong.entry(found).or_default() += 1,
            }
        }
        score
    }

    fn percent(&self, part: usize) -> f64 {
        part as f64 * 100.0 / self.all.max(1) as f64
    }
}

/// Megabytes of text per second, the best of nine rounds.
fn speed(text: &str) -> f64 {
    let rounds = 2000;
    let mut best = f64::INFINITY;
    for _ in 0..9 {
        let start = Instant::now();
        for _ in 0..rounds {
            black_box(detect(black_box(text)));
        }
        best = best.min(start.elapsed().as_secs_f64());
    }
    (text.len() * rounds) as f64 / best / 1e6
}

fn main() {
    let Some(directory) = std::env::var_os("CORPUS_LANGUAGE_SENTENCES") else {
        println!("CORPUS_LANGUAGE_SENTENCES names no directory; nothing is measured");
        return;
    };
    let length = std::env::var("CORPUS_LANGUAGE_LENGTH").map_or(100, |n| n.parse().unwrap_or(100));
    let mut files: Vec<_> = std::fs::read_dir(&directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    println!(
        "| language | sentences | exact % | with related % | unsure % | wrong article % | MB/s | most frequent error |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|---|");
    let (mut exact, mut related, mut count) = (0.0, 0.0, 0.0);
    for path in files {
        let language = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !corpus::text::language::knows(&language) {
            continue;
        }
        let list = sentences(&path, length);
        let score = Score::of(&language, &list);
        let articles: Vec<String> = list.chunks_exact(10).map(|ten| ten.join(" ")).collect();
        let whole = Score::of(&language, &articles);
        let wrong: usize = whole.wrong.values().sum();
        let article: String = list.join(" ").chars().take(1500).collect();
        let errors = score.wrong.iter().max_by_key(|(_, count)| **count);
        println!(
            "| {language} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {} |",
            score.all,
            score.percent(score.exact),
            score.percent(score.related),
            score.percent(score.unsure),
            whole.percent(wrong),
            speed(&article),
            errors.map_or(String::new(), |(name, count)| format!("{name} {count}")),
        );
        exact += score.percent(score.exact);
        related += score.percent(score.related);
        count += 1.0;
    }
    println!(
        "| mean | | {:.1} | {:.1} | | | | |",
        exact / count,
        related / count
    );
}
