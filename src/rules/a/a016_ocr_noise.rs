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
            "ا لحكو مه ١ل قر ر ت ،. 'ا لي و م",
            &["ا لحكو مه ١ل قر ر ت ،. 'ا لي و م"],
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
    let (mut letters, mut digits, mut others) = (0, 0, 0);
    for c in token.chars() {
        if c.is_alphabetic() {
            letters += 1;
        } else if c.is_numeric() {
            digits += 1;
        } else {
            others += 1;
        }
    }
    match (letters, digits) {
        (0, 0) => !matches!(token, "-" | "–" | "—" | "|" | "/" | "&" | "•"),
        (1, 0) => {
            others == 0
                && !matches!(
                    token,
                    "a" | "I" | "A" | "و" | "y" | "o" | "e" | "à" | "и" | "в" | "с" | "к" | "о" | "у" | "я"
                )
        }
        (_, 0) | (0, _) => false,
        // `2nd`, `F16`, `COVID19` have one change between letters and digits.
        _ => token.len() > 1 && letters + digits <= 4 || changes(token) > 1,
    }
}

/// How often a token changes between letters and digits.
fn changes(token: &str) -> usize {
    let kinds: Vec<bool> = token
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(char::is_numeric)
        .collect();
    kinds.windows(2).filter(|pair| pair[0] != pair[1]).count()
}
