//! Passages: a few long runs of a text, chosen by their hash alone, so that a text that holds a part
//! of another has chosen the same ones there.
//!
//! Winnowing (the smallest hash of every window of runs) promises that two texts that share a passage
//! of [`WINDOW`] runs have one in common. A text that was cut short may be smaller than a window: the
//! smallest hashes of its beginnings are chosen too, which are those of the beginnings of the whole.

/// Words of a run: what eight words in a row say twice was copied, or is a formula.
pub(super) const WORDS: u8 = 8;
/// Runs of which one at least is chosen.
pub(super) const WINDOW: usize = 128;
/// The shortest beginning whose smallest hash is chosen.
const BEGINNING: usize = 8;

/// Chosen runs of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Fingerprints {
    /// Each once, in ascending order.
    pub(super) selected: Vec<u64>,
}

impl Fingerprints {
    /// Chooses among the runs of a text.
    pub(super) fn select(&mut self, runs: &[u64]) {
        self.selected.clear();
        let mut smallest = u64::MAX;
        for (at, &run) in runs.iter().enumerate().take(WINDOW) {
            if run < smallest {
                smallest = run;
                if at >= BEGINNING {
                    self.selected.push(run);
                }
            }
            if at + 1 == BEGINNING.min(runs.len()) {
                self.selected.push(smallest);
            }
        }
        let mut at = 0;
        while at + WINDOW <= runs.len() {
            // The last of equal ones: it serves the windows to come.
            let window = runs[at..at + WINDOW].iter().enumerate();
            let Some((best, &run)) = window.rev().min_by_key(|(_, run)| **run) else {
                break;
            };
            self.selected.push(run);
            at = self.next_window(runs, at + best, run, at + WINDOW);
        }
        self.selected.sort_unstable();
        self.selected.dedup();
    }

    /// The chosen runs as they are compared: 40 bits of each, in ascending order.
    pub(super) fn short(&self) -> impl Iterator<Item = u64> {
        self.selected.iter().map(|hash| hash >> 24)
    }

    /// Goes on while the chosen run at `best` or a smaller one after it is in the window; gives the
    /// first window that has lost it.
    fn next_window(&mut self, runs: &[u64], mut best: usize, mut run: u64, from: usize) -> usize {
        for (next, &other) in runs.iter().enumerate().skip(from) {
            if next - best >= WINDOW {
                break;
            }
            if other <= run {
                self.selected.push(other);
                (best, run) = (next, other);
            }
        }
        best + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::shingles::mix;

    fn select(runs: &[u64]) -> Vec<u64> {
        let mut fingerprints = Fingerprints::default();
        fingerprints.select(runs);
        fingerprints.selected
    }

    fn runs(seed: u64, count: usize) -> Vec<u64> {
        (0..count as u64).map(|n| mix(seed << 32 | n)).collect()
    }

    #[test]
    fn every_window_has_a_choice_and_choices_are_few() {
        let runs = runs(1, 5000);
        let selected = select(&runs);
        for window in runs.windows(WINDOW) {
            let smallest = window.iter().min().copied().unwrap_or_default();
            assert!(selected.contains(&smallest));
        }
        assert!(selected.len() < 5000 / (WINDOW / 2) + 20, "{}", selected.len());
    }

    #[test]
    fn a_shared_passage_shares_a_choice() {
        for seed in 0..50 {
            let passage = runs(seed, WINDOW + 5);
            let one = [runs(1000 + seed, 300), passage.clone(), runs(2000 + seed, 41)].concat();
            let two = [runs(3000 + seed, 7), passage, runs(4000 + seed, 500)].concat();
            let two = select(&two);
            assert!(select(&one).iter().any(|run| two.contains(run)));
        }
    }

    #[test]
    fn a_text_cut_short_shares_a_choice_however_short() {
        for seed in 0..50 {
            let whole = runs(seed, 400);
            let selected = select(&whole);
            for length in [8, 9, 20, 60, 127, 128, 200] {
                assert!(
                    select(&whole[..length]).iter().any(|run| selected.contains(run)),
                    "{length}"
                );
            }
        }
        assert!(select(&[]).is_empty());
        assert_eq!(select(&[5, 3]), [3]);
    }
}
