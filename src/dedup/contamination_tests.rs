#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

const RIVER: &str = "The ferry crosses the river twelve times a day, and on market days it takes the sheep \
                     first and the farmers after them, because sheep do not wait.";

/// Compares `text` with evaluation `items`; gives the passages and their items.
fn found<'t>(n: usize, items: &[&str], text: &'t str) -> Vec<(&'t str, u32, u32)> {
    let windows = Windows::new(n);
    let mut scratch = Scratch::default();
    let mut pairs = Vec::new();
    for (number, item) in (0..).zip(items) {
        windows.each(item, &mut scratch, |hash, _, _| pairs.push((hash, number)));
    }
    let contamination = Contamination::new(windows, WindowSet::new(pairs).unwrap());
    let hits = contamination.hits(text, &mut scratch);
    hits.into_iter()
        .map(|hit| (&text[hit.span.range()], hit.words, hit.item))
        .collect()
}

#[test]
fn a_passage_of_thirteen_words_is_found_with_its_place() {
    let text = "Our reporter writes: “the ferry crosses the river twelve times a day and on market days”. \
                That was in June.";
    let passage = "the ferry crosses the river twelve times a day and on market days";
    assert_eq!(found(13, &["Something else.", RIVER], text), [(passage, 13, 1)]);
    // One word less is no passage.
    let shorter = text.replace(" days”", "”");
    assert_eq!(found(13, &[RIVER], &shorter), []);
    assert_eq!(found(12, &[RIVER], &shorter).len(), 1);
}

#[test]
fn what_the_matching_key_folds_does_not_hide_a_passage() {
    let item = "أعادت البلدية فتح السوق القديمة بعد أن رممت سقفها الخشبي وأبوابها الكبيرة في الربيع الماضي";
    let text = "قال الخبر: أعادَت البلديـة فتح\nالسوق القديمه، بعد أن رممت سقفها الخشبي وأبوابها الكبيرة فى الربيع الماضى!";
    let hits = found(13, &[item], text);
    assert_eq!(hits.len(), 1);
    assert!(
        hits[0].0.starts_with("أعادَت") && hits[0].0.ends_with("الماضى"),
        "{hits:?}"
    );
    assert_eq!(hits[0].1, 15);
}

#[test]
fn passages_are_apart_or_one() {
    let twice = format!("{RIVER} Between the two there is a sentence of its own. {RIVER}");
    let hits = found(13, &[RIVER], &twice);
    assert_eq!(hits.len(), 2);
    let end = RIVER.len() - 1;
    assert_eq!((hits[0].0, hits[1].0), (&RIVER[..end], &RIVER[..end]));
    // The same words in two items: the first is named.
    assert_eq!(found(13, &[RIVER, RIVER], RIVER), [(&RIVER[..end], 28, 0)]);
}

#[test]
fn scripts_without_spaces_are_counted_in_characters() {
    let item = "渡船每天过河十二次到了赶集的日子先运羊群再运农民因为羊不会等待人们";
    // Twenty-two characters of Chinese are thirteen words, twenty-one are not.
    let cut = |from: usize, count: usize| -> String { item.chars().skip(from).take(count).collect() };
    let text = format!("据报道，{}，记者说。", cut(3, 22));
    assert_eq!(found(13, &[item], &text), [(cut(3, 22).as_str(), 14, 0)]);
    assert_eq!(
        found(13, &[item], &format!("据报道，{}，记者说。", cut(3, 21))),
        []
    );
    // A line break or a comma inside changes nothing.
    let broken = format!("据报道，{}，\n{}，记者说。", cut(3, 11), cut(14, 11));
    assert_eq!(found(13, &[item], &broken).len(), 1);
    let thai = "เรือข้ามฟากแล่นข้ามแม่น้ำวันละสิบสองเที่ยวและในวันตลาดนัดเรือจะบรรทุกแกะก่อนแล้วจึงบรรทุกชาวนา";
    assert_eq!(found(13, &[thai], thai).len(), 1);
    let short: String = thai.chars().take(40).collect();
    assert_eq!(found(13, &[thai], &short), []);
}

#[test]
fn short_items_and_texts_have_no_window() {
    assert_eq!(
        found(13, &["Too short to be found."], "Too short to be found."),
        []
    );
    assert_eq!(found(13, &[], RIVER), []);
    assert_eq!(found(13, &[RIVER], ""), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    /// Whatever a text is made of, its pieces give the units of the whole, or the whole is named.
    #[test]
    fn spans_hold_what_was_found(
        pieces in proptest::collection::vec(proptest::sample::select(&[
            "سوق", "القديمة", "e\u{301}te\u{301}", "river", "\u{640}", "\u{200f}", "渡船", "カー", "が",
            "เรือ", "น้ำ", " ", "\n", "، ", "«", "»", "=\u{338}", "\u{338}", "12", "١٢", "ﷺ", "ﻻ", "ﬁ", "İ", "\u{ad}",
        ][..]), 0..120),
    ) {
        let text = pieces.concat();
        let windows = Windows::new(3);
        let mut scratch = Scratch::default();
        let mut pairs = Vec::new();
        let count = windows.each(&text, &mut scratch, |hash, _, _| pairs.push((hash, 0)));
        let any = !pairs.is_empty();
        if let Some(places) = places(&text, count) {
            prop_assert!(places.windows(2).all(|pair| pair[0].start <= pair[1].start));
        }
        let contamination = Contamination::new(windows, WindowSet::new(pairs).unwrap());
        let hits = contamination.hits(&text, &mut scratch);
        prop_assert_eq!(hits.len(), usize::from(any));
        for hit in hits {
            prop_assert!(text.is_char_boundary(hit.span.start) && text.is_char_boundary(hit.span.end));
            // The passage alone is found again: it holds all that was found.
            let again = contamination.hits(&text[hit.span.range()], &mut scratch);
            prop_assert_eq!(again.len(), 1);
            prop_assert_eq!(again[0].words, hit.words);
        }
    }
}
