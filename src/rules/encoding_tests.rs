//! The rules about encoding faults and Arabic, run over their own examples and over lines in which
//! they must stay silent.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::similar_names
)]

use super::list::RULES;
use super::options::Options;
use super::{Out, RawFinding, Record, Rule, Text, Wake};
use crate::finding::{Change, Safety};
use crate::record::{Kind, Node, Role, Tree};
use crate::text::scan::scan;

/// Runs one rule over a record that has only a body (or another single field).
fn run_as(rule: &'static Rule, input: &str, language: &str, role: Role) -> Vec<RawFinding> {
    let src = format!("{{\"body\":\"{input}\"}}");
    let node = |kind, start: usize, end: usize, a, b| Node {
        kind,
        escaped: false,
        start: start as u32,
        end: end as u32,
        a,
        b,
    };
    let mut tree = Tree::new();
    tree.nodes.push(node(Kind::Object, 0, src.len(), 3, 1));
    tree.nodes.push(node(Kind::String, 1, 7, 0, 0));
    tree.nodes.push(node(Kind::String, 8, src.len() - 1, 0, 0));
    let value = tree.value(&src, 2).unwrap();
    let mut roles = [None; 9];
    roles[role as usize] = Some(value);
    let record = Record {
        root: tree.root(&src).unwrap(),
        roles,
        language,
        governed: false,
        license: None,
        path: "a.jsonl",
    };
    let seen = scan(input);
    let text = Text::new(
        (value, value.as_str().unwrap()),
        Some(role),
        &seen,
        &record,
        crate::rules::phrases::all_anchors(),
    );
    let mut findings = Vec::new();
    let mut out = Out {
        findings: &mut findings,
        rule: 0,
        node: Some(2),
    };
    let check = (rule.check)(&Options::defaults(rule.options)).unwrap();
    match rule.wake {
        Wake::Text(flags) if seen.flags.any(flags) => check.text(&text, &mut out),
        Wake::Body => check.body(&text, &mut out),
        _ => {}
    }
    findings
}

fn run(rule: &'static Rule, input: &str, language: &str) -> Vec<RawFinding> {
    run_as(rule, input, language, Role::Text)
}

fn fixed(rule: &'static Rule, input: &str, language: &str, least: Safety) -> String {
    let mut edits: Vec<_> = run(rule, input, language)
        .into_iter()
        .filter_map(|finding| finding.fix)
        .filter(|fix| fix.safety >= least)
        .flat_map(|fix| match fix.change {
            Change::Edits(edits) => edits,
            Change::Replace(_) => Vec::new(),
        })
        .collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = input.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

fn spans(input: &str, findings: &[RawFinding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            finding
                .span
                .map_or("*".to_owned(), |span| input[span.range()].to_owned())
        })
        .collect()
}

fn own_rules() -> impl Iterator<Item = &'static Rule> {
    const CODES: &[&str] = &[
        "A001", "A002", "A003", "A004", "A005", "A006", "A007", "A008", "A009", "A010", "A012", "A013",
        "A015", "E101", "E102", "E103", "E104", "E105", "E107", "E108", "E109", "E110", "E111",
    ];
    CODES
        .iter()
        .map(|code| *RULES.iter().find(|rule| rule.code == *code).expect(code))
}

fn rule(code: &str) -> &'static Rule {
    own_rules().find(|rule| rule.code == code).expect(code)
}

#[test]
fn examples_hold() {
    for rule in own_rules() {
        for example in rule.examples {
            let found = run(rule, example.input, example.language);
            assert_eq!(
                spans(example.input, &found),
                example.spans,
                "{} on {:?}",
                rule.code,
                example.input
            );
            let safe = fixed(rule, example.input, example.language, Safety::Safe);
            let all = fixed(rule, example.input, example.language, Safety::Unsafe);
            assert_eq!(safe, example.fixed.unwrap_or(example.input), "{}", rule.code);
            assert_eq!(all, example.unsafe_fixed.unwrap_or(&safe), "{}", rule.code);
            if safe != example.input {
                let again = run(rule, &safe, example.language);
                assert!(again.is_empty(), "{} fires again on {safe:?}", rule.code);
            }
        }
    }
}

