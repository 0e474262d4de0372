//! L003 opt-out-recorded.

use crate::finding::Severity;
use crate::record::{Kind, Value};
use crate::rules::opt_out::{DEPTH, SIGNALS, has_agreement, is_named};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "L003",
    name: "opt-out-recorded",
    severity: Severity::Error,
    scope: Scope::Record,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "The record itself says that its publisher reserves this use.",
    why: "A reservation in machine-readable form ends the exception for text and data mining. Whoever \
          publishes the record had it on file.",
    how: "Members of the record, of objects in it, or of the JSON in `metadata`: `robots` that says disallow \
          (or denied, blocked, false, noai, noindex), `x_robots_tag` with noai, noimageai, noindex or none, \
          `tdm_reservation` 1, `content_usage` or `content_signal` that says no to training (`ai=n`, \
          `train-ai=n`, `ai-train=no`), `ai_txt` and `trust_txt` that say disallow or no. Dashes and low \
          lines are alike in names. Leave the record out, or record the agreement that allows it: a \
          `LicenseRef-…` licence or a member `agreement`, `agreement_id` or `license_agreement`.",
    false_positives: "Robots rules for other programs than collectors of training data may be what was recorded: \
                      record the answer for yours.",
    source: "RFC 9309; W3C TDM Reservation Protocol; draft-ietf-aipref-attach; EU 2019/790 article 4(3)",
    options: &[],
    examples: &[
        Example::bad(r#"{"tdm_reservation":1}"#, &["*"]),
        Example::bad(r#"{"robots":"disallow"}"#, &["*"]),
        Example::bad(r#"{"headers":{"X-Robots-Tag":"noai, noimageai"}}"#, &["*"]),
        Example::bad(r#"{"metadata":"{\"tdm-reservation\": \"1\"}"}"#, &["*"]),
        Example::bad(r#"{"content_usage":"train-ai=n"}"#, &["*"]),
        Example::good(r#"{"robots":"allow","tdm_reservation":0}"#),
        Example::good(r#"{"robots":"disallow","license":"LicenseRef-agreement-12"}"#),
        Example::good(r#"{"tdm_reservation":1,"agreement_id":"A-7"}"#),
        Example::good(r#"{"robots":null,"x_robots_tag":"max-snippet:20","content_usage":"train-ai=y"}"#),
        Example::good(r#"{"body":"robots: disallow"}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(OptOut)),
};

struct OptOut;

impl Check for OptOut {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        look(record.root, DEPTH, &mut |value, signal| {
            if !has_agreement(record) {
                out.field(value, format!("Publisher signal reserves this use: {signal}."));
            }
        });
    }
}

fn look<'a>(object: Value<'a>, depth: usize, report: &mut dyn FnMut(Value<'a>, String)) {
    for (key, value) in object.members() {
        let Some(name) = key.as_str() else { continue };
        match value.kind() {
            Kind::Object if depth > 0 => look(value, depth - 1, report),
            Kind::Object | Kind::Array | Kind::Null => {}
            _ if name == "metadata" => {
                if let Some(signal) = value.as_str().and_then(embedded) {
                    report(value, signal);
                }
            }
            _ => {
                let text = value.as_str().unwrap_or_else(|| value.raw());
                if let Some(signal) = signal(name, text) {
                    report(value, signal);
                }
            }
        }
    }
}

/// The first signal in JSON that is written in a string.
fn embedded(text: &str) -> Option<String> {
    let cue = ["obots", "tdm", "TDM", "ontent", "ai_txt", "ai-txt", "trust"];
    if !cue.iter().any(|cue| text.contains(cue)) {
        return None;
    }
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut objects = vec![&value];
    while let Some(object) = objects.pop() {
        for (name, value) in object.as_object()? {
            let found = match value {
                serde_json::Value::String(text) => signal(name, text),
                serde_json::Value::Number(_) | serde_json::Value::Bool(_) => signal(name, &value.to_string()),
                serde_json::Value::Object(_) => {
                    objects.push(value);
                    None
                }
                _ => None,
            };
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// Words that forbid.
const NO: [&str; 8] = [
    "disallow",
    "disallowed",
    "deny",
    "denied",
    "blocked",
    "forbidden",
    "no",
    "false",
];
/// Directives that forbid.
const TAGS: [&str; 4] = ["noai", "noimageai", "noindex", "none"];

/// What a member says, where it reserves the use.
fn signal(name: &str, text: &str) -> Option<String> {
    let name = SIGNALS.iter().find(|signal| is_named(name, signal))?;
    let text = text.trim().to_ascii_lowercase();
    let says = |words: &[&str]| {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=')))
            .any(|word| words.contains(&word))
    };
    let reserved = match *name {
        "tdm_reservation" => matches!(text.as_str(), "1" | "true" | "yes"),
        "x_robots_tag" | "robots_meta" => says(&TAGS),
        "robots" | "robots_txt" => says(&NO) || says(&TAGS[..3]),
        "ai_txt" | "trust_txt" => says(&NO),
        _ => says(&[
            "ai=n",
            "train-ai=n",
            "train-genai=n",
            "ai-train=no",
            "tdm=n",
            "bots=n",
        ]),
    };
    reserved.then(|| format!("{name}={}", text.chars().take(40).collect::<String>()))
}
