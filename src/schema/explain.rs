//! Why a record does not conform: the validator's errors in this project's words.

use super::{Schema, SchemaError, SchemaErrorKind};
use crate::record::{Kind, Value};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Why};
use std::fmt::Write;

/// Records of more values than this get their first error only: the validator collects all errors
/// of a record before it gives one, and a hostile record has millions.
const MAX_NODES: usize = 100_000;

/// Most errors given for one record.
pub(super) const MAX_ERRORS: usize = 1_000;

/// Longest piece of a value or a schema in a message, in characters.
const PIECE: usize = 60;

pub(super) fn errors(schema: &Schema, root: Value<'_>) -> Vec<SchemaError> {
    let handle = super::value::Handle::Value(root);
    let mut found: Vec<(usize, SchemaError)> = Vec::new();
    if root.node_count() > MAX_NODES {
        if let Err(error) = schema.validator.validate(handle) {
            explain(schema, &error, root, &mut found);
        }
    } else {
        for error in schema.validator.iter_errors(handle) {
            explain(schema, &error, root, &mut found);
        }
    }
    // The validator walks schemas by hash order of their keywords in places.
    found.sort_by(|(a, x), (b, y)| {
        (a, &x.instance, &x.keyword, &x.expected).cmp(&(b, &y.instance, &y.keyword, &y.expected))
    });
    found.dedup_by(|(_, a), (_, b)| a == b);
    found.truncate(MAX_ERRORS);
    found.into_iter().map(|(_, error)| error).collect()
}

fn explain(
    schema: &Schema,
    error: &ValidationError<'_>,
    root: Value<'_>,
    found: &mut Vec<(usize, SchemaError)>,
) {
    let instance = error.instance_path().as_str();
    let value = root.pointer(instance).unwrap_or(root);
    let (kind, expected, message) = describe(error, value);
    found.push((
        value.span().start,
        SchemaError {
            kind,
            instance: instance.to_owned(),
            node: value.index(),
            keyword: error.schema_path().as_str().to_owned(),
            lossless: (kind == SchemaErrorKind::Type)
                .then(|| lossless(schema, error.schema_path().as_str(), &expected, value))
                .flatten(),
            expected,
            message,
        },
    ));
}

/// The value in one of the types expected, where that loses and guesses nothing: an integer as the
/// string of its digits, `"true"` as `true`, one string as a list of one.
fn lossless(schema: &Schema, keyword: &str, expected: &str, value: Value<'_>) -> Option<String> {
    let expects = |name: &str| expected.split(" or ").any(|expected| expected == name);
    let raw = value.raw();
    match value.kind() {
        Kind::Number if expects("string") && raw.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("\"{raw}\""))
        }
        Kind::String if expects("boolean") && matches!(value.as_str(), Some("true" | "false")) => {
            value.as_str().map(str::to_owned)
        }
        Kind::String if expects("array") => {
            let (parent, _) = keyword.rsplit_once('/')?;
            let item = schema.document.pointer(parent)?.get("items")?.get("type")?;
            (item == "string").then(|| format!("[{raw}]"))
        }
        _ => None,
    }
}

fn describe(error: &ValidationError<'_>, value: Value<'_>) -> (SchemaErrorKind, String, String) {
    match error.kind() {
        Why::Required { property } => {
            let name = property.as_str().unwrap_or_default().to_owned();
            let message = format!("the required member \"{}\" is missing", shorten(&name));
            (SchemaErrorKind::Required, name, message)
        }
        Why::Type { kind } => type_error(&types(kind), value),
        Why::AnyOf { context } | Why::OneOfNotValid { context } => match alternative_types(context) {
            Some(expected) => type_error(&expected, value),
            None => other(error, alternatives(context, value)),
        },
        kind => other(error, detail(kind, value)),
    }
}

fn type_error(expected: &[&'static str], value: Value<'_>) -> (SchemaErrorKind, String, String) {
    let expected = expected.join(" or ");
    let message = format!("{} found, {expected} expected", value.kind());
    (SchemaErrorKind::Type, expected, message)
}

fn other(error: &ValidationError<'_>, message: String) -> (SchemaErrorKind, String, String) {
    // `false` as a schema has no keyword of its own.
    let keyword = match error.kind() {
        Why::FalseSchema => "false",
        kind => kind.keyword(),
    };
    (SchemaErrorKind::Other, keyword.to_owned(), message)
}

fn types(kind: &TypeKind) -> Vec<&'static str> {
    match kind {
        TypeKind::Single(kind) => vec![kind.as_str()],
        TypeKind::Multiple(kinds) => kinds.into_iter().map(jsonschema::JsonType::as_str).collect(),
    }
}