#[test]
fn one_fault_has_one_finding() {
    for (text, language, code) in [
        (
            "Ù‚Ø±Ø±Øª Ø¥Ø¯Ø§Ø±Ø© Ø§Ù„Ø\u{ad}Ø¯ÙŠÙ‚Ø© Ø§Ù„Ù†Ø¨Ø§ØªÙŠØ© ØªÙ…Ø¯ÙŠØ¯ Ø³Ø§Ø¹Ø§Øª Ø§Ù„Ø²ÙŠØ§Ø±Ø©",
            "ar",
            "E101",
        ),
        ("ط¹ط«ط± ط؛ظˆط§طµظˆظ† ظ‡ظˆط§ط©", "ar", "E101"),
        ("Ã˜Â³Ã™Ë†Ã™â€š Ã˜Â§Ã™â€žÃ˜Â£Ã˜Â³Ã™â€¦Ã˜Â§Ã™Æ’", "ar", "E103"),
        ("ÇáæÒíÑ íÕá Åáì ÇáÚÇÕãÉ", "ar", "E104"),
        ("Ù€ ÙŠ Ø§Ù„ØµÙ", "ar", "E105"),
        ("Le cloître est fermé. Le thÃ©Ã¢tre rouvre.", "fr", "E102"),
    ] {
        let codes: Vec<_> = own_rules()
            .filter(|rule| !run(rule, text, language).is_empty())
            .map(|rule| rule.code)
            .collect();
        assert_eq!(codes, [code], "{text}");
    }
}

#[test]
fn good_arabic_stays() {
    for text in [
        "مسؤول ومسئول، شؤون وشئون، إلى والى، علي وعلى",
        "شكراً وشكرًا وكتابا، مُحمَّد ومحمَّد، هٰذا",
        "ڤيديو من پاريس وچاكرتا، گوگل وڨفصة وژاك",
        "«نص» و\"نص\" و“نص” و‹نص›",
        "٢٠ جنديا و٣٠ شرطيا",
        "18 أكتوبر (تشرين الأول) سنة 1445 هـ الموافق 2023",
        "هـ. ج. ويلز، أ. ف. ب.، أ.ف.ب، د. محمد",
        "بـ 20 دولارا، لـ«الصحيفة»، الـ20، الـ\"بنك\"",
        "شىء من التأنى فى المدينة، مجىء الوزير",
        "قال النبي ﷺ ﴿والعصر﴾ والثمن 5 ﷼",
        "إزيك يا باشا، شو هالحكي، واش راك",
        "مدرسه كبيره فى المدينه",
        "R&D و AT&T في السوق؟ نعم!",
        "ماذا؟؟؟ حقا؟!",
        "سياراتهم واستخداماتهم وفسيكفيكهم وأفاستسقيناكموها",
    ] {
        for rule in own_rules() {
            let found = run(rule, text, "ar");
            assert!(
                found.is_empty(),
                "{} on {text}: {:?}",
                rule.code,
                spans(text, &found)
            );
        }
    }
}

#[test]
fn replacement_characters_weigh_more_in_titles() {
    let long = format!("{}\u{fffd}", "كلمة ".repeat(400));
    let severity = |role| run_as(rule("E107"), &long, "ar", role)[0].severity.unwrap();
    assert_eq!(severity(Role::Text), crate::finding::Severity::Warning);
    assert_eq!(severity(Role::Title), crate::finding::Severity::Error);
}

