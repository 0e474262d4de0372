#![allow(clippy::unwrap_used)]

use super::*;
use crate::config::Keep;
use crate::dedup::spill::SpillOptions;
use crate::dedup::{ContentKeys, Decision, DocSet, Document, ExactIndex, Identity, Kind, Relation};
use crate::text::match_key::match_key;
use proptest::prelude::*;

/// Words of an invented language, the same for the same seed.
fn words(seed: u64, count: usize) -> Vec<String> {
    (0..count as u64)
        .map(|n| {
            let hash = crate::text::shingles::mix(seed << 32 | n) % 5_000;
            format!("w{}{}", (b'a' + (hash % 26) as u8) as char, hash)
        })
        .collect()
}

struct Text {
    body: String,
    published: bool,
    date: Option<i64>,
}

fn text(words: &[String]) -> Text {
    Text {
        body: words.join(" "),
        published: false,
        date: None,
    }
}

fn run(texts: &[Text], memory: usize) -> Vec<Decision> {
    run_signed(texts, memory, |_| false)
}

/// Of texts that are `signed` only the signature is known.
fn run_signed(texts: &[Text], memory: usize, signed: impl Fn(&Text) -> bool) -> Vec<Decision> {
    let options = SpillOptions {
        memory,
        ..SpillOptions::default()
    };
    let keep = [Keep::Earliest, Keep::Longest];
    let search = Search::default();
    let mut signer = Signer::new(&search);
    let (mut exact, mut near) = (ExactIndex::new(&keep, &options), NearIndex::new(&options));
    let mut key = Vec::new();
    for (doc, text) in (0..).zip(texts) {
        let keys = ContentKeys::of(&text.body, &mut key);
        let document = Document {
            doc,
            keys,
            published: text.published,
            date: text.date,
            chars: text.body.len() as u64,
            identity: Identity::of(None, text.body.as_bytes()),
        };
        let row = ExactIndex::row(&keep, &document).unwrap();
        exact.extend(&[row]).unwrap();
        let sketch = if signed(text) {
            signer.signature(&key).sketch(&search)
        } else {
            signer.sign(&key)
        };
        near.add(doc as u32, &row, &sketch).unwrap();
    }
    let exact = exact.finish(&DocSet::default()).unwrap();
    let candidates = near.finish(&exact.copies().unwrap()).unwrap();
    let mut sets = Sets::new(&options);
    let mut set = Vec::new();
    for (doc, text) in (0_u32..)
        .zip(texts)
        .filter(|(doc, _)| candidates.wanted.contains(u64::from(*doc)))
    {
        match_key(&text.body, &mut key);
        let facts = Facts {
            date: text.date,
            source: 0,
        };
        if signed(text) {
            sets.add_signed(doc, signer.signature(&key), facts);
            continue;
        }
        signer.set(&key, &mut set);
        sets.add(doc, &set, facts).unwrap();
    }
    sets.finish().unwrap();
    let decisions = decide(&candidates, &sets, &search, &exact).unwrap();
    decisions.read().unwrap().map(Result::unwrap).collect()
}

fn fates(texts: &[Text]) -> Vec<(u64, u64, Relation, bool)> {
    let decisions = run(texts, 1 << 24);
    decisions
        .iter()
        .map(|d| (d.doc, d.kept, d.relation, d.drops()))
        .collect()
}

fn edited(words: &[String], every: usize) -> Vec<String> {
    let changed = |(n, word): (usize, &String)| {
        if n % every == every - 1 {
            format!("other{n}")
        } else {
            word.clone()
        }
    };
    words.iter().enumerate().map(changed).collect()
}

#[test]
fn near_copies_go_similar_texts_stay_and_are_reported() {
    let story = words(1, 400);
    let mut reprint = text(&edited(&story, 80));
    reprint.date = Some(5);
    let mut first = text(&story);
    first.date = Some(1);
    let rewrite = text(&edited(&story, 12));
    let other = text(&words(2, 400));
    assert_eq!(
        fates(&[reprint, other, first, rewrite]),
        [
            (0, 2, Relation::Near, true),
            (2, 2, Relation::Kept, false),
            (3, 2, Relation::Near, false)
        ]
    );
}

