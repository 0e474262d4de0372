//! Reading a schema and the local documents it refers to. Nothing here opens a connection, and no
//! file outside the project is read.

use super::{Draft, Formats, LoadError, Options, Schema};
use crate::record::{Span, Tree};
use crate::source::json;
use jsonschema::{PatternOptions, Registry, Retrieve, Uri, ValidationError};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Scheme of schema files: `local:///schemas/article.schema.json` is that path below the root.
const LOCAL: &str = "local:///";
/// Largest schema document.
const MAX_BYTES: u64 = 16 << 20;
/// Most files beside the schema that are searched for an `$id`.
const MAX_SIBLINGS: usize = 1_000;

/// The largest compiled pattern, in bytes, and the cache of its lazy automaton.
const PATTERN_BYTES: usize = 10 << 20;

/// Reads, checks and compiles the schema at `path`.
pub(super) fn load(path: &Path, root: &Path, options: &Options) -> Result<Schema, LoadError> {
    let shown = path.display().to_string();
    let invalid = |reason: String| LoadError::Invalid {
        path: shown.clone(),
        reason,
    };
    let root = fs_err::canonicalize(root)?;
    let file = fs_err::canonicalize(path)?;
    let below = file
        .strip_prefix(&root)
        .map_err(|_| invalid(format!("is outside the project, {}", root.display())))?;
    let schema = read(&file).map_err(|reason| match reason {
        Unreadable::Io(error) => LoadError::Io(error),
        Unreadable::Content(reason) => invalid(reason),
    })?;
    let base = format!("{LOCAL}{}", encode_path(below));
    let directory = file.parent().unwrap_or(&root).to_path_buf();
    let documents = Documents {
        given: options.documents.clone(),
        place: Some(Place {
            id: absolute_id(&schema, options.default_draft).map(str::to_owned),
            root,
            directory,
            draft: options.default_draft,
        }),
    };
    compile(&schema, &base, documents, options).map_err(invalid)
}

/// Compiles a schema that is in memory; only `options.documents` can be referred to.
pub(super) fn compile_value(schema: &Value, options: &Options) -> Result<Schema, LoadError> {
    let documents = Documents {
        given: options.documents.clone(),
        place: None,
    };
    compile(schema, &format!("{LOCAL}schema.json"), documents, options).map_err(|reason| LoadError::Invalid {
        path: "schema".to_owned(),
        reason,
    })
}

fn compile(schema: &Value, base: &str, documents: Documents, options: &Options) -> Result<Schema, String> {
    if !schema.is_object() && !schema.is_boolean() {
        return Err("a schema is an object, `true` or `false`".to_owned());
    }
    let declared = schema.get("$schema").and_then(Value::as_str);
    let fallback = draft(options.default_draft);
    let base = absolute_id(schema, options.default_draft).unwrap_or(base);
    let documents = std::sync::Arc::new(documents);
    // Documents that do not say their draft have that of the schema which refers to them.
    let root_draft = match fallback.detect(schema) {
        jsonschema::Draft::Unknown => fallback,
        known => known,
    };
    let registry = Registry::new()
        .retriever(Shared(documents.clone()))
        .draft(root_draft)
        .add(base, schema)
        .and_then(jsonschema::RegistryBuilder::prepare)
        .map_err(|error| reference_reason(&error))?;
    let mut build = jsonschema::options_for::<super::value::Borrowed>()
        .with_retriever(Shared(documents))
        .with_registry(&registry)
        .with_base_uri(base)
        .with_pattern_options(
            PatternOptions::regex()
                .size_limit(PATTERN_BYTES)
                .dfa_size_limit(PATTERN_BYTES),
        );
    if declared.is_none() {
        build = build.with_draft(fallback);
    }
    if options.formats == Formats::Assert {
        build = build.should_validate_formats(true);
    }
    let validator = build.build(schema).map_err(|error| build_reason(&error))?;
    Ok(Schema {
        validator,
        document: schema.clone(),
    })
}