/// Runs the rules over the articles of a JSON Lines file that an environment variable names and
/// prints counts and findings. `CORPUS_ARTICLES=file.jsonl cargo test --lib real_articles -- --ignored --nocapture`
#[test]
#[ignore = "needs a file of real articles"]
fn real_articles() {
    let Ok(path) = std::env::var("CORPUS_ARTICLES") else {
        return;
    };
    let codes = std::env::var("CORPUS_CODES").unwrap_or_default();
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    let mut report = String::new();
    for line in fs_err::read_to_string(path).unwrap().lines() {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        let record = value.get("record").unwrap_or(&value);
        let language = record["language"]
            .as_str()
            .or(record["lang"].as_str())
            .unwrap_or("ar");
        let language = language.split(['-', '_']).next().unwrap_or(language);
        for field in ["title", "text", "body", "content"] {
            let Some(text) = record[field].as_str() else {
                continue;
            };
            for rule in own_rules() {
                let role = if field == "title" { Role::Title } else { Role::Text };
                for finding in run_as(rule, text, language, role) {
                    *counts.entry(rule.code).or_default() += 1;
                    if codes.contains(rule.code) {
                        let shown = finding.span.map_or("*", |span| &text[span.range()]);
                        report.push_str(&format!(
                            "{} {} {field} {shown:?} {}\n",
                            rule.code, record["id"], finding.message
                        ));
                    }
                }
            }
        }
    }
    report.push_str(&format!("{counts:?}\n"));
    let target = std::env::var("CORPUS_REPORT").expect("CORPUS_REPORT names the report");
    fs_err::write(target, report).unwrap();
}

/// Time of each rule over real articles, for finding the expensive ones.
#[test]
#[ignore = "needs a file of real articles"]
fn cost() {
    let Ok(path) = std::env::var("CORPUS_ARTICLES") else {
        return;
    };
    let texts: Vec<(String, String)> = fs_err::read_to_string(path)
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .map(|value| {
            let language = value["language"].as_str().unwrap_or("ar").to_owned();
            (language, value["text"].as_str().unwrap_or("").to_owned())
        })
        .collect();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let mut report = format!("{bytes} bytes\n");
    for rule in own_rules() {
        let start = std::time::Instant::now();
        let found: usize = texts
            .iter()
            .map(|(language, text)| run(rule, text, language).len())
            .sum();
        let rate = bytes as f64 / start.elapsed().as_secs_f64() / 1e6;
        report.push_str(&format!("{} {found} {rate:.0} MB/s\n", rule.code));
    }
    let target = std::env::var("CORPUS_REPORT").expect("CORPUS_REPORT names the report");
    fs_err::write(target, report).unwrap();
}

/// The distinct Arabic lines of a JSON Lines file, for measuring.
fn lines_of(path: &str) -> Vec<String> {
    let mut lines = std::collections::BTreeSet::new();
    for line in fs_err::read_to_string(path).unwrap().lines() {
        let Ok(value) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        if value["language"].as_str().unwrap_or("ar") == "ar" {
            lines.extend(value["text"].as_str().unwrap_or("").lines().map(str::to_owned));
        }
    }
    lines
        .into_iter()
        .filter(|line| !line.is_ascii())
        .take(3000)
        .collect()
}

