//! A016 ocr-noise.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "A016",
    name: "ocr-noise",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "A line looks like what character recognition makes of a bad scan.",
    why: "Its words exist nowhere, and models learn to write them.",
    how: "A line of eight tokens or more of which more than `share` are a single letter, a mix of letters and \
          digits, or nothing but punctuation.",
    false_positives: "Tables of results have numbers and words, which do not count. Formulas and crosswords look alike.",
    source: "OSCAR's noisy annotation; measured on news",
    options: &[OptionDef {
        name: "share",
        kind: OptionKind::Number(0.45, 0.1, 1.0),
        doc: "Share of odd tokens above which a line is reported.",
    }],
    examples: &[
        Example::bad(
            "ا لحكو مه ١ل قر ر ت ،؛ ا ل ي و م",
            &["ا لحكو مه ١ل قر ر ت ،؛ ا ل ي و م"],
        ),
        Example::bad(
            "Th3 r n1n i ster vv a s h ere t0 day 0f",
            &["Th3 r n1n i ster vv a s h ere t0 day 0f"],
        )
        .lang("en"),
        Example::good("1 Ajax 2 0 1 3 4 6 Inter 5").lang("en"),
        Example::good("قال الوزير إن المدينة عادت إلى الحياة بعد الشتاء"),
        Example::good("I am a boy and I have a dog").lang("en"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(OcrNoise {
            share: options.number("share"),
        }))
    },
};

struct OcrNoise {
    share: f64,
}

/// Fewest tokens of a line that is judged.
const LEAST: usize = 8;

impl Check for OcrNoise {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for line in text.lines() {
            let (mut tokens, mut odd) = (0_usize, 0_usize);
            for token in line.text(text.value).split_whitespace() {
                tokens += 1;
                odd += usize::from(is_odd(token));
            }
            let score = odd as f64 / tokens.max(1) as f64;
            if tokens >= LEAST && score > self.share {
                out.span(
                    line.trimmed,
                    format!("Line looks like the noise of character recognition (score {score:.2})."),
                );
            }
        }
    }
}

fn is_odd(token: &str) -> bool {
    let (mut letters, mut digits, mut capitals, mut others) = (0, 0, 0, 0);
    for c in token.chars() {
        letters += usize::from(c.is_alphabetic());
        digits += usize::from(c.is_numeric());
        capitals += usize::from(c.is_uppercase());
        others += usize::from(!c.is_alphanumeric());
    }
    match (letters, digits) {
        // One sign apart is a matter of typing.
        (0, 0) => others > 1 && !token.contains(['-', '–', '—', '.', '*', '=', '_']),
        (1, 0) => others == 0 && !WORDS.contains(&token),
        (_, 0) | (0, _) => false,
        // Codes have capitals, hyphens or full stops: `IA-64`, `14D2`, `1.4.19-4woody1`.
        _ => others == 0 && capitals <= 1 && !token.starts_with("0x"),
    }
}

/// Words of one letter.
const WORDS: [&str; 14] = [
    "a", "I", "A", "و", "y", "o", "e", "à", "и", "в", "с", "к", "о", "у",
];
