//! How alike two names are.

/// Most edits between a name and what was meant by it.
const EDITS: usize = 2;
/// Longer names are not compared.
const LONGEST: usize = 40;

/// Whether two names differ only in case, or by at most two characters that were left out, put in or
/// replaced; by one in names of fewer than six.
#[must_use]
pub fn is_near(name: &str, known: &str) -> bool {
    if name.eq_ignore_ascii_case(known) {
        return true;
    }
    let a: Vec<char> = name.chars().take(LONGEST + 1).collect();
    let b: Vec<char> = known.chars().take(LONGEST + 1).collect();
    let allowed = if a.len().min(b.len()) < 6 { 1 } else { EDITS };
    if a.len().max(b.len()) > LONGEST || a.len().abs_diff(b.len()) > allowed {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()] <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names() {
        assert!(is_near("pubished_at", "published_at") && is_near("Title", "title"));
        assert!(is_near("langauge", "language") && is_near("bodi", "body"));
        assert!(!is_near("section", "source") && !is_near("x", "id") && !is_near("", "published_at"));
    }
}
