//! A001 arabic-presentation-form.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::encoding::{head, is_garbled, line_at};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::arabic;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "A001",
    name: "arabic-presentation-form",
    severity: Severity::Error,
    scope: Scope::Span,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "Text holds shapes of Arabic letters instead of the letters.",
    why: "PDF files and old fonts store the joined shapes of letters as code points of their own. They \
          look right, but no search finds the word and a tokenizer sees unknown characters.",
    how: "Runs of U+FB50 to U+FDFB and U+FE70 to U+FEFC are reported. The fix puts the letters there \
          (the compatibility decomposition; a lam-alef becomes two letters, the form of a mark the \
          mark). On a line in visual order (A002) there is no fix: its letters must be reversed first.",
    false_positives: "Ornate brackets, ﷲ, ﷺ, ﷻ, ﷼, ﷽ and the honorifics U+FD40 to U+FD4F are characters \
                      of their own and stay.",
    source: "Unicode 9.2, Arabic Presentation Forms; CAMeL Tools",
    options: &[],
    examples: &[
        Example::bad(
            "\u{fe8d}\u{fedf}\u{fecc}\u{feae}\u{fe8f}",
            &["\u{fe8d}\u{fedf}\u{fecc}\u{feae}\u{fe8f}"],
        )
        .fixed("العرب"),
        Example::bad("\u{fefb} أحد هنا", &["\u{fefb}"]).fixed("لا أحد هنا"),
        Example::good("صلى الله عليه وسلم ﷺ"),
        Example::good("لا شك"),
        Example::good("﴿والعصر﴾ 5 ﷼"),
    ],
    wake: Wake::Text(Flags::ARABIC_FORM),
    check: |_| Ok(Box::new(PresentationForm)),
};

/// Runs of presentation forms and the letters they stand for.
fn runs(text: &Text<'_>) -> Vec<(Span, String)> {
    let mut runs: Vec<(Span, String)> = Vec::new();
    let char_at = |&at: &usize| Some((at, text.value.get(at..)?.chars().next()?));
    let chars = text.places().iter().filter_map(char_at);
    for (at, c) in chars.filter(|&(_, c)| arabic::is_form(c)) {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some((span, letters)) if span.end == at => {
                span.end = end;
                arabic::push_letters(c, letters);
            }
            _ => {
                let mut letters = String::new();
                arabic::push_letters(c, &mut letters);
                runs.push((Span::new(at, end), letters));
            }
        }
    }
    runs
}

struct PresentationForm;

impl Check for PresentationForm {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let runs = runs(text);
        if runs.is_empty() {
            return;
        }
        // Line of the last decision, so that a line full of forms is judged once.
        let mut judged: Option<(Span, bool, bool)> = None;
        for (span, letters) in runs {
            let line = line_at(text.lines(), span.start).unwrap_or(span);
            let (garbled, visual) = match judged {
                Some((known, garbled, visual)) if known == line => (garbled, visual),
                _ => (
                    is_garbled(text, span.start),
                    arabic::is_visual(&text.value[line.range()]),
                ),
            };
            judged = Some((line, garbled, visual));
            if garbled {
                continue;
            }
            let message = format!(
                "Presentation form \"{}\" (PDF or legacy font) instead of letters.",
                head(&text.value[span.range()])
            );
            let builder = out.span(span, message);
            if !visual {
                builder.replace(Safety::Safe, "put the letters there", letters);
            }
        }
    }
}
