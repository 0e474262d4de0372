//! M011 title-site-suffix.

use crate::finding::{Safety, Severity};
use crate::record::{Role, Span};
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::site::is_site;
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::title;

pub(crate) const RULE: Rule = Rule {
    code: "M011",
    name: "title-site-suffix",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A title ends with the name of its site.",
    why: "The name is the browser's title, not the article's. It repeats in every record of the source, and \
          headlines look alike for it.",
    how: "The last part of the title, behind ` | `, ` - `, ` – `, ` — `, ` :: ` or ` » `, has the letters and \
          digits of `source`, or of the name in the domain of `source` or `url`, with or without an article \
          (`The`, `صحيفة`, `موقع`…) before it; or it is one of `suffixes`. The fix cuts it off and is \
          unsafe.\n\n\
          Where all records are there to be counted, a last part that ends at least 20 titles and 30 % of \
          the titles of its source is reported too, whatever the source is called. Such a finding has no \
          fix, for what is right for one title must not hang on the others: name the part in `suffixes`.",
    false_positives: "Another last part (`Iran – US talks`) is not the site's name and stays. A column whose \
                      name ends the titles of most articles of a source is reported: it is no more part of \
                      the headline than the name of the site.",
    source: "Title heuristics of readability and trafilatura",
    options: &[OptionDef {
        name: "suffixes",
        kind: OptionKind::Strings(&[]),
        doc: "Last parts of titles that are names of sites, whatever the source is called.",
    }],
    examples: &[
        Example::bad(
            r#"{"title":"خبر مهم | صحيفة المثال","source":"صحيفة المثال"}"#,
            &[" | صحيفة المثال"],
        )
        .unsafe_fixed(r#"{"title":"خبر مهم","source":"صحيفة المثال"}"#),
        Example::bad(
            r#"{"title":"Rates rise - Example News","source":"examplenews.test"}"#,
            &[" - Example News"],
        )
        .unsafe_fixed(r#"{"title":"Rates rise","source":"examplenews.test"}"#),
        Example::bad(
            r#"{"title":"Le pont rouvre – Le Quai","url":"https://www.lequai.test/a"}"#,
            &[" – Le Quai"],
        )
        .unsafe_fixed(r#"{"title":"Le pont rouvre","url":"https://www.lequai.test/a"}"#),
        Example::bad(
            r#"{"title":"Мост открыт :: Маяк","source":"Маяк"}"#,
            &[" :: Маяк"],
        )
        .unsafe_fixed(r#"{"title":"Мост открыт","source":"Маяк"}"#),
        Example::bad(
            "20 × {\"title\":\"Ferry delayed # - The Quay\",\"source\":\"lq\"}\n\
             15 × {\"title\":\"Ferry on time #\",\"source\":\"lq\"}\n",
            &["*"; 20],
        )
        .file("titles.jsonl"),
        Example::good(
            "20 × {\"title\":\"Ferry delayed # - The Quay\",\"source\":\"lq\"}\n\
             50 × {\"title\":\"Ferry on time #\",\"source\":\"lq\"}\n",
        )
        .file("titles.jsonl"),
        Example::good(r#"{"title":"Iran – US talks","source":"example.test"}"#),
        Example::good(r#"{"title":"A | B","source":"C"}"#),
        Example::good(r#"{"title":"Example News","source":"Example News"}"#),
        Example::good(r#"{"title":"Well-read","source":"read"}"#),
    ],
    wake: Wake::Record,
    check: |options| {
        Ok(Box::new(SiteSuffix {
            suffixes: options.strings("suffixes"),
        }))
    },
};

struct SiteSuffix {
    suffixes: Vec<String>,
}

impl Check for SiteSuffix {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some((value, title)) = record
            .role(Role::Title)
            .and_then(|value| Some((value, value.as_str()?)))
        else {
            return;
        };
        let Some((at, suffix)) = title::last_part(title) else {
            return;
        };
        if !self.suffixes.iter().any(|known| known == suffix) && !is_site(suffix, record) {
            return;
        }
        let span = Span::new(at, title.len());
        let message = format!("Title ends with the site's name \"{}\".", field::piece(suffix));
        out.span_of(value, span, message)
            .replace(Safety::Unsafe, "cut it off", "");
    }
}
