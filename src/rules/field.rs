//! What several rules say about a field: its name, a short piece of its value.

use super::Record;
use crate::record::{Kind, Value};

/// Longest piece of a value in a message, in characters.
const PIECE: usize = 60;

/// The name of the member that holds this value, or nothing where it is the record itself or an
/// element of an array.
pub(super) fn name<'a>(record: &Record<'a>, value: Value<'a>) -> &'a str {
    // Names stand right before their values.
    value
        .index()
        .checked_sub(1)
        .and_then(|index| record.root.in_tree(index))
        .filter(|name| name.kind() == Kind::String)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// At most [`PIECE`] characters of a text.
pub(super) fn piece(text: &str) -> String {
    match text.char_indices().nth(PIECE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