const fn draft(draft: Draft) -> jsonschema::Draft {
    match draft {
        Draft::Draft4 => jsonschema::Draft::Draft4,
        Draft::Draft6 => jsonschema::Draft::Draft6,
        Draft::Draft7 => jsonschema::Draft::Draft7,
        Draft::Draft201909 => jsonschema::Draft::Draft201909,
        Draft::Draft202012 => jsonschema::Draft::Draft202012,
    }
}

/// The schema's own `$id` (draft 4: `id`), where it is an absolute URI.
fn absolute_id(schema: &Value, fallback: Draft) -> Option<&str> {
    let keyword = match draft(fallback).detect(schema) {
        jsonschema::Draft::Draft4 => "id",
        _ => "$id",
    };
    let id = schema.get(keyword)?.as_str()?.trim_end_matches('#');
    (id.contains(':') && !id.contains('#')).then_some(id)
}

fn build_reason(error: &ValidationError<'_>) -> String {
    if let jsonschema::error::ValidationErrorKind::Referencing(error) = error.kind() {
        return reference_reason(error);
    }
    let place = match error.instance_path().as_str() {
        "" => "the schema".to_owned(),
        pointer => format!("the schema at `{pointer}`"),
    };
    format!(
        "{place} is not valid: {}",
        super::explain::shorten(&error.to_string())
    )
}

fn reference_reason(error: &jsonschema::ReferencingError) -> String {
    match error {
        jsonschema::ReferencingError::Unretrievable { uri, source } => {
            let uri = uri.strip_prefix(LOCAL).unwrap_or(uri);
            format!("cannot follow the reference to `{uri}`: {source}")
        }
        error => format!("a reference cannot be followed: {error}"),
    }
}

enum Unreadable {
    Io(std::io::Error),
    Content(String),
}

/// Reads a schema document: strict JSON without repeated names.
fn read(path: &Path) -> Result<Value, Unreadable> {
    let metadata = fs_err::metadata(path).map_err(Unreadable::Io)?;
    if !metadata.is_file() {
        return Err(Unreadable::Content("is not a file".to_owned()));
    }
    let size = metadata.len();
    if size > MAX_BYTES {
        return Err(Unreadable::Content(format!(
            "has {size} bytes, more than the {MAX_BYTES} a schema may have"
        )));
    }
    let bytes = fs_err::read(path).map_err(Unreadable::Io)?;
    parse(&bytes).map_err(Unreadable::Content)
}

fn parse(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("is not UTF-8 at byte {}", error.valid_up_to()))?;
    let mut tree = Tree::new();
    let mut issues = Vec::new();
    json::parse(text, Span::new(0, text.len()), &mut tree, &mut issues).map_err(|error| {
        let (json::JsonError::Syntax { offset, .. } | json::JsonError::Limit { offset, .. }) = &error;
        format!("line {}: is not JSON: {error}", line(text, *offset))
    })?;
    let repeated = issues
        .iter()
        .find(|issue| issue.kind == crate::source::JsonIssueKind::DuplicateKey);
    if let Some(issue) = repeated {
        return Err(format!(
            "line {}: repeats the member name {}",
            line(text, issue.span.start),
            &text[issue.span.range()]
        ));
    }
    tree.root(text)
        .map(crate::record::Value::to_json)
        .ok_or_else(|| "is empty".to_owned())
}

/// Line of a byte offset, from 1.
fn line(text: &str, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..offset]).count() + 1
}

/// Where a schema lies.
struct Place {
    /// The schema's absolute `$id`.
    id: Option<String>,
    /// No file outside is read.
    root: PathBuf,
    /// The schema's folder.
    directory: PathBuf,
    /// The draft of documents that do not say theirs.
    draft: Draft,
}

/// The documents that a schema may refer to.
struct Documents {
    given: BTreeMap<String, Value>,
    place: Option<Place>,
}

struct Shared(std::sync::Arc<Documents>);

impl Retrieve for Shared {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        self.0.find(uri.as_str()).map_err(Into::into)
    }
}

impl Documents {
    fn find(&self, uri: &str) -> Result<Value, String> {
        let uri = uri.split('#').next().unwrap_or_default();
        if let Some(document) = self.given.get(uri) {
            return Ok(document.clone());
        }
        let Some(place) = &self.place else {
            return Err("no such document was given".to_owned());
        };
        if let Some(path) = uri.strip_prefix(LOCAL) {
            return place.read_below(&place.root, path);
        }
        place.remote(uri)
    }
}