/// Garbles real lines with every charset, swaps real lines, encodes real lines as legacy files, and
/// counts what comes back.
#[test]
#[ignore = "needs a file of real articles"]
fn recall() {
    use crate::text::{charset, detect, legacy, lines, mojibake};
    let Ok(path) = std::env::var("CORPUS_ARTICLES") else {
        return;
    };
    let lines = lines_of(&path);
    let mut report = format!("{} lines\n", lines.len());
    for charset in charset::ALL {
        let restored = |line: &&String| {
            let bad = charset.decode(line.as_bytes());
            mojibake::line(&bad).is_some_and(|repair| repair.text == **line)
        };
        let good = lines.iter().filter(restored).count();
        for missed in lines.iter().filter(|line| !restored(line)).take(3) {
            report.push_str(&format!("missed {missed:?}\n"));
        }
        report.push_str(&format!("E101 {} {good}\n", charset.name()));
    }
    for truth in [encoding_rs::WINDOWS_1256, encoding_rs::ISO_8859_6] {
        let (mut tried, mut good, mut certain, mut right) = (0, 0, 0, 0);
        for line in &lines {
            let (bytes, _, lossy) = truth.encode(line);
            if lossy || line.split_whitespace().count() < 6 {
                continue;
            }
            tried += 1;
            let bad = charset::Charset::WINDOWS_1252.decode(&bytes);
            let swap = legacy::swap(&bad, &lines::table(&bad));
            good += usize::from(swap.is_some_and(|swap| swap.lines[0].text == line.trim()));
            let found = detect::detect(&bytes);
            certain += usize::from(found.certain);
            right += usize::from(found.certain && found.charset == Some(truth));
            if found.certain && found.charset != Some(truth) {
                report.push_str(&format!("certain but wrong: {found:?} {line:?}\n"));
            }
        }
        report.push_str(&format!(
            "{} of {tried}: E104 {good}, detected {certain}, rightly {right}\n",
            truth.name()
        ));
    }
    let target = std::env::var("CORPUS_REPORT").expect("CORPUS_REPORT names the report");
    fs_err::write(target, report).unwrap();
}

/// Encodes whole articles in the legacy encodings of their languages and counts what detection says.
#[test]
#[ignore = "needs a file of real articles"]
fn detection() {
    use crate::text::detect::detect;
    let Ok(path) = std::env::var("CORPUS_ARTICLES") else {
        return;
    };
    let mut counts = std::collections::BTreeMap::<String, [usize; 4]>::new();
    let mut report = String::new();
    for line in fs_err::read_to_string(path).unwrap().lines() {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = value["text"].as_str().unwrap_or("");
        let language = value["language"].as_str().unwrap_or("ar");
        let encodings: &[&encoding_rs::Encoding] = match language.split('-').next().unwrap() {
            "ar" => &[encoding_rs::WINDOWS_1256, encoding_rs::ISO_8859_6],
            "ru" | "bg" | "uk" => &[encoding_rs::WINDOWS_1251, encoding_rs::KOI8_R],
            "el" => &[encoding_rs::WINDOWS_1253],
            "he" => &[encoding_rs::WINDOWS_1255],
            "zh" => &[encoding_rs::GB18030, encoding_rs::BIG5],
            "ja" => &[encoding_rs::SHIFT_JIS, encoding_rs::EUC_JP],
            "ko" => &[encoding_rs::EUC_KR],
            "pl" | "cs" | "sk" | "hu" | "hr" | "ro" => &[encoding_rs::WINDOWS_1250],
            "tr" => &[encoding_rs::WINDOWS_1254],
            _ => &[encoding_rs::WINDOWS_1252],
        };
        for encoding in encodings {
            let (bytes, _, lossy) = encoding.encode(text);
            if lossy || bytes.is_ascii() {
                continue;
            }
            let found = detect(&bytes);
            let decoded = found
                .charset
                .map(|charset| charset.decode_without_bom_handling(&bytes).0);
            let right = decoded.as_deref() == Some(text);
            let slot = match (found.certain, right) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
            counts
                .entry(format!("{language} {}", encoding.name()))
                .or_default()[slot] += 1;
            if slot == 1 || (slot == 3 && counts.len() < 99) {
                report.push_str(&format!("{} {} as {found:?}\n", value["id"], encoding.name()));
            }
        }
    }
    report.push_str("certain right, certain wrong, guess right, none or wrong guess\n");
    for (key, counts) in counts {
        report.push_str(&format!("{key} {counts:?}\n"));
    }
    let target = std::env::var("CORPUS_REPORT").expect("CORPUS_REPORT names the report");
    fs_err::write(target, report).unwrap();
}
