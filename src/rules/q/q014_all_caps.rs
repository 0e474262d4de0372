//! Q014 all-caps.

use crate::finding::Severity;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::quality::percent;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "Q014",
    name: "all-caps",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: None,
    status: Status::Preview,
    default: false,
    summary: "Most letters of the text are capitals.",
    why: "Text in capitals is spelled unlike all other text: names cannot be told from words.",
    how: "The share of capitals among letters that have both cases. Texts with fewer than `min-letters` \
          such letters, or with more letters that have no case, are not judged.",
    false_positives: "Acronyms and headlines stay far below the limit.",
    source: "OSCAR and BLOOM filters",
    options: &[OptionDef {
            name: "max-percent",
            kind: OptionKind::Integer(50, 1, 100),
            doc: "Largest share of capitals, in per cent.",
        },
        OptionDef {
            name: "min-letters",
            kind: OptionKind::Integer(100, 1, 1_000_000),
            doc: "Fewest letters with case that are judged.",
        },],
    examples: &[
        Example::bad(
            "THE MAYOR OPENED THE NEW LIBRARY ON THURSDAY MORNING AFTER TWO YEARS OF WORKS. MORE THAN TWENTY THOUSAND BOOKS \
             STAND THERE, SAID THE LIBRARIAN.",
            &["*"],
        )
        .lang("en"),
        Example::bad(
            "МЭР В ЧЕТВЕРГ УТРОМ ОТКРЫЛ НОВУЮ БИБЛИОТЕКУ, КОТОРУЮ ДВА ГОДА РЕМОНТИРОВАЛИ. ЖИТЕЛИ НАЙДУТ В НЕЙ БОЛЕЕ \
             ДВАДЦАТИ ТЫСЯЧ КНИГ И ЧИТАЛЬНЫЙ ЗАЛ.",
            &["*"],
        )
        .lang("ru"),
        Example::good("NATO and the EU met.").lang("en"),
        Example::good("افتتحت البلدية المكتبة FREE WIFI في الحي"),
    ],
    wake: Wake::Body,
    check: |options| {
        Ok(Box::new(AllCaps {
            max_percent: options.integer("max-percent") as usize,
            min_letters: options.integer("min-letters") as usize,
        }))
    },
};

struct AllCaps {
    max_percent: usize,
    min_letters: usize,
}

impl Check for AllCaps {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let (mut capitals, mut cased, mut letters) = (0, 0, 0);
        for c in text.value.chars() {
            letters += usize::from(c.is_alphabetic());
            let capital = c.is_uppercase();
            capitals += usize::from(capital);
            cased += usize::from(capital || c.is_lowercase());
        }
        if cased >= self.min_letters && cased * 2 > letters && capitals * 100 > cased * self.max_percent {
            out.field(
                text.node,
                format!(
                    "{} % of the letters are capitals; at most {} % is usual.",
                    percent(capitals, cased),
                    self.max_percent
                ),
            );
        }
    }
}
