//! The worst findings of a run, for formats whose readers take only so many.

use crate::finding::Severity;
use std::io;

/// Results that GitHub shows of one SARIF run, and a bound for GitLab's report:
/// <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>
pub(super) const MOST: usize = 5_000;

/// Keeps the worst items, in bounded memory; among equals the first.
#[derive(Debug, Default)]
pub(super) struct Top {
    /// By rank: error, warning, info, suppressed. Each with its place in the stream.
    kept: [Vec<(u64, Vec<u8>)>; 4],
    seen: u64,
    cap: usize,
}

/// The place of a severity; suppressed findings come last.
pub(super) const fn rank(severity: Severity, suppressed: bool) -> usize {
    match severity {
        _ if suppressed => 3,
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Info => 2,
    }
}

impl Top {
    pub(super) fn new(cap: usize) -> Self {
        Self {
            cap,
            ..Self::default()
        }
    }

    /// How many were offered and are not kept.
    pub(super) fn omitted(&self) -> u64 {
        self.seen - self.len() as u64
    }

    fn len(&self) -> usize {
        self.kept.iter().map(Vec::len).sum()
    }

    /// Offers an item, which is made only when it is kept.
    pub(super) fn push(&mut self, rank: usize, item: impl FnOnce() -> io::Result<Vec<u8>>) -> io::Result<()> {
        let place = self.seen;
        self.seen += 1;
        if self.len() == self.cap && !self.make_room(rank) {
            return Ok(());
        }
        self.kept[rank].push((place, item()?));
        Ok(())
    }

    /// Drops the last item of a worse rank than `rank`, if there is one.
    fn make_room(&mut self, rank: usize) -> bool {
        self.kept[rank + 1..]
            .iter_mut()
            .rev()
            .any(|items| items.pop().is_some())
    }

    /// Drops one item, so that a note about the omitted ones fits under the cap.
    pub(super) fn drop_one(&mut self) {
        let _ = self.kept.iter_mut().rev().any(|items| items.pop().is_some());
    }

    /// The kept items in the order they came.
    pub(super) fn take(&mut self) -> Vec<Vec<u8>> {
        let mut all: Vec<_> = self.kept.iter_mut().flat_map(std::mem::take).collect();
        all.sort_unstable_by_key(|&(place, _)| place);
        all.into_iter().map(|(_, item)| item).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_stay_in_order() {
        let mut top = Top::new(3);
        for (rank, name) in [
            (1, "w1"),
            (3, "s1"),
            (2, "i1"),
            (0, "e1"),
            (1, "w2"),
            (1, "w3"),
            (0, "e2"),
        ] {
            top.push(rank, || Ok(name.into())).unwrap();
        }
        assert_eq!(top.omitted(), 4);
        assert_eq!(top.take(), [b"w1".to_vec(), b"e1".to_vec(), b"e2".to_vec()]);
    }
}