#[test]
fn a_later_text_of_one_source_is_an_update() {
    let story = words(1, 400);
    let mut texts = [
        text(&story),
        text(&edited(&story, 50)),
        text(&edited(&story, 200)),
    ];
    for (date, text) in (0..).zip(&mut texts) {
        text.date = Some(date);
    }
    let kinds: Vec<_> = run(&texts, 1 << 24).iter().map(|d| d.kind).collect();
    assert_eq!(kinds, [Kind::Copy, Kind::Update, Kind::Correction]);
}

#[test]
fn contained_texts_hang_on_their_container_and_unite_nothing() {
    let (one, two) = (words(1, 300), words(2, 300));
    let round_up = [
        words(3, 60),
        one.clone(),
        words(4, 400),
        two.clone(),
        words(5, 60),
    ]
    .concat();
    let alone = text(&one[..100]);
    let texts = [
        text(&round_up),
        text(&one),
        text(&two),
        text(&edited(&two, 100)),
        alone,
    ];
    let decisions = run(&texts, 1 << 24);
    let of = |doc| *decisions.iter().find(|d| d.doc == doc).unwrap();
    assert_eq!(
        (of(1).relation, of(1).kept, of(1).kind, of(1).drops()),
        (Relation::Contained, 0, Kind::Excerpt, false)
    );
    // The second story has a copy: its cluster is its own.
    assert_ne!(of(2).kept, 0);
    assert_eq!(of(2).kept, of(3).kept);
    assert_eq!((of(4).relation, of(4).kept), (Relation::Contained, 0));
}

#[test]
fn a_copy_cut_to_a_third_is_contained() {
    let mut found = 0;
    for seed in 10..60 {
        let story = words(seed, 150 + seed as usize * 8);
        let decisions = run(&[text(&story), text(&story[..story.len() / 3])], 1 << 24);
        found += usize::from(
            decisions
                .iter()
                .any(|d| d.doc == 1 && d.relation == Relation::Contained),
        );
    }
    assert_eq!(found, 50);
}

#[test]
fn exact_copies_of_near_copies_are_in_one_cluster() {
    let story = words(1, 400);
    let reprint = edited(&story, 80);
    let mut upper = text(&reprint);
    upper.body = upper.body.to_uppercase();
    let mut first = text(&story);
    first.date = Some(1);
    let decisions = run(&[text(&reprint), upper, first], 1 << 24);
    assert!(decisions.iter().all(|d| d.kept == 2), "{decisions:?}");
    assert_eq!(
        decisions.iter().filter(|d| d.relation == Relation::Exact).count(),
        1
    );
    assert_eq!(decisions.iter().find(|d| d.doc == 2).unwrap().size, 3);
}

#[test]
fn linked_published_texts_both_stay() {
    let story = words(1, 400);
    let mut texts = [text(&story), text(&edited(&story, 80)), text(&edited(&story, 70))];
    texts[0].published = true;
    texts[1].published = true;
    let decisions = run(&texts, 1 << 24);
    let drops: Vec<_> = decisions.iter().map(|d| (d.doc, d.drops())).collect();
    assert_eq!(drops, [(0, false), (1, false), (2, true)]);
}