/// The types that the alternatives ask for, where each of them fails on the type of the value.
fn alternative_types(context: &[Vec<ValidationError<'static>>]) -> Option<Vec<&'static str>> {
    let mut expected = Vec::new();
    for branch in context {
        let kind = branch.iter().find_map(|error| match error.kind() {
            Why::Type { kind } if !deeper(error, context) => Some(kind),
            _ => None,
        })?;
        for name in types(kind) {
            if !expected.contains(&name) {
                expected.push(name);
            }
        }
    }
    (!expected.is_empty()).then_some(expected)
}

/// Whether an error is about a part of the value that the alternatives are about.
fn deeper(error: &ValidationError<'_>, context: &[Vec<ValidationError<'static>>]) -> bool {
    let depth = |error: &ValidationError<'_>| error.instance_path().as_str().len();
    context.iter().flatten().any(|other| depth(other) < depth(error))
}

/// Why each alternative fails, the most telling ones first.
fn alternatives(context: &[Vec<ValidationError<'static>>], value: Value<'_>) -> String {
    let mut reasons: Vec<String> = Vec::new();
    for error in context.iter().filter_map(|branch| branch.first()) {
        if matches!(error.kind(), Why::Type { .. }) && !deeper(error, context) {
            continue;
        }
        let (.., reason) = describe(error, value);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    let mut out = format!("none of {} alternatives fits", context.len());
    for (index, reason) in reasons.iter().take(3).enumerate() {
        out.push_str(if index == 0 { ": " } else { "; " });
        out.push_str(reason);
    }
    out
}

fn detail(kind: &Why, value: Value<'_>) -> String {
    let length = || value.as_str().map_or(0, |text| text.chars().count());
    match kind {
        Why::MaxLength { limit } => format!("{} characters, at most {limit} allowed", length()),
        Why::MinLength { limit } => format!("{} characters, at least {limit} needed", length()),
        Why::MaxItems { limit } => format!("{} elements, at most {limit} allowed", value.len()),
        Why::MinItems { limit } => format!("{} elements, at least {limit} needed", value.len()),
        Why::MaxProperties { limit } => format!("{} members, at most {limit} allowed", value.len()),
        Why::MinProperties { limit } => format!("{} members, at least {limit} needed", value.len()),
        Why::AdditionalItems { limit } => format!("{} elements, at most {limit} allowed", value.len()),
        Why::Maximum { limit } => format!("{} is more than {limit}", piece(value)),
        Why::Minimum { limit } => format!("{} is less than {limit}", piece(value)),
        Why::ExclusiveMaximum { limit } => format!("{} is not less than {limit}", piece(value)),
        Why::ExclusiveMinimum { limit } => format!("{} is not more than {limit}", piece(value)),
        Why::MultipleOf { multiple_of } => format!("{} is not a multiple of {multiple_of}", piece(value)),
        Why::Pattern { pattern } => format!("{} does not match {}", piece(value), shorten(pattern)),
        Why::Format { format } => format!("{} is not of format {format}", piece(value)),
        Why::Enum { options } => format!("{} is not one of {}", piece(value), shorten(&options.to_string())),
        Why::Constant { expected_value } => {
            format!("{} is not {}", piece(value), shorten(&expected_value.to_string()))
        }
        Why::AdditionalProperties { unexpected } | Why::UnevaluatedProperties { unexpected } => {
            format!("members that are not allowed: {}", names(unexpected))
        }
        Why::UnevaluatedItems { unexpected } => format!("{} elements that are not allowed", unexpected.len()),
        Why::PropertyNames { error } => format!("a member name is not allowed: {}", error.kind().keyword()),
        Why::UniqueItems => "two elements are equal".to_owned(),
        Why::Contains => "no element, too few or too many are of the kind asked for".to_owned(),
        Why::Not { .. } => format!("{} is of a form that is excluded", piece(value)),
        Why::FalseSchema => "no value is allowed here".to_owned(),
        Why::OneOfMultipleValid { .. } => "more than one alternative fits".to_owned(),
        Why::RegexEngineFailure { .. } | Why::BacktrackLimitExceeded { .. } => {
            format!("{} is too much for the pattern", piece(value))
        }
        kind => format!("{} does not conform to {}", piece(value), kind.keyword()),
    }
}

fn names(unexpected: &[String]) -> String {
    let mut out = String::new();
    for (index, name) in unexpected.iter().take(3).enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(out, "{separator}\"{}\"", shorten(name));
    }
    if unexpected.len() > 3 {
        let _ = write!(out, " and {} more", unexpected.len() - 3);
    }
    out
}

/// The value as written, cut.
fn piece(value: Value<'_>) -> String {
    shorten(value.raw())
}

/// At most [`PIECE`] characters.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(PIECE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
