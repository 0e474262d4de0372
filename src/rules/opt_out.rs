//! Where records say whether their publisher reserves a use, and what agreement there is.

use super::{Record, licence};
use crate::record::{Kind, Value};

/// How deep objects are looked into.
pub(crate) const DEPTH: usize = 2;

/// Members that hold signals.
pub(crate) const SIGNALS: [&str; 9] = [
    "robots",
    "robots_txt",
    "robots_meta",
    "x_robots_tag",
    "tdm_reservation",
    "content_usage",
    "content_signal",
    "ai_txt",
    "trust_txt",
];

/// Whether a member has this name, but for case and dashes.
pub(crate) fn is_named(name: &str, signal: &str) -> bool {
    let plain = |byte: u8| {
        if byte == b'-' {
            b'_'
        } else {
            byte.to_ascii_lowercase()
        }
    };
    name.len() == signal.len() && name.bytes().map(plain).eq(signal.bytes())
}

/// Whether the record names an agreement with its publisher.
pub(crate) fn has_agreement(record: &Record<'_>) -> bool {
    let named = ["agreement", "agreement_id", "license_agreement"]
        .iter()
        .any(|name| record.root.get(name).is_some_and(|value| !value.is_null()));
    named || licence::own(record).is_some_and(|(_, licence)| licence.starts_with("LicenseRef-"))
}

/// Whether the record says anything about the wishes of its publisher: a signal, whatever it says, an
/// agreement, or the feed that the publisher delivers.
pub(crate) fn has_evidence(record: &Record<'_>) -> bool {
    has_agreement(record)
        || record.root.get("feed_id").is_some_and(|value| !value.is_null())
        || signals(record.root, DEPTH)
}

fn signals(object: Value<'_>, depth: usize) -> bool {
    object.members().any(|(key, value)| {
        let Some(name) = key.as_str() else { return false };
        match value.kind() {
            Kind::Null => false,
            Kind::Object if depth > 0 => signals(value, depth - 1),
            _ if name == "metadata" => value.as_str().is_some_and(is_written),
            _ => SIGNALS.iter().any(|signal| is_named(name, signal)),
        }
    })
}

/// Whether JSON that is written in a string names a signal.
fn is_written(text: &str) -> bool {
    // The names end in a quote and a colon, whichever object they stand in.
    text.match_indices('"').any(|(at, _)| {
        let rest = &text[at + 1..];
        rest.find('"').is_some_and(|end| {
            rest[end + 1..].trim_start().starts_with(':')
                && SIGNALS.iter().any(|signal| is_named(&rest[..end], signal))
        })
    })
}
