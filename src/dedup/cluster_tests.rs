#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn document(doc: u64, text: &str, date: Option<i64>, id: &str) -> Document {
    Document {
        doc,
        keys: ContentKeys::of(text, &mut Vec::new()),
        published: false,
        date,
        chars: text.chars().count() as u64,
        identity: Identity::of(Some(id), format!("{id}{text}{date:?}").as_bytes()),
    }
}

fn decide_with(documents: &[Document], keep: &[Keep], memory: usize) -> Vec<Decision> {
    let mut index = ExactIndex::new(
        keep,
        &SpillOptions {
            memory,
            ..SpillOptions::default()
        },
    );
    for document in documents {
        index.push(document).unwrap();
    }
    let decisions = index.finish(&DocSet::default()).unwrap();
    decisions.read().unwrap().map(Result::unwrap).collect()
}

const DEFAULT: [Keep; 3] = [Keep::Published, Keep::Earliest, Keep::Longest];
const TEXT: &str = "The ferry returned to the northern harbour on Sunday.";

fn survivor(documents: &[Document], keep: &[Keep]) -> u64 {
    let decisions = decide_with(documents, keep, 1 << 20);
    assert_eq!(decisions.len(), documents.len());
    let kept: Vec<_> = decisions
        .iter()
        .filter(|decision| decision.relation == Relation::Kept)
        .collect();
    assert_eq!((kept.len(), kept[0].size as usize), (1, documents.len()));
    kept[0].doc
}

#[test]
fn the_keep_list_decides() {
    let long = TEXT.replace(' ', "  ");
    let documents = [
        document(1, TEXT, Some(-5), "a"),
        document(2, &long, Some(70), "b"),
        document(3, TEXT, None, "c"),
        document(4, TEXT, Some(3), "d"),
    ];
    assert_eq!(survivor(&documents, &DEFAULT), 1);
    assert_eq!(survivor(&documents, &[Keep::Latest, Keep::Longest]), 2);
    assert_eq!(survivor(&documents, &[Keep::Longest, Keep::Earliest]), 2);
    assert_eq!(survivor(&documents[2..], &[Keep::Latest]), 4);
    let mut published = documents;
    published[2].published = true;
    assert_eq!(survivor(&published, &DEFAULT), 3);
    assert_eq!(survivor(&published, &[Keep::Longest]), 3);
}

#[test]
fn the_last_ties_are_content_and_id_never_position() {
    let raw = [
        document(1, TEXT, None, "a"),
        document(2, &TEXT.to_uppercase(), None, "a"),
    ];
    let expected = if raw[0].keys.raw < raw[1].keys.raw { 1 } else { 2 };
    assert_eq!(survivor(&raw, &DEFAULT[..2]), expected);
    let ids = [document(8, TEXT, None, "a"), document(9, TEXT, None, "b")];
    let expected = if ids[0].identity < ids[1].identity { 8 } else { 9 };
    assert_eq!(survivor(&ids, &DEFAULT), expected);
    let mut swapped = ids;
    (swapped[0].doc, swapped[1].doc) = (9, 8);
    assert_ne!(survivor(&swapped, &DEFAULT), expected);
}

#[test]
fn kinds_of_copies() {
    let documents = [
        document(0, TEXT, Some(1), "a"),
        document(1, TEXT, Some(2), "b"),
        document(2, &TEXT.to_uppercase(), Some(3), "c"),
        document(3, "Another text of more than twenty letters.", None, "d"),
        document(4, "short", None, "e"),
        document(5, "short", None, "f"),
    ];
    let decisions = decide_with(&documents, &DEFAULT, 1 << 20);
    let rows: Vec<_> = decisions
        .iter()
        .map(|d| (d.doc, d.kept, d.relation, d.kind, d.identical, d.drops()))
        .collect();
    assert_eq!(
        rows,
        [
            (0, 0, Relation::Kept, Kind::Copy, true, false),
            (1, 0, Relation::Exact, Kind::Copy, true, true),
            (2, 0, Relation::Exact, Kind::Copy, false, true),
        ]
    );
}

