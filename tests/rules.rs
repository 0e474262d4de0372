//! Every rule's examples, run: the bad ones are found with their spans, the good ones are silent,
//! fixes give the promised text and are idempotent.

#![allow(clippy::expect_used)]

use corpus::engine::check::Checker;
use corpus::engine::single;
use corpus::finding::{Finding, Safety};
use corpus::record::{Span, Tree, Value};
use corpus::rules::edition;
use corpus::rules::list::RULES;
use corpus::rules::options::Options;
use corpus::rules::template::TemplateLines;
use corpus::rules::{Example, Rule, Status};
use corpus::schema::{Formats, Schema};
use corpus::source::json;
use std::path::Path;

/// The default article schema, for the rules that report its errors.
fn schema(rule: &Rule) -> Option<Schema> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/article.schema.json");
    let load = || Schema::load(&path, path.parent().expect("a folder"), Formats::Assert).expect("a schema");
    matches!(rule.wake, corpus::rules::Wake::Schema).then(load)
}

fn checker(rule: &Rule) -> Checker {
    single::checker(rule.code, schema(rule)).expect("a known rule")
}

fn record(example: &Example, input: &str) -> String {
    if input.starts_with('{') {
        return input.to_owned();
    }
    serde_json::json!({"id": "x", "language": example.language, "body": input}).to_string()
}

/// The text that the example is about, out of a record: the body, or the record itself.
fn subject(example: &Example, record: &str) -> String {
    if example.input.starts_with('{') {
        return record.to_owned();
    }
    let value: serde_json::Value = serde_json::from_str(record).expect("a fix leaves JSON");
    value["body"].as_str().expect("a body").to_owned()
}

fn span_text(record: &str, finding: &Finding) -> String {
    let Some(span) = finding.span else {
        return "*".to_owned();
    };
    // Not serde_json: some examples hold lone surrogates, which it refuses.
    let mut tree = Tree::new();
    json::parse(record, Span::new(0, record.len()), &mut tree, &mut Vec::new()).expect("JSON");
    let field = finding.field.as_deref().expect("a field");
    let value = tree.root(record).and_then(|root| root.pointer(field));
    value.and_then(Value::as_str).expect("a string field")[span.range()].to_owned()
}

fn run(rule: &Rule, example: &Example, problems: &mut Vec<String>) {
    let mut checker = checker(rule);
    if let Some(pinned) = example.pinned {
        let lines = TemplateLines::parse(pinned).expect("template lines");
        checker.selection.set.pin(&lines.into());
    }
    let text = record(example, example.input);
    let found = single::findings(&checker, &text, "example.jsonl");
    let spans: Vec<String> = found.iter().map(|finding| span_text(&text, finding)).collect();
    if spans != example.spans {
        problems.push(format!(
            "{} {:?}: expected {:?}, found {spans:?}",
            rule.code, example.input, example.spans
        ));
    }
    for (at_least, want) in [
        (Safety::Safe, example.fixed),
        (Safety::Unsafe, example.unsafe_fixed),
    ] {
        let Some(want) = want else { continue };
        let Some((after, _)) = single::fix(&checker, &text, at_least) else {
            problems.push(format!(
                "{} {:?}: {} fix changed nothing",
                rule.code,
                example.input,
                at_least.as_str()
            ));
            continue;
        };
        let got = subject(example, &after);
        if got != want {
            problems.push(format!(
                "{} {:?}: fixed to {got:?}, expected {want:?}",
                rule.code, example.input
            ));
        }
        if let Some((again, _)) = single::fix(&checker, &after, at_least) {
            problems.push(format!(
                "{} {:?}: a second fix changed it again to {again:?}",
                rule.code, example.input
            ));
        }
    }
}