#[test]
fn a_released_text_is_found_by_what_was_kept_of_it() {
    let story = words(1, 400);
    let released: Vec<_> = [story.clone(), words(2, 500), words(3, 30)]
        .iter()
        .map(|words| Text {
            published: true,
            ..text(words)
        })
        .collect();
    let new = [
        text(&edited(&story, 60)),
        text(&words(2, 500)[..170]),
        text(&words(4, 300)),
        text(&edited(&words(3, 30), 29)),
    ];
    let texts: Vec<_> = released.into_iter().chain(new).collect();
    let decisions = run_signed(&texts, 1 << 24, |text| text.published);
    let of = |doc| decisions.iter().find(|d| d.doc == doc);
    for (doc, kept, relation, low) in [
        (3, 0, Relation::Near, 8_000),
        (4, 1, Relation::Contained, 8_000),
        // So short that all of it was kept: the score is exact.
        (6, 2, Relation::Near, 8_064),
    ] {
        let found = of(doc).unwrap();
        assert_eq!((found.kept, found.relation), (kept, relation), "{doc}");
        assert!(found.score >= low, "{found:?}");
    }
    assert_eq!(
        of(6).unwrap().score,
        run(&texts, 1 << 24).iter().find(|d| d.doc == 6).unwrap().score
    );
    assert!(of(5).is_none());
    assert!((0..3).all(|doc| of(doc).is_some_and(|d| !d.drops())));
}

#[test]
fn texts_of_one_template_are_not_joined() {
    let frame = words(1, 200);
    let form = |n: u64| {
        let own = words(100 + n, 200);
        let lines = frame.chunks(20).zip(own.chunks(20));
        text(&lines.flat_map(|(a, b)| [a, b].concat()).collect::<Vec<_>>())
    };
    let texts: Vec<_> = (0..30).map(form).collect();
    assert_eq!(run(&texts, 1 << 24).len(), 0);
}

/// What a reader takes for the same text.
fn disguised(text: &str, choice: &[u8]) -> String {
    let mut out = String::new();
    for (c, by) in text.chars().zip(choice.iter().cycle()) {
        match (c, by % 4) {
            ('ي', 0) => out.push('ی'),
            ('ك', 0) => out.push('ک'),
            ('م', 0) => out.push('\u{FEE1}'),
            ('0'..='9', 1) => out.push(char::from_u32(0x660 + c as u32 - 0x30).unwrap()),
            (' ', 1) => out.push_str(" \u{a0}"),
            (' ', 2) => out.push_str("، "),
            _ => out.extend(c.to_uppercase()),
        }
        if *by >= 160 && c != ' ' {
            out.push_str(["\u{64e}", "\u{640}", "\u{200f}", "\u{ad}"][usize::from(by % 4)]);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn invisible_variants_of_an_edited_text_are_as_similar(
        words in proptest::collection::vec("[ابتثجحخدرسعفقكلمنهوي]{3,7}|[a-z]{3,8}|[а-яё]{3,7}|[0-9]{2,4}", 60..120),
        choice in proptest::collection::vec(any::<u8>(), 20..60),
    ) {
        let plain = words.join(" ");
        // One word more, so that it is not an exact copy.
        let variant = format!("{} addition", disguised(&plain, &choice));
        let texts = [plain, variant].map(|body| Text { body, published: false, date: None });
        let decisions = run(&texts, 1 << 24);
        prop_assert_eq!(decisions.len(), 2);
        prop_assert!(decisions.iter().any(|d| d.relation == Relation::Near && d.score > 9_000));
    }

    #[test]
    fn order_and_memory_change_nothing(seed in 1_u64..1000, turn in 1_usize..40) {
        let mut bodies = Vec::new();
        for story in 0..8 {
            let story = words(seed * 100 + story, 120);
            bodies.push(story.join(" "));
            bodies.push(edited(&story, 15).join(" "));
            bodies.push(edited(&story, 60).join(" "));
            bodies.push(edited(&story, 33)[..70].join(" "));
            bodies.push(story.join(" ").to_uppercase());
        }
        let by_body = |bodies: &[String], memory| {
            let texts: Vec<_> = bodies.iter().map(|body| Text { body: body.clone(), published: false, date: None }).collect();
            let mut found: Vec<_> = run(&texts, memory)
                .into_iter()
                .map(|d| {
                    let body = |doc: u64| bodies[doc as usize].clone();
                    (body(d.doc), body(d.kept), body(d.of), d.relation, d.kind, d.score, d.size, d.stays)
                })
                .collect();
            found.sort();
            found
        };
        let expected = by_body(&bodies, 1 << 24);
        bodies.rotate_left(turn);
        prop_assert_eq!(by_body(&bodies, 0), expected);
    }
}
