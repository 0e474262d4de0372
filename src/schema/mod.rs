//! JSON Schema: compile, check fast, explain slowly, compare two, map to Arrow. The only room that
//! names the jsonschema crate.

pub mod arrow;
pub mod change;
mod explain;
mod load;
mod value;

use crate::record::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Which rule a schema error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaErrorKind {
    /// A required member is missing (S005).
    Required,
    /// Wrong JSON type (S006).
    Type,
    /// Any other keyword (S010).
    Other,
    /// A member that an open schema does not name (S007): no error of the schema.
    Unknown,
}

/// One error of a record against the schema.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaError {
    /// Which rule reports it.
    pub kind: SchemaErrorKind,
    /// JSON pointer of the value in the record.
    pub instance: String,
    /// Node of that value.
    pub node: u32,
    /// JSON pointer of the keyword in the schema.
    pub keyword: String,
    /// Required: the missing member's name. Type: the types expected (`string`, `string or null`). Other: the keyword.
    pub expected: String,
    /// What is wrong, one sentence, no more than a short piece of the value in it.
    pub message: String,
    /// Type: the JSON literal that says the same in the type expected, where there is just one.
    pub lossless: Option<String>,
}

/// Which formats are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formats {
    /// `format` asserts in every draft.
    #[default]
    Assert,
    /// As the draft says.
    Draft,
}

/// A version of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Draft {
    /// Draft 4.
    Draft4,
    /// Draft 6.
    Draft6,
    /// Draft 7.
    Draft7,
    /// Draft 2019-09.
    Draft201909,
    /// Draft 2020-12.
    #[default]
    Draft202012,
}

/// How a schema is compiled.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The draft of a schema without `$schema`.
    pub default_draft: Draft,
    /// Which formats are checked.
    pub formats: Formats,
    /// Documents that `$ref` may name, by absolute URI without fragment.
    pub documents: BTreeMap<String, serde_json::Value>,
}

/// A compiled schema. Shared by all threads.
#[derive(Debug)]
pub struct Schema {
    validator: jsonschema::Validator<value::Borrowed>,
    document: serde_json::Value,
}

/// Why a schema could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It could not be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// It is not JSON, not a schema, or refers to something that is not there.
    #[error("{path}: {reason}")]
    Invalid {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl Schema {
    /// Reads and compiles a schema file, as draft 2020-12 unless it says another. See
    /// [`Schema::load_with`].
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn load(path: &Path, root: &Path, formats: Formats) -> Result<Self, LoadError> {
        let options = Options {
            formats,
            ..Options::default()
        };
        Self::load_with(path, root, &options)
    }

    /// Reads and compiles a schema file. Local `$ref`s stay below `root`, whatever symbolic links
    /// say. Nothing is fetched: a `$ref` to an `http` address is looked up in
    /// [`Options::documents`], then among the schema's neighbours in its folder: at the same place
    /// relative to the schema's own `$id`, in a mirror (`http://host:80/a/b.json` as
    /// `host_80/a/b.json`), and as a file with that `$id`. Otherwise it is refused.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn load_with(path: &Path, root: &Path, options: &Options) -> Result<Self, LoadError> {
        load::load(path, root, options)
    }

    /// Compiles a schema that is in memory. It may refer to [`Options::documents`] only.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn compile(schema: &serde_json::Value, options: &Options) -> Result<Self, LoadError> {
        load::compile_value(schema, options)
    }

    /// The schema as it was read.
    #[must_use]
    pub const fn document(&self) -> &serde_json::Value {
        &self.document
    }

    /// The members that the schema names, where it allows others beside them; `None` where it is
    /// closed, or puts its members together from several schemas.
    #[must_use]
    pub fn named(&self) -> Option<&serde_json::Map<String, serde_json::Value>> {
        const COMPOSED: [&str; 9] = [
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
            "allOf",
            "anyOf",
            "oneOf",
            "$ref",
            "if",
            "dependentSchemas",
        ];
        let schema = self.document.as_object()?;
        let open = |keyword: &str| schema.get(keyword).is_none_or(|value| value == true);
        let plain = COMPOSED.iter().all(|keyword| open(keyword));
        schema.get("properties")?.as_object().filter(|_| plain)
    }

    /// Whether the value conforms. Allocates nothing on the usual schema.
    #[must_use]
    pub fn is_valid(&self, value: Value<'_>) -> bool {
        self.validator.is_valid(value::Handle::Value(value))
    }

    /// Every error of a value that does not conform, in document order; at most a thousand, and
    /// of a record of more than a hundred thousand values only the first.
    #[must_use]
    pub fn errors(&self, value: Value<'_>) -> Vec<SchemaError> {
        explain::errors(self, value)
    }
}

#[cfg(test)]
mod tests;
