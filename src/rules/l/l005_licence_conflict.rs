//! L005 licence-conflict.

use crate::finding::Severity;
use crate::rules::residue::{line_of, quote};
use crate::rules::{Check, Example, Out, PhraseKind, Rule, Scope, Status, Text, Wake, field, licence};
use crate::text::fold::phrase_fold;

pub(crate) const RULE: Rule = Rule {
    code: "L005",
    name: "licence-conflict",
    severity: Severity::Warning,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The article is declared open, and its page says otherwise.",
    why: "A licence of the site does not cover what it took from an agency, and a page that reserves all \
          rights was not given away by its author.",
    how: "The record or the project declares an open licence (Creative Commons, CC0, ODC, MIT…), and a line \
          of the article reserves all rights (table B011) or is the credit of a news agency (table B033). \
          Declare what holds for the article, or leave it out.",
    false_positives: "A line that names Creative Commons is no conflict. Agreements (`LicenseRef-…`) are none either.",
    source: "IPTC usageTerms; terms of news agencies",
    options: &[],
    examples: &[
        Example::bad(
            "{\"license\":\"CC-BY-4.0\",\"body\":\"عاد الصيادون.\\n\\nجميع الحقوق محفوظة\"}",
            &["جميع الحقوق محفوظة"],
        ),
        Example::bad(
            "{\"license\":\"CC0-1.0\",\"body\":\"The ferry is back.\\n(AFP)\"}",
            &["(AFP)"],
        ),
        Example::bad(
            "{\"license\":\"CC-BY-SA-4.0\",\"body\":\"The ferry is back.\\n\\n© 2024 The Paper. All rights reserved.\"}",
            &["© 2024 The Paper. All rights reserved."],
        ),
        Example::good(
            "{\"license\":\"LicenseRef-agreement\",\"body\":\"The ferry is back.\\n\\nAll rights reserved.\"}",
        ),
        Example::good(
            "{\"license\":\"CC-BY-4.0\",\"body\":\"The ferry is back.\\n\\n© 2024 The Paper, CC BY 4.0\"}",
        ),
        Example::good("{\"body\":\"The ferry is back.\\n\\nAll rights reserved.\"}"),
        Example::good(
            "{\"license\":\"CC0-1.0\",\"body\":\"All rights reserved for players were sold, he said (AFP reported).\"}",
        ),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(LicenceConflict)),
};

struct LicenceConflict;

/// Reservations, folded.
const RESERVED: [&str; 14] = [
    "all rights reserved",
    "الحقوق محفوظة",
    "حقوق النشر محفوظة",
    "كليه حقوق",
    "تمامي حقوق",
    "tous droits réservés",
    "todos los derechos reservados",
    "alle rechte vorbehalten",
    "todos os direitos reservados",
    "все права защищены",
    "tüm hakları saklıdır",
    "版权所有",
    "無断転載",
    "hak cipta dilindungi",
];

impl Check for LicenceConflict {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let Some(declared) = licence::of(text.record).filter(|licence| licence::is_open(licence)) else {
            return;
        };
        let mut folded = String::new();
        for hit in text.phrases() {
            let line = line_of(text, hit);
            let evidence = match hit.code {
                "B011" => {
                    phrase_fold(line, &mut folded);
                    let common = ["creative commons", "cc by", "cc-by", "cc0"]
                        .iter()
                        .any(|open| folded.contains(open));
                    // A sentence may speak of reserved rights; a notice is little else.
                    let notice = hit.cover >= 0.5 || hit.kind == PhraseKind::Line || line.contains('©');
                    !common && notice && RESERVED.iter().any(|reserved| folded.contains(reserved))
                }
                "B033" => true,
                _ => false,
            };
            if evidence {
                out.span(
                    text.lines()[hit.line].trimmed,
                    format!(
                        "Declared {}, but the page says \"{}\".",
                        field::piece(declared),
                        quote(line)
                    ),
                );
            }
        }
    }
}
