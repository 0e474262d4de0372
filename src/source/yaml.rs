//! YAML front matter to JSON members.

use super::Back;
use super::render::{Member, push_string};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use std::sync::Arc;

/// Longest front matter.
const MAX_BYTES: usize = 64 * 1024;
/// Most aliases: each can at most double what it stands for, so this bounds the expansion.
const MAX_ALIASES: usize = 8;
/// Most openings of a nested collection, and deepest indentation: the reader works recursively.
const MAX_NESTING: usize = 500;

/// Splits `---` front matter from a text: the YAML and where the rest starts. `None`: there is none.
pub(super) fn split(text: &str) -> Option<(&str, usize)> {
    let start = text.strip_prefix("---")?;
    let line_end = start.find('\n')?;
    if !start[..line_end].trim_end().is_empty() {
        return None;
    }
    let begin = 3 + line_end + 1;
    let mut at = begin;
    for line in text[begin..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&text[begin..at], at + line.len()));
        }
        at += line.len();
    }
    None
}

/// The members of a YAML mapping.
pub(super) fn members(yaml: &str) -> Result<Vec<Member>, String> {
    check(yaml)?;
    let documents = Yaml::load_from_str(yaml).map_err(|error| error.to_string())?;
    match documents.as_slice() {
        [] | [Yaml::Value(Scalar::Null)] => Ok(Vec::new()),
        [Yaml::Mapping(mapping)] => Ok(mapping
            .iter()
            .map(|(key, value)| {
                let mut literal = String::new();
                push_value(&mut literal, value);
                Member::new(&Arc::from(key_text(key)), literal, Back::Nowhere)
            })
            .collect()),
        _ => Err("the front matter is not a mapping of names to values".to_owned()),
    }
}

/// Refuses what would cost more memory or stack than front matter is worth.
fn check(yaml: &str) -> Result<(), String> {
    if yaml.len() > MAX_BYTES {
        return Err(format!("the front matter is longer than {} KiB", MAX_BYTES >> 10));
    }
    let bytes = yaml.as_bytes();
    let opens = bytes.iter().filter(|byte| matches!(byte, b'[' | b'{')).count();
    let indicators = |line: &str| line.matches("- ").count() + line.matches("? ").count();
    let indented = yaml
        .lines()
        .map(|line| indicators(line) + line.len() - line.trim_start_matches(' ').len())
        .max();
    if opens > MAX_NESTING || indented > Some(MAX_NESTING) {
        return Err("the front matter is nested too deeply".to_owned());
    }
    let name_follows = |mark: u8| {
        bytes
            .windows(3)
            .filter(|w| w[1] == mark && !w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphanumeric())
            .count()
    };
    if name_follows(b'&') > 0 && name_follows(b'*') > MAX_ALIASES {
        return Err(format!("the front matter has more than {MAX_ALIASES} aliases"));
    }
    Ok(())
}

fn key_text(key: &Yaml<'_>) -> String {
    match key {
        Yaml::Value(Scalar::String(text)) | Yaml::Representation(text, ..) => text.to_string(),
        other => {
            let mut text = String::new();
            push_value(&mut text, other);
            text
        }
    }
}

fn push_value(out: &mut String, value: &Yaml<'_>) {
    match value {
        Yaml::Value(Scalar::Null) | Yaml::Alias(_) | Yaml::BadValue => out.push_str("null"),
        Yaml::Value(Scalar::Boolean(value)) => out.push_str(if *value { "true" } else { "false" }),
        Yaml::Value(Scalar::Integer(value)) => out.push_str(&value.to_string()),
        Yaml::Value(Scalar::FloatingPoint(value)) => match serde_json::Number::from_f64(value.into_inner()) {
            Some(number) => out.push_str(&number.to_string()),
            None => out.push_str("null"),
        },
        Yaml::Value(Scalar::String(text)) | Yaml::Representation(text, ..) => push_string(out, text),
        Yaml::Tagged(_, inner) => push_value(out, inner),
        Yaml::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_value(out, item);
            }
            out.push(']');
        }
        Yaml::Mapping(mapping) => {
            out.push('{');
            for (index, (key, item)) in mapping.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_string(out, &key_text(key));
                out.push(':');
                push_value(out, item);
            }
            out.push('}');
        }
    }
}
