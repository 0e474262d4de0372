//! U018 styled-letters.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::residue::quote;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;
use unicode_normalization::UnicodeNormalization;

pub(crate) const RULE: Rule = Rule {
    code: "U018",
    name: "styled-letters",
    severity: Severity::Warning,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "Mathematical or enclosed letters are used as decoration.",
    why: "No search finds such a word, screen readers spell it, and models see signs of mathematics.",
    how: "Runs of three or more of U+1D400 to U+1D7FF, U+24B6 to U+24E9 and U+1F130 to U+1F189. The fix writes \
          the plain letters and is unsafe.",
    false_positives: "One or two are variables of a formula.",
    source: "UTR #25; UTS #39; NFKC",
    options: &[],
    examples: &[
        Example::bad("𝗕𝗿𝗲𝗮𝗸𝗶𝗻𝗴 news", &["𝗕𝗿𝗲𝗮𝗸𝗶𝗻𝗴"])
            .lang("en")
            .unsafe_fixed("Breaking news"),
        Example::bad("ⓝⓔⓦⓢ", &["ⓝⓔⓦⓢ"]).lang("en").unsafe_fixed("news"),
        Example::good("let 𝑥 be 𝑎𝑏").lang("en"),
        Example::good("① ② ③").lang("en"),
    ],
    wake: Wake::Text(Flags::STYLED),
    check: |_| Ok(Box::new(Styled)),
};

struct Styled;

/// Fewest letters of a decoration.
const LEAST: usize = 3;

fn is_styled(c: char) -> bool {
    matches!(c, '\u{1d400}'..='\u{1d7ff}' | '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}')
}

impl Check for Styled {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut run: Option<(Span, usize)> = None;
        for (at, c) in text.value.char_indices().chain([(text.value.len(), ' ')]) {
            if is_styled(c) {
                let (span, count) = run.get_or_insert((Span::new(at, at), 0));
                span.end = at + c.len_utf8();
                *count += 1;
            } else if let Some((span, _)) = run.take().filter(|(_, count)| *count >= LEAST) {
                let letters = &text.value[span.range()];
                let plain: String = letters.chars().map(letter).nfkc().collect();
                let finding = out.span(
                    span,
                    format!("Letters used as decoration: \"{}\".", quote(letters)),
                );
                if plain != letters {
                    finding.replace(Safety::Unsafe, "write plain letters", plain);
                }
            }
        }
    }
}

/// Negative squared and circled letters have no compatibility mapping of their own.
fn letter(c: char) -> char {
    let code = u32::from(c);
    let base = match code {
        0x1f150..=0x1f169 => 0x1f150,
        0x1f170..=0x1f189 => 0x1f170,
        _ => return c,
    };
    char::from_u32(code - base + u32::from('A')).unwrap_or(c)
}
