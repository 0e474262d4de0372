//! U019 mixed-script-word.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::class::{Script, is_letter, is_mark, script};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "U019",
    name: "mixed-script-word",
    severity: Severity::Warning,
    scope: Scope::Token,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A word is written with look-alike letters of two scripts.",
    why: "`pаypal` with a Cyrillic а is found by no search and is a word of its own to every model. It comes \
          from keyboards, from character recognition, and from people who hide words from filters.",
    how: "A word of at least four letters of the Latin, Cyrillic or Greek script, two of them, in which every \
          letter of the rarer script looks like one of the other. The fix writes the letters of the more \
          frequent script, of the record's language where there are as many, and is unsafe.",
    false_positives: "A prefix and a suffix of two letters or more each (`SMSка`), words joined by a hyphen or \
                      apostrophe (`β-blocker`, `Apple'ный`), units and words of fewer than four letters, \
                      and letters without a look-alike are left alone.",
    source: "UTS #39 section 5.1 and its table of confusables",
    options: &[],
    examples: &[
        Example::bad("your pаypal page", &["pаypal"])
            .lang("en")
            .unsafe_fixed("your paypal page"),
        Example::bad("Мoсква зимой", &["Мoсква"])
            .lang("ru")
            .unsafe_fixed("Москва зимой"),
        Example::bad("Αθήνa σήμερα", &["Αθήνa"])
            .lang("el")
            .unsafe_fixed("Αθήνα σήμερα"),
        Example::bad("вecна", &["вecна"]).lang("ru").unsafe_fixed("весна"),
        Example::good("Apple'ный и β-blocker").lang("ru"),
        Example::good("SMSка и IT-отдел, μTorrent, кВт").lang("ru"),
        Example::good("5 µm and 10 kΩ").lang("en"),
        Example::good("A и B сидели на трубе").lang("ru"),
        Example::good("СССР, NATO и ООН").lang("ru"),
    ],
    wake: Wake::Text(Flags::MIXED_SCRIPT),
    check: |_| Ok(Box::new(MixedScript)),
};

struct MixedScript;

/// Letters that look alike: Latin, Cyrillic, Greek; `-` where a script has none.
const ALIKE: [[char; 3]; 36] = [
    ['a', 'а', 'α'],
    ['c', 'с', '-'],
    ['e', 'е', '-'],
    ['i', 'і', 'ι'],
    ['j', 'ј', 'ϳ'],
    ['o', 'о', 'ο'],
    ['p', 'р', 'ρ'],
    ['s', 'ѕ', '-'],
    ['x', 'х', 'χ'],
    ['y', 'у', 'γ'],
    ['v', '-', 'ν'],
    ['u', '-', 'υ'],
    ['h', 'һ', '-'],
    ['k', 'к', 'κ'],
    ['m', 'м', '-'],
    ['n', 'п', 'η'],
    ['A', 'А', 'Α'],
    ['B', 'В', 'Β'],
    ['C', 'С', '-'],
    ['E', 'Е', 'Ε'],
    ['H', 'Н', 'Η'],
    ['I', 'І', 'Ι'],
    ['J', 'Ј', '-'],
    ['K', 'К', 'Κ'],
    ['M', 'М', 'Μ'],
    ['N', '-', 'Ν'],
    ['O', 'О', 'Ο'],
    ['P', 'Р', 'Ρ'],
    ['S', 'Ѕ', '-'],
    ['T', 'Т', 'Τ'],
    ['X', 'Х', 'Χ'],
    ['Y', 'У', 'Υ'],
    ['Z', '-', 'Ζ'],
    ['é', '-', 'έ'],
    ['ó', '-', 'ό'],
    ['ï', 'ї', 'ϊ'],
];

/// Fewest letters of a word.
const LEAST: usize = 4;

fn column(script: Script) -> Option<usize> {
    match script {
        Script::Latin => Some(0),
        Script::Cyrillic => Some(1),
        Script::Greek => Some(2),
        _ => None,
    }
}

impl Check for MixedScript {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if text.is_address() {
            return;
        }
        let mut start = None;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), ' ')]) {
            let in_word = is_letter(c) || is_mark(c) || c.is_ascii_digit() || c == '_';
            match start {
                None if in_word => start = Some(at),
                Some(first) if !in_word => {
                    check(text, Span::new(first, at), out);
                    start = None;
                }
                _ => {}
            }
        }
    }
}

fn check(text: &Text<'_>, span: Span, out: &mut Out<'_>) {
    let word = &text.value[span.range()];
    // Most words are of one script: they have no ASCII letter, or nothing but ASCII.
    if word.is_ascii() || word.contains(|c: char| c.is_ascii_digit() || c == '_') {
        return;
    }
    let mut counts = [0_usize; 3];
    for c in word.chars().filter(|&c| is_letter(c)) {
        match column(script(c)) {
            Some(column) => counts[column] += 1,
            None => return,
        }
    }
    let used = counts.iter().filter(|&&count| count > 0).count();
    if used != 2 || counts.iter().sum::<usize>() < LEAST || is_joined(word) {
        return;
    }
    let own = match text.language() {
        "ru" | "uk" | "bg" | "be" | "sr" | "mk" | "kk" | "ky" | "mn" | "tg" => 1,
        "el" => 2,
        _ => 0,
    };
    let major = (0..3)
        .max_by_key(|&column| (counts[column], column == own))
        .unwrap_or(0);
    let Some((mended, first)) = mend(word, major) else {
        return;
    };
    let names = ["Latin", "Cyrillic", "Greek"];
    let minor = (0..3)
        .find(|&column| column != major && counts[column] > 0)
        .unwrap_or(0);
    let message = format!(
        "Word \"{word}\" mixes {} and {}: \"{}\" (U+{:04X}) imitates \"{}\".",
        names[major],
        names[minor],
        first.0,
        u32::from(first.0),
        first.1
    );
    out.span(span, message).replace(
        Safety::Unsafe,
        format!("write it in {} letters", names[major]),
        mended,
    );
}

/// Whether the scripts are two blocks of two letters or more each: a stem and an ending.
fn is_joined(word: &str) -> bool {
    let scripts: Vec<Script> = word.chars().filter(|&c| is_letter(c)).map(script).collect();
    let first = scripts.iter().take_while(|&&script| script == scripts[0]).count();
    let rest = &scripts[first..];
    first >= 2 && rest.len() >= 2 && rest.iter().all(|&script| script == rest[0])
}

/// The word in the letters of one script, and the first letter that changed; `None` where a letter
/// has no look-alike.
fn mend(word: &str, major: usize) -> Option<(String, (char, char))> {
    let mut first = None;
    let mut mended = String::with_capacity(word.len());
    for c in word.chars() {
        let foreign = column(script(c)).filter(|&column| column != major);
        let kept = match foreign {
            None => c,
            Some(column) => {
                let own = ALIKE.iter().find(|row| row[column] == c)?[major];
                if own == '-' {
                    return None;
                }
                first.get_or_insert((c, own));
                own
            }
        };
        mended.push(kept);
    }
    Some((mended, first?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_one_letter_of_each_script() {
        for row in ALIKE {
            for (column, c) in row.into_iter().enumerate().filter(|(_, c)| *c != '-') {
                assert_eq!(super::column(script(c)), Some(column), "{c}");
            }
        }
    }
}
