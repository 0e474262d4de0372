//! The exact count of a line that may be a template's, and what follows from it.

use super::document::{Mark, Place, Spot};
use crate::rules::template::Class;
use std::collections::HashSet;

/// Days and texts that a line must stand in; more need not be told apart.
const SPREAD: usize = 3;
/// Forms of a line that are told apart.
const FORMS: usize = 4_096;

/// What is known of one line.
#[derive(Debug, Clone, Default)]
pub(super) struct Exact {
    /// Documents that hold it, copies counted once.
    pub(super) n: u64,
    /// Among them those in which it is in the head, the middle, the tail.
    pub(super) places: [u64; 3],
    pub(super) isolated: u64,
    sentences: u64,
    days: Vec<i32>,
    /// The texts around it.
    others: Vec<u64>,
    forms: HashSet<u32>,
    /// The first document that holds it.
    pub(super) first: Spot,
}

impl Exact {
    /// Counts a document that holds the line.
    pub(super) fn add(&mut self, mark: &Mark, day: Option<i32>, sum: u64, spot: Spot) {
        if self.n == 0 {
            self.first = spot;
        }
        self.n += 1;
        self.places[mark.place as usize] += 1;
        self.isolated += u64::from(mark.isolated);
        self.sentences += u64::from(mark.sentence);
        if let Some(day) = day {
            note(&mut self.days, day);
        }
        note(&mut self.others, sum.wrapping_sub(mark.key));
        if self.forms.len() < FORMS {
            self.forms.insert(mark.form);
        }
    }

    /// What the line is in a source of so many documents; `None` for one that is not reported.
    pub(super) fn class(&self, documents: u64) -> Option<Class> {
        let n = self.n;
        let edge = self.places[Place::Head as usize] + self.places[Place::Tail as usize];
        // One story that was posted again and again.
        if self.days.len() < SPREAD && self.others.len() < SPREAD {
            return None;
        }
        let sentence = 2 * self.sentences > n;
        // Datelines and results, and sentences whose numbers are what they say.
        let varies = 2 * self.forms.len() as u64 > n.min(FORMS as u64);
        if varies && (sentence || 2 * edge < n) {
            return None;
        }
        if documents < 100 {
            let enough = n >= 5 && 10 * n >= 3 * documents && edge == n;
            let class = if n >= 20 { Class::Certain } else { Class::Probable };
            return enough.then_some(class);
        }
        let heading = 5 * self.isolated >= 4 * n && !sentence;
        if n >= 20 && 20 * n >= documents && (5 * edge >= 4 * n || heading) {
            return Some(Class::Certain);
        }
        let share = if sentence { 5 } else { 100 };
        (n >= 10 && share * n >= documents).then_some(Class::Probable)
    }
}

/// The smallest support that any class asks for.
pub(super) const fn least(documents: u64) -> u64 {
    if documents < 100 {
        let third = (3 * documents).div_ceil(10);
        if third > 5 { third } else { 5 }
    } else {
        let percent = documents.div_ceil(100);
        if percent > 10 { percent } else { 10 }
    }
}

fn note<T: PartialEq>(seen: &mut Vec<T>, value: T) {
    if seen.len() < SPREAD && !seen.contains(&value) {
        seen.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line in `n` documents, each of another day and text.
    fn line(n: u64, place: Place, sentence: bool) -> Exact {
        let mut exact = Exact::default();
        for number in 0..n {
            let mark = Mark {
                key: 1,
                form: 7,
                place,
                isolated: false,
                sentence,
            };
            exact.add(&mark, Some(number as i32), number << 32, (0, 0, 0));
        }
        exact
    }

    #[test]
    fn classes_by_count_and_place() {
        use Place::{Head, Middle, Tail};
        for (exact, documents, class) in [
            (line(70, Tail, true), 100, Some(Class::Certain)),
            (line(20, Head, false), 400, Some(Class::Certain)),
            (line(20, Head, false), 401, Some(Class::Probable)),
            (line(30, Middle, true), 100, Some(Class::Probable)),
            (line(19, Middle, true), 100, None),
            (line(10, Middle, false), 1_000, Some(Class::Probable)),
            (line(10, Middle, false), 1_001, None),
            (line(9, Tail, false), 100, None),
            (line(3, Tail, true), 50, None),
            (line(6, Tail, true), 20, Some(Class::Probable)),
            (line(5, Tail, true), 17, None),
            (line(6, Middle, true), 20, None),
            (line(40, Tail, true), 60, Some(Class::Certain)),
        ] {
            assert_eq!(exact.class(documents), class, "{} of {documents}", exact.n);
            assert!(class.is_none() || exact.n >= least(documents));
        }
    }

    #[test]
    fn one_story_posted_again_is_no_template() {
        let mut exact = Exact::default();
        let mut mark = line(1, Place::Tail, true);
        for _ in 0..50 {
            let one = Mark {
                key: 1,
                form: 7,
                place: Place::Tail,
                isolated: true,
                sentence: false,
            };
            exact.add(&one, Some(10), 99, (0, 0, 0));
            mark.add(&one, None, 99, (0, 0, 0));
        }
        assert_eq!((exact.class(100), mark.class(100)), (None, None));
    }

    #[test]
    fn datelines_and_results_are_no_template() {
        let varied = |place, sentence| {
            let mut exact = Exact::default();
            for number in 0..60 {
                let mark = Mark {
                    key: 1,
                    form: number,
                    place,
                    isolated: true,
                    sentence,
                };
                exact.add(
                    &mark,
                    Some(number.cast_signed()),
                    u64::from(number) << 32,
                    (0, 0, 0),
                );
            }
            exact.class(100)
        };
        assert_eq!(varied(Place::Middle, false), None);
        assert_eq!(varied(Place::Tail, true), None);
        assert_eq!(varied(Place::Tail, false), Some(Class::Certain));
    }
}
