//! M009 bad-language-tag.

use crate::finding::{Safety, Severity};
use crate::record::Role;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::tag::{Tag, judge};

pub(crate) const RULE: Rule = Rule {
    code: "M009",
    name: "bad-language-tag",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "The language of a record is not written as a BCP 47 tag.",
    why: "`ar`, `AR`, `ara` and `arabic` are four languages to whoever groups by this field.",
    how: "The tag is a language of ISO 639, and perhaps a script, a region, variants and extensions. The fix writes \
          the two-letter code for a three-letter one of the same language, hyphens for underscores, the usual \
          capitals, `GB` for `UK`, the code of a withdrawn one, and the tag for a language's name in English or in \
          itself. Three-letter codes without a two-letter one are taken as they are. What differs from the \
          canonical tag in capitals only is a warning.",
    false_positives: "",
    source: "RFC 5646 (BCP 47); IANA language subtag registry; ISO 639-2, ISO 3166-1",
    options: &[],
    examples: &[
        Example::bad(r#"{"language":"arabic"}"#, &["*"]).fixed(r#"{"language":"ar"}"#),
        Example::bad(r#"{"language":"ar_EG"}"#, &["*"]).fixed(r#"{"language":"ar-EG"}"#),
        Example::bad(r#"{"language":"eng"}"#, &["*"]).fixed(r#"{"language":"en"}"#),
        Example::bad(r#"{"language":"العربية"}"#, &["*"]).fixed(r#"{"language":"ar"}"#),
        Example::bad(r#"{"language":"EN"}"#, &["*"]).fixed(r#"{"language":"en"}"#),
        Example::bad(r#"{"language":"ar, en"}"#, &["*"]),
        Example::bad(r#"{"language":"xx"}"#, &["*"]),
        Example::good(r#"{"language":"ar"}"#),
        Example::good(r#"{"language":"zh-Hant-TW"}"#),
        Example::good(r#"{"language":"arz"}"#),
        Example::good(r#"{"language":"es-419"}"#),
        Example::good(r#"{"title":"خبر"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(BadLanguageTag)),
};

struct BadLanguageTag;

impl Check for BadLanguageTag {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some(value) = record.role(Role::Language) else {
            return;
        };
        let Some(tag) = value.as_str().filter(|tag| !tag.trim().is_empty()) else {
            return;
        };
        // Nearly every record: a code that is known at a glance.
        if matches!(
            tag,
            "ar" | "en" | "fa" | "fr" | "es" | "de" | "ru" | "ur" | "tr" | "pt" | "zh" | "ja" | "hi"
        ) {
            return;
        }
        let shown = field::piece(tag);
        let set = |out: &mut Out<'_>, right: &str| {
            let message = format!("Language \"{shown}\" is not a canonical BCP 47 tag; write \"{right}\".");
            let finding = out.field(value, message);
            let finding = if tag.eq_ignore_ascii_case(right) {
                finding.severity(Severity::Warning)
            } else {
                finding
            };
            finding.set(Safety::Safe, "Write the canonical tag", format!("\"{right}\""));
        };
        match judge(tag) {
            Tag::Good => {}
            Tag::Variant(right) => set(out, &right),
            Tag::Name(right) => set(out, right),
            Tag::Bad(reason) => {
                out.field(
                    value,
                    format!("Language \"{shown}\" is not a BCP 47 tag: {reason}."),
                );
            }
        }
    }
}
