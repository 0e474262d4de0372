//! A manifest against its JSON Schema, for `verify` and for what `release` writes.

use crate::record::{Span, Tree};
use crate::schema::{Options, Schema};
use crate::source::json;

/// What is wrong with a manifest by its JSON Schema, one sentence each.
#[must_use]
pub fn validate(schema: &serde_json::Value, manifest: &serde_json::Value) -> Vec<String> {
    let schema = match Schema::compile(schema, &Options::default()) {
        Ok(schema) => schema,
        Err(error) => return vec![error.to_string()],
    };
    let text = manifest.to_string();
    let mut tree = Tree::new();
    if let Err(error) = json::parse(&text, Span::new(0, text.len()), &mut tree, &mut Vec::new()) {
        return vec![format!("cannot be read: {error:?}")];
    }
    let Some(root) = tree.root(&text) else {
        return vec!["is empty".to_owned()];
    };
    schema
        .errors(root)
        .into_iter()
        .map(|error| format!("{}: {}", error.instance, error.message))
        .collect()
}
