//! Invented sentences in eleven languages, garbled in every way the rules undo: recall and exactness by
//! charset, form and number of layers, with bounds that fail when one gets worse.
//!
//! `cargo test --test mojibake -- --nocapture` prints the tables of docs/mojibake.md; with
//! `CORPUS_MOJIBAKE_MISSES=1` also what was not restored.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod sentences;

use corpus::config::Config;
use corpus::engine::check::{Checker, FieldNames};
use corpus::engine::select::{CommandLine, Selection};
use corpus::engine::single;
use corpus::finding::Safety;
use corpus::text::charset::{self, Charset};
use sentences::{LANGUAGES, SENTENCES};
use std::collections::BTreeMap;

/// Numbers that look random and are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// How much of a text is garbled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// One line, all of it.
    Line,
    /// A word of a clean line.
    Word,
    /// Five lines and one of a single word.
    Field,
}

const FORMS: [Form; 3] = [Form::Line, Form::Word, Form::Field];

/// What became of the texts of one kind.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    tried: usize,
    found: usize,
    /// Restored by safe fixes alone.
    safe: usize,
    exact: usize,
    /// Lines that a safe fix changed to something else than they were.
    wrong: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.found += other.found;
        self.safe += other.safe;
        self.exact += other.exact;
        self.wrong += other.wrong;
    }

    fn share(self, part: usize) -> f64 {
        part as f64 * 100.0 / self.tried.max(1) as f64
    }
}

fn checker() -> Checker {
    let config = Config::default();
    let line = CommandLine {
        select: Some(
            ["E101", "E102", "E103", "E104", "E105", "E109"]
                .map(str::to_owned)
                .to_vec(),
        ),
        ..CommandLine::default()
    };
    Checker {
        selection: Selection::new(&config, &line, None).unwrap(),
        schema: None,
        fields: FieldNames::new(&config),
        governed: true,
        evaluation: None,
        takedowns: None,
    }
}

fn record(text: &str) -> String {
    serde_json::json!({ "id": "1", "text": text }).to_string()
}

/// The text after fixes.
fn fixed(checker: &Checker, text: &str, least: Safety) -> String {
    single::fix(checker, &record(text), least).map_or_else(
        || text.to_owned(),
        |(record, _)| {
            let value: serde_json::Value = serde_json::from_str(&record).unwrap();
            value["text"].as_str().unwrap().to_owned()
        },
    )
}

/// A word of a sentence that is long enough to tell: bytes of it.
fn word(sentence: &str, random: &mut Random) -> std::ops::Range<usize> {
    let high = |word: &str| word.chars().filter(|c| !c.is_ascii()).count();
    let mut words: Vec<&str> = sentence
        .split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || "،。、।，؛“”«»„’".contains(c))
        .filter(|word| high(word) > 0)
        .collect();
    let most = words.iter().map(|word| high(word)).max().unwrap();
    words.retain(|word| high(word) * 2 >= most);
    let word = *random.of(&words);
    let start = word.as_ptr().addr() - sentence.as_ptr().addr();
    start..start + word.len()
}

fn garble(text: &str, layers: &[Charset]) -> String {
    let mut garbled = text.to_owned();
    for layer in layers {
        garbled = layer.decode(garbled.as_bytes());
    }
    garbled
}

/// A text and what it was before.
fn sample(form: Form, sentences: &[&str], layers: &[Charset], random: &mut Random) -> (String, String) {
    match form {
        Form::Line => {
            let text = *random.of(sentences);
            (garble(text, layers), text.to_owned())
        }
        Form::Word => {
            let text = *random.of(sentences);
            let place = word(text, random);
            let mut bad = text.to_owned();
            bad.replace_range(place.clone(), &garble(&text[place], layers));
            (bad, text.to_owned())
        }
        Form::Field => {
            let last = *random.of(sentences);
            let last = &last[word(last, random)];
            let lines: Vec<&str> = sentences.iter().copied().take(5).chain([last]).collect();
            let bad: Vec<String> = lines.iter().map(|line| garble(line, layers)).collect();
            // A byte that became a line end would be another line.
            (bad.join("\n"), lines.join("\n"))
        }
    }
}

