//! Canonical JSON: one text for one value, whatever the file wrote.

use crate::record::{Kind, Value};

/// Writes members as canonical JSON: keys in code point order, no space, minimal escapes, numbers
/// as they were written; the last of repeated members counts.
pub(super) fn canonical_members<S: AsRef<str>>(members: &mut Vec<(S, Value<'_>)>, out: &mut String) {
    members.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
    out.push('{');
    let mut first = true;
    for (i, (key, value)) in members.iter().enumerate() {
        if members
            .get(i + 1)
            .is_some_and(|next| next.0.as_ref() == key.as_ref())
        {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        canonical_string(key.as_ref(), out);
        out.push(':');
        canonical_json(*value, out);
    }
    out.push('}');
}

/// Appends `value` as canonical JSON.
pub fn canonical_json(value: Value<'_>, out: &mut String) {
    match value.kind() {
        Kind::Null | Kind::Bool | Kind::Number => out.push_str(value.raw()),
        Kind::String => canonical_string(value.as_str().unwrap_or_default(), out),
        Kind::Array => {
            out.push('[');
            for (i, element) in value.elements().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical_json(element, out);
            }
            out.push(']');
        }
        Kind::Object => {
            let mut members = value
                .members()
                .map(|(k, v)| (k.as_str().unwrap_or_default(), v))
                .collect();
            canonical_members(&mut members, out);
        }
    }
}

/// Appends a JSON string with the escapes that RFC 8259 demands and no other.
pub(crate) fn canonical_string(text: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (i, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[from..i]);
        if escape.is_empty() {
            out.push_str("\\u00");
            out.push(char::from(b'0' + (byte >> 4)));
            out.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
        } else {
            out.push_str(escape);
        }
        from = i + 1;
    }
    out.push_str(&text[from..]);
    out.push('"');
}
