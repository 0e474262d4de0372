//! L002 unknown-licence-id.

use crate::finding::{Safety, Severity};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field, licence};
use crate::source::json::write_string;
use spdx::{Expression, ParseMode};

pub(crate) const RULE: Rule = Rule {
    code: "L002",
    name: "unknown-licence-id",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A licence is not an SPDX expression.",
    why: "`Creative Commons` is six licences in four versions. Programs that pick records by licence read \
          identifiers.",
    how: "`license` is an expression of SPDX identifiers (`CC-BY-4.0`, `MIT OR Apache-2.0`), deprecated ones \
          included, or of `LicenseRef-…` names for what has none. Runs only with a corpus.toml or a schema. \
          The fix writes the identifier for spellings of a closed table (`CC BY 4.0`, the address of a \
          Creative Commons deed, other case) and is safe. A text in `rights` or `usage_terms` is not an \
          identifier and is not checked.",
    false_positives: "",
    source: "SPDX 3 annex B and licence list",
    options: &[],
    examples: &[
        Example::bad(r#"{"license":"creative commons"}"#, &["*"]),
        Example::bad(r#"{"license":"CC-BY-5.0"}"#, &["*"]),
        Example::bad(r#"{"license":"CC BY 4.0"}"#, &["*"]).fixed(r#"{"license":"CC-BY-4.0"}"#),
        Example::bad(r#"{"license":"cc-by-sa-4.0"}"#, &["*"]).fixed(r#"{"license":"CC-BY-SA-4.0"}"#),
        Example::bad(
            r#"{"license":"https://creativecommons.org/licenses/by-nc/4.0/deed.ar"}"#,
            &["*"],
        )
        .fixed(r#"{"license":"CC-BY-NC-4.0"}"#),
        Example::bad(r#"{"license":"MIT License"}"#, &["*"]).fixed(r#"{"license":"MIT"}"#),
        Example::good(r#"{"license":"CC-BY-SA-4.0"}"#),
        Example::good(r#"{"license":"LicenseRef-x"}"#),
        Example::good(r#"{"license":"MIT OR Apache-2.0"}"#),
        Example::good(r#"{"license":"GPL-2.0"}"#),
        Example::good(r#"{"license":null}"#),
        Example::good(r#"{"rights":"all rights with the publisher"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(UnknownLicence)),
};

struct UnknownLicence;

/// Identifiers as the list writes them, deprecated ones too; nothing that is merely alike.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

impl Check for UnknownLicence {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some((value, text)) = licence::own(record).filter(|_| record.governed) else {
            return;
        };
        let is_id = ["license", "licence", "license_id"].iter().any(|name| {
            record
                .root
                .get(name)
                .is_some_and(|member| member.index() == value.index())
        });
        if !is_id || Expression::parse_mode(text, MODE).is_ok() {
            return;
        }
        let message = format!(
            "\"{}\" is not an SPDX expression; use an identifier or LicenseRef-….",
            field::piece(text)
        );
        let finding = out.field(value, message);
        if let Some(id) = alias(text) {
            let mut literal = String::new();
            write_string(&mut literal, &id, false);
            finding.set(Safety::Safe, format!("write {id}"), literal);
        }
    }
}

/// Spellings of one licence each, as [`key`] leaves them.
const ALIASES: [(&str, &str); 33] = [
    ("cc0", "CC0-1.0"),
    ("cc0 1.0 universal", "CC0-1.0"),
    ("creative commons zero", "CC0-1.0"),
    ("creative commons zero 1.0", "CC0-1.0"),
    ("mit license", "MIT"),
    ("the mit license", "MIT"),
    ("mit licence", "MIT"),
    ("expat", "MIT"),
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("apache license, version 2.0", "Apache-2.0"),
    ("asl 2.0", "Apache-2.0"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("new bsd license", "BSD-3-Clause"),
    ("odbl", "ODbL-1.0"),
    ("odbl 1.0", "ODbL-1.0"),
    ("open database license", "ODbL-1.0"),
    ("odc by", "ODC-By-1.0"),
    ("odc by 1.0", "ODC-By-1.0"),
    ("pddl", "PDDL-1.0"),
    ("gplv3", "GPL-3.0-only"),
    ("gpl v3", "GPL-3.0-only"),
    ("gplv2", "GPL-2.0-only"),
    ("gpl v2", "GPL-2.0-only"),
    ("gfdl 1.3", "GFDL-1.3-only"),
    ("ogl 3.0", "OGL-UK-3.0"),
    ("open government licence v3.0", "OGL-UK-3.0"),
    ("unlicense", "Unlicense"),
    ("the unlicense", "Unlicense"),
    ("wtfpl", "WTFPL"),
];

/// Small letters, one space for each run of spaces, low lines and dashes.
fn key(text: &str) -> String {
    let words: Vec<String> = text
        .split([' ', '_', '-', '\u{a0}', '\u{2010}', '\u{2011}'])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}

fn alias(text: &str) -> Option<String> {
    if let Some(id) = creative_commons(text) {
        return Some(id);
    }
    let key = key(text);
    let known = ALIASES
        .iter()
        .find(|(name, _)| key == *name)
        .map(|(_, id)| (*id).to_owned());
    known.or_else(|| {
        // The identifier itself in other case, or with spaces for dashes.
        spdx::identifiers::LICENSES
            .iter()
            .map(|licence| licence.name)
            .find(|name| self::key(name) == key)
            .map(str::to_owned)
    })
}

/// The identifier for an address of a deed or `CC BY-SA 3.0`, `Creative Commons Attribution 4.0`.
fn creative_commons(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let id = match lower.split_once("creativecommons.org/") {
        Some((_, path)) => {
            let mut parts = path.split('/');
            match (
                parts.next()?,
                parts.next()?,
                parts.next()?,
                parts.next().unwrap_or_default(),
            ) {
                ("licenses", kind, version, port)
                    if port.is_empty() || port.starts_with("deed") || port == "legalcode" =>
                {
                    format!("CC-{}-{version}", kind.to_uppercase())
                }
                ("publicdomain", "zero", version, _) => format!("CC0-{version}"),
                _ => return None,
            }
        }
        None => {
            let key = key(text)
                .replace("creative commons", "cc")
                .replace(" international", "");
            let key = key
                .replace("attribution", "by")
                .replace("noncommercial", "nc")
                .replace("non commercial", "nc")
                .replace("sharealike", "sa")
                .replace("share alike", "sa")
                .replace("noderivatives", "nd")
                .replace("noderivs", "nd");
            let rest = key.strip_prefix("cc ")?;
            format!("CC-{}", rest.to_uppercase().replace(' ', "-"))
        }
    };
    spdx::license_id(&id).map(|id| id.name.to_owned())
}
