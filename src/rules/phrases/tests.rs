#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::folding::FoldTable;
use super::tables::strings;
use super::*;
use crate::text::fold::phrase_fold;
use crate::text::lines::table;
use proptest::prelude::*;

fn hits(text: &str, language: &str) -> Vec<PhraseHit> {
    matcher().hits(text, &table(text), language, all_anchors(), Flags::ALL)
}

fn codes(text: &str) -> Vec<&'static str> {
    hits(text, "en").iter().map(|hit| hit.code).collect()
}

#[test]
fn tables_parse_and_every_expression_compiles_and_has_a_hint() {
    let matcher = matcher();
    assert!(matcher.whole.len() > 600 && matcher.patterns.len() > 500);
    assert!(matcher.raw_hints.is_some());
    assert!(matcher.attribution.len() > 50);
    for (index, table) in matcher.tables.iter().enumerate() {
        for regex in table.regexes.iter().chain(&table.raw) {
            assert!(regex.get().is_some(), "{}: {}", table.code, regex.source);
        }
        let hinted = matcher.patterns.contains(&(Role::Hint, index as u16))
            || matcher.patterns.contains(&(Role::StartHint, index as u16));
        assert_eq!(
            hinted,
            !table.regexes.is_empty(),
            "{} {}",
            table.code,
            table.language
        );
    }
}

#[test]
fn every_whole_line_phrase_is_found_with_decoration() {
    let source: toml::Table = toml::from_str(SOURCE).unwrap();
    for (code, rule) in &source {
        for (language, phrases) in rule.as_table().into_iter().flatten() {
            let Some(phrases) = phrases.as_table() else {
                continue;
            };
            for phrase in strings(phrases, "line") {
                let text = format!("• {} »", phrase.to_uppercase());
                let found = hits(&text, language);
                assert!(
                    found
                        .iter()
                        .any(|hit| hit.code == code && hit.kind == PhraseKind::Line),
                    "{code} {language} {phrase}"
                );
            }
        }
    }
}

#[test]
fn marks_and_letter_variants_do_not_hide_a_phrase() {
    let found = hits("نص.\n  إقـرأ المَزيد… ", "ar");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].code, found[0].line, found[0].kind),
        ("B003", 1, PhraseKind::Line)
    );
    assert_eq!((found[0].words, found[0].table), (2, "ar"));
    assert!((found[0].cover - 1.0).abs() < f32::EPSILON);
}

#[test]
fn punctuation_of_a_prefix_counts() {
    assert_eq!(codes("Read more: the bridge opens"), ["B003"]);
    assert_eq!(codes("Read more books this winter"), Vec::<&str>::new());
}

#[test]
fn long_lines_are_not_matched() {
    let prose = "we met the miller and asked him why he would not enable javascript ".repeat(4);
    assert_eq!(codes(&prose), Vec::<&str>::new());
    let dense = "字".repeat(60);
    assert_eq!(codes(&format!("更多{dense}")), Vec::<&str>::new());
}

#[test]
fn network_names_need_a_clear_one() {
    assert_eq!(codes("Facebook | X | WhatsApp"), ["B006"]);
    assert_eq!(codes("XXX"), Vec::<&str>::new());
    assert_eq!(codes("Facebook"), Vec::<&str>::new());
}

#[test]
fn raw_expressions_are_found_in_long_lines_but_not_in_code() {
    let long = "word ".repeat(90);
    let text = format!("{long}${{site.name}} {long}[object Object] end");
    let found = hits(&text, "en");
    let spans: Vec<_> = found.iter().map(|hit| &text[hit.span.range()]).collect();
    assert_eq!(spans, ["${site.name}", "[object Object]"]);
    assert_eq!(
        codes("Write `{{ x }}` there and see what comes out of it"),
        Vec::<&str>::new()
    );
    assert_eq!(codes("```\n{{ x }}\n```"), Vec::<&str>::new());
}

#[test]
fn every_raw_hint_is_found_where_it_stands() {
    let root: toml::Table = toml::from_str(SOURCE).unwrap();
    let tables = root.values().filter_map(toml::Value::as_table);
    let hints: Vec<String> = tables
        .flat_map(|rule| rule.values().filter_map(toml::Value::as_table))
        .flat_map(|table| strings(table, "raw_hint"))
        .collect();
    assert!(hints.len() > 40);
    for hint in &hints {
        for text in [hint.clone(), format!("ب{hint}"), format!("a word {hint} a word")] {
            assert!(matcher().may_hold_raw(&text, Flags::ALL), "{text}");
        }
    }
    assert!(!matcher().may_hold_raw("a field of 5% [sic] <b> {x}", Flags::ALL));
}

#[test]
fn the_table_folds_as_the_full_fold_does() {
    let table = FoldTable::new();
    let mut fast = String::new();
    for line in [
        "«إقـرأ المَزيد»\u{a0}\u{200f}، ٣",
        "ÇOK OKUNANLAR ı İ I\u{307} ß ﬁ Ⅳ",
        "ا\u{654} \u{301}e\u{301} ﻻ ｶﾞ が か\u{3099}",
        "क\u{93c} हिन्दी\t\u{2003}\u{2011} “x” … ½",
        "展开全文　続きを読む",
        "ज़रूर बड़\u{94d} क\u{94d}\u{93c} न\u{93c}",
    ] {
        table.fold(line, &mut fast);
        assert_eq!(fast, folded_guarded(line), "{line}");
    }
    for code in 1..0x1_0100 {
        let Some(c) = char::from_u32(code) else { continue };
        let line = format!("ab{c}d");
        table.fold(&line, &mut fast);
        assert_eq!(fast, folded_guarded(&line), "U+{code:04X}");
    }
}

proptest! {
    #[test]
    fn the_table_folds_lines_as_the_full_fold_does(
        line in "[a-eE \u{300}-\u{304}\u{323}\u{338}\u{200d}\u{ad}\u{905}-\u{94d}\u{9be}\u{9c7}\u{e01}-\u{e4e}ẠﬁﷲΪ≠\u{3099}かカ\u{1100}\u{1161}가İıς.，Ａ！５\u{640}-\u{655}اأيی\u{fe8d}-\u{fea0}\u{5b0}-\u{5c7}א-ת«»…½\u{a0}\u{3000}]{0,30}"
    ) {
        let mut fast = String::new();
        FoldTable::new().fold(&line, &mut fast);
        prop_assert_eq!(&fast, &folded_guarded(&line));
        let mut full = String::new();
        phrase_fold(&line, &mut full);
        super::fold(&line, &mut fast);
        prop_assert_eq!(fast, full);
    }
}

#[test]
fn words_of_scripts_without_spaces() {
    assert_eq!(words("one two, three"), 3);
    assert_eq!(words("it's well-known"), 2);
    assert_eq!(words(&"字".repeat(40)), 14);
}
