//! S008 empty-field.

use crate::finding::Severity;
use crate::record::{Role, Value};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

pub(crate) const RULE: Rule = Rule {
    code: "S008",
    name: "empty-field",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A field that plays a part holds no visible character.",
    why: "An empty text or title passes every check of type and presence and then trains a model on \
          nothing. Most empty texts at once are how a broken crawler looks.",
    how: "Looks at the fields named in `[fields]`: id, text, title, url, language, source, the two \
          times and the authors. White space, controls, default-ignorable code points (zero-width \
          and bidirectional marks, variation selectors), U+2800 and U+FFFC are not visible. An \
          absent field and `null` are not this rule's business.",
    false_positives: "",
    source: "UAX #44, White_Space and Default_Ignorable_Code_Point",
    options: &[],
    examples: &[
        Example::bad(r#"{"title":"\u200f \u00a0","body":"نص"}"#, &["*"]),
        Example::bad(r#"{"title":"خبر","body":""}"#, &["*"]),
        Example::bad(r#"{"title":"خبر","body":"نص","authors":["أحمد",""]}"#, &["*"]),
        Example::good(r#"{"title":"١٤","body":"نص"}"#),
        Example::good(r#"{"title":"😀","body":"نص","authors":[]}"#),
        Example::good(r#"{"title":"خبر","body":"نص","summary":""}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(EmptyField)),
};

struct EmptyField;

impl EmptyField {
    fn value(value: Value<'_>, name: &str, out: &mut Out<'_>) {
        if value.as_str().is_some_and(|text| text.chars().all(invisible)) {
            out.field(
                value,
                format!("Field \"{}\" holds no visible character.", field::piece(name)),
            );
        }
    }
}

impl Check for EmptyField {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        for value in Role::ALL.into_iter().filter_map(|role| record.role(role)) {
            let name = field::name(record, value);
            Self::value(value, name, out);
            value
                .elements()
                .for_each(|element| Self::value(element, name, out));
        }
    }
}

fn invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{2800}' | '\u{fffc}')
        || (!c.is_ascii() && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c))
}