fn judge(checker: &Checker, bad: &str, good: &str) -> Tally {
    let safe = fixed(checker, bad, Safety::Safe);
    let all = fixed(checker, bad, Safety::Unsafe);
    let misses = std::env::var_os("CORPUS_MOJIBAKE_MISSES").is_some();
    if misses && all != good {
        println!("{bad}\n  {all}\n  {good}");
    }
    let lines = safe.split('\n').zip(bad.split('\n').zip(good.split('\n')));
    let wrong = lines.filter(|(safe, (bad, good))| safe != bad && safe != good);
    let wrong = wrong.inspect(|(safe, (_, good))| {
        if misses {
            println!("wrong: {safe}\n       {good}");
        }
    });
    Tally {
        wrong: wrong.count(),
        tried: 1,
        found: usize::from(!single::findings(checker, &record(bad), "a.jsonl").is_empty()),
        safe: usize::from(safe == good),
        exact: usize::from(all == good),
    }
}

/// What became of all texts.
#[derive(Default)]
struct Results {
    charsets: BTreeMap<(Form, usize, Charset), Tally>,
    languages: BTreeMap<(Form, &'static str), Tally>,
}

impl Results {
    /// Every charset, form, language and one to four layers; the outermost layer is the charset.
    fn run() -> Self {
        let checker = checker();
        let mut random = Random(2026);
        let mut results = Self::default();
        for charset in charset::ALL {
            for depth in 1..=4 {
                for form in FORMS {
                    for (language, sentences) in LANGUAGES.into_iter().zip(SENTENCES) {
                        let mut layers: Vec<Charset> =
                            (1..depth).map(|_| *random.of(&charset::ALL)).collect();
                        layers.push(charset);
                        let (bad, good) = sample(form, sentences, &layers, &mut random);
                        let tally = judge(&checker, &bad, &good);
                        results
                            .charsets
                            .entry((form, depth, charset))
                            .or_default()
                            .add(tally);
                        results.languages.entry((form, language)).or_default().add(tally);
                    }
                }
            }
        }
        results
    }

    fn sum(&self, form: Form, depths: std::ops::RangeInclusive<usize>, charset: Charset) -> Tally {
        let mut sum = Tally::default();
        for depth in depths {
            sum.add(self.charsets[&(form, depth, charset)]);
        }
        sum
    }

    fn all(&self, form: Form) -> Tally {
        let mut sum = Tally::default();
        for (_, tally) in self.charsets.iter().filter(|((of, ..), _)| *of == form) {
            sum.add(*tally);
        }
        sum
    }
}

fn row(name: &str, tallies: &[Tally]) {
    let cells: Vec<String> = tallies
        .iter()
        .map(|tally| {
            let share = |part| tally.share(part);
            format!(
                "{:.0} / {:.0} / {:.0}",
                share(tally.found),
                share(tally.exact),
                share(tally.safe)
            )
        })
        .collect();
    println!("| {name} | {} |", cells.join(" | "));
}

fn print(results: &Results) {
    for charset in charset::ALL {
        let columns = [
            results.sum(Form::Line, 1..=1, charset),
            results.sum(Form::Line, 2..=4, charset),
            results.sum(Form::Word, 1..=1, charset),
            results.sum(Form::Word, 2..=4, charset),
            results.sum(Form::Field, 1..=4, charset),
        ];
        row(charset.name(), &columns);
    }
    for language in LANGUAGES {
        row(language, &FORMS.map(|form| results.languages[&(form, language)]));
    }
    row("all", &FORMS.map(|form| results.all(form)));
}

/// Found and exact, in per cent, below which no charset may fall and all together may not; and how many lines
/// a safe fix may leave half restored, all of them through several layers.
const BOUNDS: [(Form, [f64; 2], [f64; 2], usize); 3] = [
    (Form::Line, [97.0, 97.0], [99.5, 99.5], 0),
    (Form::Word, [78.0, 75.0], [92.0, 86.0], 5),
    (Form::Field, [97.0, 95.0], [99.5, 99.0], 4),
];

#[test]
fn garbled_text_comes_back() {
    let results = Results::run();
    print(&results);
    for (form, each, all, wrong) in BOUNDS {
        for charset in charset::ALL {
            check(charset.name(), form, results.sum(form, 1..=4, charset), each);
        }
        let tally = results.all(form);
        check("all", form, tally, all);
        println!("{form:?}: {tally:?}");
        assert!(tally.wrong <= wrong, "{form:?}: {} half restored", tally.wrong);
    }
}

fn check(name: &str, form: Form, tally: Tally, least: [f64; 2]) {
    let (found, exact) = (tally.share(tally.found), tally.share(tally.exact));
    assert!(
        found >= least[0] && exact >= least[1],
        "{name} {form:?}: {found:.1} % found, {exact:.1} % exact, at least {least:?}"
    );
}