#[test]
fn published_copies_stay() {
    let mut documents = [
        document(0, TEXT, Some(1), "a"),
        document(1, TEXT, Some(2), "b"),
        document(2, TEXT, Some(3), "c"),
    ];
    documents[1].published = true;
    documents[2].published = true;
    let decisions = decide_with(&documents, &DEFAULT, 1 << 20);
    let fates: Vec<_> = decisions.iter().map(|d| (d.doc, d.kept, d.drops())).collect();
    assert_eq!(fates, [(0, 1, true), (1, 1, false), (2, 1, false)]);
}

#[test]
fn a_removed_document_is_nobodys_survivor() {
    let mut index = ExactIndex::new(&DEFAULT, &SpillOptions::default());
    index.push(&document(0, TEXT, Some(1), "a")).unwrap();
    index.push(&document(1, TEXT, Some(2), "b")).unwrap();
    let mut without = DocSet::default();
    without.insert(0);
    assert!(index.finish(&without).unwrap().is_empty());
}

#[test]
fn dates_sort_in_both_directions_and_missing_ones_last() {
    let dates = [Some(i64::MIN), Some(-1), Some(0), Some(9), Some(i64::MAX - 1)];
    assert!(dates.is_sorted_by_key(|&date| date_key(date, false)));
    assert!(dates.iter().rev().is_sorted_by_key(|&date| date_key(date, true)));
    for date in [i64::MIN, 0, i64::MAX] {
        assert!(date_key(Some(date), false) < date_key(None, false));
        assert!(date_key(Some(date), true) < date_key(None, true));
    }
}

/// (text, date, published, id) of generated documents: few values, so that many are copies.
fn corpus() -> impl Strategy<Value = Vec<(u8, Option<i64>, bool, u8)>> {
    let one = (
        0u8..40,
        proptest::option::of(-3i64..3),
        any::<bool>(),
        any::<u8>(),
    );
    proptest::collection::vec(one, 0..3000)
}

/// What happens to each record, by what it is and not by where it stands.
fn fates(
    records: &[(u8, Option<i64>, bool, u8)],
    memory: usize,
) -> BTreeMap<Identity, Vec<(Identity, bool)>> {
    let documents: Vec<_> = records
        .iter()
        .enumerate()
        .map(|(doc, &(text, date, published, id))| {
            let spaces = " ".repeat(1 + usize::from(id % 3));
            let text = format!(
                "A story of the old mill number{spaces}{}",
                "abcdefgh".repeat(1 + usize::from(text))
            );
            let mut document = document(doc as u64, &text, date, &id.to_string());
            document.published = published;
            document.identity = Identity::of(
                Some(&id.to_string()),
                format!("{text}{date:?}{published}").as_bytes(),
            );
            document
        })
        .collect();
    let mut fates: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for decision in decide_with(&documents, &DEFAULT, memory) {
        let identity = |doc: u64| documents[doc as usize].identity;
        let fate = (identity(decision.kept), decision.drops());
        fates.entry(identity(decision.doc)).or_default().push(fate);
    }
    for fates in fates.values_mut() {
        fates.sort_unstable();
    }
    fates
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn order_and_memory_change_nothing(records in corpus(), turn in 0usize..3000) {
        let expected = fates(&records, 1 << 24);
        prop_assert_eq!(&fates(&records, 0), &expected);
        let mut shuffled = records;
        let len = shuffled.len().max(1);
        shuffled.reverse();
        shuffled.rotate_left(turn % len);
        prop_assert_eq!(&fates(&shuffled, 1 << 24), &expected);
        prop_assert_eq!(&fates(&shuffled, 150_000), &expected);
    }

    #[test]
    fn threads_change_nothing(records in corpus()) {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fates(&records, 0))
        };
        prop_assert_eq!(run(1), run(3));
    }
}