impl Place {
    /// Reads `path`, percent-encoded, below `base`.
    fn read_below(&self, base: &Path, path: &str) -> Result<Value, String> {
        let file = self.resolve(base, path)?;
        match read(&file) {
            Ok(document) => Ok(document),
            Err(Unreadable::Io(error)) => Err(error.to_string()),
            Err(Unreadable::Content(reason)) => Err(reason),
        }
    }

    /// The file that `path` names below `base`: it exists, and is inside the project when every
    /// symbolic link is followed.
    fn resolve(&self, base: &Path, path: &str) -> Result<PathBuf, String> {
        let path = decode(path)?;
        let relative = Path::new(path.as_ref());
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err("not a plain relative path".to_owned());
        }
        let file = base
            .join(relative)
            .canonicalize()
            .map_err(|_| format!("there is no file `{path}` in the project"))?;
        if !file.starts_with(&self.root) {
            return Err(format!("`{path}` leads outside the project"));
        }
        Ok(file)
    }

    /// A document with an address on the network, from the project: by its place relative to the
    /// schema's own `$id`, in a mirror folder beside the schema, or beside it with that `$id`.
    fn remote(&self, uri: &str) -> Result<Value, String> {
        let beside = self.id.as_deref().and_then(|id| {
            let (folder, _) = id.rsplit_once('/')?;
            uri.strip_prefix(folder)?.strip_prefix('/')
        });
        if let Some(path) = beside
            && self.resolve(&self.directory, path).is_ok()
        {
            return self.read_below(&self.directory, path);
        }
        let mirror = uri.split_once("://").map(|(_, rest)| rest.replace(':', "_"));
        if let Some(path) = &mirror
            && self.resolve(&self.directory, path).is_ok()
        {
            return self.read_below(&self.directory, path);
        }
        self.sibling(uri).ok_or_else(|| match mirror {
            Some(path) if uri.starts_with("http") => format!(
                "nothing is fetched from the network; put a copy beside the schema, as `{path}` or with this `$id`"
            ),
            _ => "only files of the project can be referred to, by relative paths".to_owned(),
        })
    }

    /// A JSON file beside the schema whose `$id` is `uri`.
    fn sibling(&self, uri: &str) -> Option<Value> {
        let mut files: Vec<_> = std::fs::read_dir(&self.directory)
            .ok()?
            .take(MAX_SIBLINGS)
            .filter_map(|entry| entry.ok().map(|entry| entry.file_name()))
            .filter(|name| {
                Path::new(name)
                    .extension()
                    .is_some_and(|extension| extension == "json")
            })
            .collect();
        files.sort();
        files.iter().find_map(|name| {
            let file = self
                .resolve(&self.directory, &encode_path(Path::new(name)))
                .ok()?;
            let document = read(&file).ok()?;
            (absolute_id(&document, self.draft) == Some(uri)).then_some(document)
        })
    }
}

/// A path as the path of a URI.
fn encode_path(path: &Path) -> String {
    let mut out = String::new();
    for (index, part) in path.components().enumerate() {
        if index > 0 {
            out.push('/');
        }
        for byte in part.as_os_str().to_string_lossy().bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push('%');
                out.extend([byte >> 4, byte & 15].map(|digit| {
                    char::from_digit(u32::from(digit), 16)
                        .unwrap_or_default()
                        .to_ascii_uppercase()
                }));
            }
        }
    }
    out
}

/// The path of a URI as text.
fn decode(path: &str) -> Result<Cow<'_, str>, String> {
    if !path.contains('%') {
        return Ok(Cow::Borrowed(path));
    }
    let mut out = Vec::with_capacity(path.len());
    let mut pieces = path.split('%');
    out.extend(pieces.next().unwrap_or_default().bytes());
    for piece in pieces {
        let digits = piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let byte = digits.ok_or("`%` without two hexadecimal digits")?;
        out.push(byte);
        out.extend(piece[2..].bytes());
    }
    String::from_utf8(out)
        .map(Cow::Owned)
        .map_err(|_| "not UTF-8 after percent-decoding".to_owned())
}