#[test]
fn examples_hold() {
    let mut problems = Vec::new();
    for rule in RULES {
        for example in rule.examples {
            if example.file.is_none() {
                run(rule, example, &mut problems);
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{} examples fail:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_rule_is_documented() {
    let mut problems = Vec::new();
    for rule in RULES {
        let mut need = |holds: bool, what: &str| {
            if !holds {
                problems.push(format!("{}: {what}", rule.code));
            }
        };
        need(
            !rule.summary.is_empty() && rule.summary.ends_with('.'),
            "no summary sentence",
        );
        need(!rule.why.is_empty(), "no reason");
        need(!rule.how.is_empty(), "no account of how it decides");
        need(!rule.source.is_empty(), "no source");
        let corpus = matches!(rule.wake, corpus::rules::Wake::Corpus);
        need(
            corpus
                || rule
                    .examples
                    .iter()
                    .any(|e| !e.spans.is_empty() || e.file.is_some()),
            "no bad example",
        );
        need(
            corpus || rule.examples.iter().any(|e| e.spans.is_empty()),
            "no good example",
        );
        need(
            rule.status != Status::Preview || !rule.default,
            "a preview rule is in the default set",
        );
        need(
            (rule.check)(&Options::defaults(rule.options)).is_ok(),
            "its default options are refused",
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    let codes: Vec<_> = RULES.iter().map(|rule| rule.code).collect();
    let order = |code: &str| ("SEUABQMDCPLR".find(&code[..1]), code[1..].to_owned());
    assert!(
        codes.windows(2).all(|pair| order(pair[0]) < order(pair[1])),
        "{codes:?}"
    );
    let mut names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    names.sort_unstable();
    assert!(
        names.windows(2).all(|pair| pair[0] != pair[1]),
        "a name is used twice"
    );
}

const PROJECT: &str = "name = \"example\"\nedition = \"2026\"\n[schema]\npath = \"article.schema.json\"\n\
                       [[input]]\ninclude = [\"articles.jsonl\"]\n[lint]\nselect = [\"S\", \"C006\"]\npreview = true\n\
                       [dedup]\nexact = false\n";
const SCHEMA: &str = r#"{"type":"object","required":["id","body"],"properties":{"id":{"type":"string"},
"body":{"type":"string"},"source":{"type":"string"},"language":{"type":"string"},
"published_at":{"type":"string","format":"date-time"}}}"#;

fn corpus(folder: &Path, args: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("the binary runs")
}

/// Checks a file, in its project, after its release.
fn lint_file(rule: &Rule, example: &Example, name: &str, folder: &Path) -> std::process::Output {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    if let Some(before) = example.released {
        write("corpus.toml", PROJECT);
        write("article.schema.json", SCHEMA);
        write(name, &Example::lines(before));
        let released = corpus(folder, &["release", "1.0.0"]);
        assert!(released.status.success(), "{}: {released:?}", rule.code);
    }
    if let Some(config) = example.project {
        write("corpus.toml", config);
    }
    write(name, &Example::lines(example.input));
    // A project may need other rules beside: what they find is not counted.
    let select = if example.project.is_some() {
        "--extend-select"
    } else {
        "--select"
    };
    let mut args = vec!["lint", "--preview", select, rule.code, "-f", "json-lines"];
    if example.project.is_none() && example.released.is_none() {
        args.extend(["--isolated", name]);
    }
    corpus(folder, &args)
}

/// Examples that are whole files, through the binary: as many findings as spans.
#[test]
fn file_examples_hold() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut problems = Vec::new();
    for rule in RULES {
        for (number, example) in rule.examples.iter().enumerate() {
            let Some(name) = example.file else { continue };
            let folder = directory.path().join(format!("{}-{number}", rule.code));
            std::fs::create_dir(&folder).expect("a directory");
            let output = lint_file(rule, example, name, &folder);
            let code = format!("\"code\":\"{}\"", rule.code);
            let text = String::from_utf8(output.stdout).expect("UTF-8");
            let found = text.lines().filter(|line| line.contains(&code)).count();
            if found != example.spans.len() || output.status.code().is_none_or(|code| code > 1) {
                let error = String::from_utf8_lossy(&output.stderr).into_owned();
                problems.push(format!(
                    "{} {name} {:?}: expected {} findings, got {found} {error}",
                    rule.code,
                    example.input,
                    example.spans.len()
                ));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Pieces that the rules look for, so that random texts are full of findings.
const PIECES: &[&str] = &[
    "الخبر",
    "محمـد",
    "ةموكحلا",
    "كَُتب",
    "ﻻ",
    "الحكومةقررت",
    "کتاب",
    "ي",
    "ى",
    "word",
    "SÃO",
    "Ã©",
    "â€™",
    "Ø§Ù„",
    "ط§ظ„",
    "ÇáæÒíÑ",
    "й",
    "Москва",
    "\u{0}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{92}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{200e}",
    "\u{200f}",
    "\u{202a}",
    "\u{202b}",
    "\u{202c}",
    "\u{202d}",
    "\u{202e}",
    "\u{2028}",
    "\u{2029}",
    "\u{2067}",
    "\u{2068}",
    "\u{2069}",
    "\u{feff}",
    "\u{fffd}",
    "\u{e0041}",
    "\u{fdd0}",
    "\u{3164}",
    "\u{2800}",
    "e\u{301}",
    "\u{64e}",
    "\u{651}",
    "\u{653}",
    "a\u{323}\u{307}",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    "&amp;",
    "&amp;quot;",
    "&#1575;",
    "???",
    "?? ????",
    "{{ title }}",
    "[caption]",
    "اقرأ المزيد",
    "Read more",
    "Facebook Twitter",
    "Please enable JavaScript.",
    "المزيد من الأخبار",
    ".",
    "،",
    "!",
    "«",
    "»",
    "2024",
    "٢٠٢٤",
    "<b>",
    "</b>",
    "<br/>",
    "<p>",
    "<script>",
    "</script>",
    "<!--",
    "-->",
    "ali@a.test",
    "هاتف: 0555 010 203",
    "4111 1111 1111 1111",
    "DE89370400440532013000",
    "{\"a\":\"b\"}",
    "\\n",
    "\\u0627\\u0644",
    "%D8%B3%D9%88",
    "٢0",
    "ＡＢ",
    "pаypal",
    "अा",
    "ाा",
    "\u{93e}",
    "\u{302}\u{301}\u{300}",
    "(قسد",
    ")قسد(",
    "Tags: a, b",
    "## ",
    "**b**",
    "[x](https://a.example)",
    "𝗕𝗿𝗲",
    "i\u{307}",
    "a\u{fe0f}",
    "👨\u{200d}",
    "شاهد الفيديو",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    /// Fixing what is fixed changes nothing: for safe fixes, and for all of them.
    #[test]
    fn fixes_are_idempotent(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 1..40),
        language in proptest::sample::select(&["ar", "fa", "ur", "en", "fr", "ru", "zh", ""][..]),
        safe in proptest::bool::ANY,
    ) {
        let checker = single::checker("ALL", None).expect("ALL is a selector");
        let at_least = if safe { Safety::Safe } else { Safety::Unsafe };
        let record = serde_json::json!({"id": "x", "language": language, "body": pieces.concat()}).to_string();
        if let Some((once, _)) = single::fix(&checker, &record, at_least)
            && let Some((twice, fixed)) = single::fix(&checker, &once, at_least)
        {
            let codes: Vec<_> = fixed.log.iter().map(|fix| fix.code).collect();
            proptest::prop_assert_eq!(once, twice, "changed again by {:?}", codes);
        }
    }
}

/// What edition 2026 pins: rules, severities, status, defaults, options and tables. A change of it is a
/// change of what a green corpus gets. `CORPUS_BLESS=1` writes it anew.
#[test]
fn edition_2026_pins_what_rule_pages_show() {
    let pinned = edition::current();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = root.join("src/rules/editions/2026.txt");
    if std::env::var_os("CORPUS_BLESS").is_some() {
        std::fs::write(&golden, &pinned).expect("a golden file");
    }
    let known = std::fs::read_to_string(&golden).expect("what the edition pins");
    for (line, known) in pinned.lines().zip(known.lines()) {
        assert_eq!(
            line, known,
            "not what edition 2026 pins: a new edition, or CORPUS_BLESS=1"
        );
    }
    assert_eq!(pinned.lines().count(), known.lines().count());
}

/// The pages in docs/rules are those that the tool makes now. `CORPUS_BLESS=1` writes them anew.
#[test]
fn rule_pages_are_current() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let fresh = tempfile::tempdir().expect("a directory");
    let target = if std::env::var_os("CORPUS_BLESS").is_some() {
        docs.as_path()
    } else {
        fresh.path()
    };
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["explain", "--all", "-q", "--write"])
        .arg(target)
        .status()
        .expect("the binary runs");
    assert!(status.success());
    let pages = |folder: &Path| {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .expect("a folder of pages")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        pages(&docs),
        pages(target),
        "pages were added or removed: run with CORPUS_BLESS=1"
    );
    for name in pages(target) {
        let (old, new) = (std::fs::read(docs.join(&name)), std::fs::read(target.join(&name)));
        let same = old.expect("a page") == new.expect("a page");
        assert!(
            same,
            "docs/rules/{} is out of date: run with CORPUS_BLESS=1",
            name.to_string_lossy()
        );
    }
}
