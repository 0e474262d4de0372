//! E109 c1-as-cp1252.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::is_garbled;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::charset::Charset;
use crate::text::makeup::{self, Group};
use crate::text::scan::Flags;
use crate::text::legacy;

pub(crate) const RULE: Rule = Rule {
    code: "E109",
    name: "c1-as-cp1252",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A C1 control stands where windows-1252 has a quotation mark or dash.",
    why: "Windows text that was labelled latin-1 keeps bytes 80 to 9F as invisible controls. Quotation \
          marks vanish from the page and words stick together.",
    how: "Every U+0080 to U+009F whose byte windows-1252 defines is reported. The fix puts the \
          windows-1252 character there. Next to Arabic or Cyrillic letters only where windows-1256 or \
          windows-1251 have the same character: otherwise the byte was another letter and there is \
          no fix. Inside a word where windows-1252 has `†`, `‡` or the like and Mac Roman a letter \
          the fix is that letter, and unsafe.",
    false_positives: "U+0085 before a line end is NEL (rule U011). Lines and words that E101 to E104 \
                      repair are left to them.",
    source: "WHATWG Encoding Standard, index windows-1252",
    options: &[],
    examples: &[
        Example::bad("dollar\u{92}s fall", &["\u{92}"])
            .lang("en")
            .fixed("dollar’s fall"),
        Example::bad("قال \u{93}نعم\u{94}", &["\u{93}", "\u{94}"]).fixed("قال “نعم”"),
        Example::bad("كتا\u{8a}ب", &["\u{8a}"]),
        Example::bad("El jard\u{92}n est\u{87}tico", &["\u{92}", "\u{87}"])
            .lang("es")
            .unsafe_fixed("El jardín estático"),
        Example::good("“dollar’s”").lang("en"),
        Example::good("line\u{85}\nnext").lang("en"),
    ],
    wake: Wake::Text(Flags::C1),
    check: |_| Ok(Box::new(C1AsCp1252)),
};

/// What a C1 control at a place should be: the windows-1252 character and whether the letters
/// around it agree. `None` when windows-1252 does not define the byte, or NEL ends a line.
fn meant(text: &str, at: usize, c: char) -> Option<(char, bool)> {
    let byte = c as u8;
    let should = Charset::WINDOWS_1252.decode_byte(byte);
    let after = &text[at + c.len_utf8()..];
    if should == c || (c == '\u{85}' && (after.is_empty() || after.starts_with(['\n', '\r']))) {
        return None;
    }
    let nearest = text[..at]
        .chars()
        .rev()
        .chain(after.chars())
        .take_while(|&c| c != '\n')
        .find(|c| c.is_alphabetic());
    let local = match nearest.and_then(makeup::group) {
        Some(Group::Arabic) => Charset::WINDOWS_1256,
        Some(Group::Cyrillic) => Charset::WINDOWS_1251,
        _ => Charset::WINDOWS_1252,
    };
    Some((should, local.decode_byte(byte) == should))
}

/// Whether C1 controls inside words are letters of Mac Roman: one of them stands between small letters
/// where windows-1252 has a sign or a capital.
fn is_macintosh(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        let odd = matches!(Charset::WINDOWS_1252.decode_byte(c as u8), 'ƒ' | '„' | '†' | '‡' | 'ˆ' | '‰' | '‹' | '˜' | 'Ž');
        ('\u{80}'..='\u{9f}').contains(&c)
            && odd
            && macintosh(text, at, c).is_some_and(char::is_lowercase)
    })
}

/// The Mac Roman letter of a C1 control between small letters.
fn macintosh(text: &str, at: usize, c: char) -> Option<char> {
    let letter = Charset::MAC_ROMAN.decode_byte(c as u8);
    let before = text[..at].chars().next_back()?;
    let after = text[at + c.len_utf8()..].chars().next()?;
    (letter.is_alphabetic() && before.is_lowercase() && after.is_lowercase()).then_some(letter)
}

struct C1AsCp1252;

impl Check for C1AsCp1252 {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let mut swapped: Option<bool> = None;
        let mut mac: Option<bool> = None;
        for (at, c) in text.value.char_indices() {
            if !('\u{80}'..='\u{9f}').contains(&c) {
                continue;
            }
            let Some((should, sure)) = meant(text.value, at, c) else {
                continue;
            };
            let swapped = *swapped.get_or_insert_with(|| {
                legacy::may_be_swapped(text.value) && legacy::swap(text.value, text.lines()).is_some()
            });
            if swapped || is_garbled(text, at) || in_garbled_word(text, at) {
                continue;
            }
            let span = at..at + c.len_utf8();
            let mac = *mac.get_or_insert_with(|| is_macintosh(text.value));
            if let Some(letter) = macintosh(text.value, at, c).filter(|_| mac) {
                let message = format!("C1 control U+{:04X} stands for mac-roman \"{letter}\".", c as u32);
                out.span(span, message)
                    .replace(Safety::Unsafe, "put the Mac Roman letter there", letter);
                continue;
            }
            let message = format!(
                "C1 control U+{:04X} stands for windows-1252 \"{should}\".",
                c as u32
            );
            let found = out.span(span, message);
            if sure {
                found.replace(Safety::Safe, "put the windows-1252 character there", should);
            }
        }
    }
}

/// Whether E102 or E105 report the word that holds a byte.
fn in_garbled_word(text: &Text<'_>, at: usize) -> bool {
    text.restored().iter().any(|(line, restored)| {
        line.range().contains(&at)
            && restored
                .words
                .iter()
                .any(|word| word.span.range().contains(&(at - line.start)))
    })
}
