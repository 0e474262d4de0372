//! What every command that reads records starts from: configuration, inputs, schema, rules.

use super::Failure;
use super::args::{Global, RuleArgs};
use super::output::{INTERRUPTED, Printer};
use crate::config::FormatsChoice;
use crate::config::load::{Loaded, Request, load, parse_size};
use crate::engine::charset::detected;
use crate::engine::check::{Checker, FieldNames};
use crate::engine::select::{CommandLine, Selection};
use crate::release::manifest::{Manifest, is_relative_path};
use crate::rules::template::{self, TemplateLines};
use crate::schema::{Formats, Schema};
use crate::source::discover::Finder;
use crate::source::{Input, Options, Plan};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A loaded project, or the defaults where there is none.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) loaded: Loaded,
    pub(crate) jobs: usize,
    /// Bytes that keys and buffers may take.
    pub(crate) memory: u64,
    pub(crate) scratch: Option<PathBuf>,
    max_record_bytes: usize,
}

/// Loads the configuration that the global flags ask for.
pub(crate) fn load_config(global: &Global) -> Result<Loaded, Failure> {
    let mut request = Request {
        isolated: global.isolated,
        ..Request::default()
    };
    for value in &global.config {
        // `key=value` is TOML; a path rarely holds an equals sign, and an existing file wins.
        if value.contains('=') && !Path::new(value).exists() {
            request.set.push(value.clone());
        } else {
            request.file = Some(PathBuf::from(value));
        }
    }
    Ok(load(Path::new("."), &request)?)
}

impl Project {
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        let loaded = load_config(global)?;
        let engine = &loaded.config.engine;
        let size = |text: &Option<String>, what: &str| {
            text.as_deref()
                .map(|text| parse_size(text).map_err(|error| Failure::new(format!("{what}: {error}"))))
                .transpose()
        };
        let memory = match size(&global.memory, "--memory")? {
            Some(memory) => Some(memory),
            None => size(&engine.memory, "[engine] memory")?,
        };
        let max_record_bytes = size(&engine.max_record_bytes, "[engine] max-record-bytes")?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = match global.jobs.or(engine.jobs) {
            Some(0) => return Err(Failure::new("--jobs must be at least 1")),
            Some(jobs) => jobs.min(256),
            None => cores,
        };
        Ok(Self {
            jobs,
            memory: memory.unwrap_or(256 << 20).max(1 << 20),
            scratch: engine.scratch.as_ref().map(|path| loaded.root.join(path)),
            max_record_bytes: usize::try_from(max_record_bytes.unwrap_or(16 << 20))
                .unwrap_or(usize::MAX)
                .clamp(64, 1 << 30),
            loaded,
        })
    }

    /// The project's directory, never empty.
    pub(crate) fn root(&self) -> PathBuf {
        if self.loaded.root.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            self.loaded.root.clone()
        }
    }

    /// Whether a corpus.toml is in force.
    pub(crate) const fn has_file(&self) -> bool {
        self.loaded.file.is_some()
    }

    /// The inputs that the command line names, or else those of the project.
    pub(crate) fn inputs(&self, paths: &[String], stdin_format: Option<&str>) -> Result<Vec<Input>, Failure> {
        let specs = &self.loaded.config.input;
        let cwd = std::env::current_dir()?;
        let project = cwd.join(&self.loaded.root);
        let finder = Finder {
            cwd: &cwd,
            project: self.has_file().then_some(project.as_path()),
            specs,
            releases: &self.loaded.config.release.directory,
            stdin_format: stdin_format.map(format_name).transpose()?.unwrap_or_default(),
        };
        if paths.is_empty() {
            if specs.is_empty() {
                return Err(Failure::new(
                    "nothing to check: no paths given, and no [[input]] in a corpus.toml",
                )
                .hint("name files or directories, or start a project with `corpus init`"));
            }
            return Ok(finder.from_config(&project)?);
        }
        let paths: Vec<PathBuf> = paths
            .iter()
            .flat_map(|path| records_of(Path::new(path)))
            .collect();
        Ok(finder.from_paths(&paths)?)
    }

    pub(crate) fn plan(&self, inputs: Vec<Input>) -> Result<Plan, Failure> {
        let options = Options {
            max_record_bytes: self.max_record_bytes,
            detect: detected,
            fields: self.loaded.config.fields.clone(),
            stop: &INTERRUPTED,
            ..Options::default()
        };
        Ok(Plan::new(inputs, options)?)
    }

    pub(crate) fn fields(&self, text: Option<&str>) -> FieldNames {
        let mut fields = FieldNames::new(&self.loaded.config);
        if let Some(text) = text {
            fields.set_text(text);
        }
        fields
    }

    /// The schema that the command line or the configuration names.
    pub(crate) fn schema(&self, path: Option<&Path>) -> Result<Option<Schema>, Failure> {
        let config = &self.loaded.config.schema;
        let default = if self.has_file() {
            Formats::Assert
        } else {
            Formats::Draft
        };
        let formats = match config.formats {
            Some(FormatsChoice::Assert) => Formats::Assert,
            Some(FormatsChoice::Draft) => Formats::Draft,
            None => default,
        };
        let (path, root) = match (path, &config.path) {
            (Some(path), _) => {
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                (path.to_path_buf(), parent.unwrap_or(Path::new(".")).to_path_buf())
            }
            (None, Some(path)) => {
                let root = self.root();
                (root.join(path), root)
            }
            (None, None) => return Ok(None),
        };
        Ok(Some(Schema::load(&path, &root, formats)?))
    }

    /// Where the project pins its template lines.
    pub(crate) fn template_path(&self) -> PathBuf {
        self.root().join(template::FILE_NAME)
    }

    /// The pinned template lines with the bytes of their file; there are none without a corpus.toml.
    pub(crate) fn template_lines(&self) -> Result<Option<(Vec<u8>, TemplateLines)>, Failure> {
        let path = self.template_path();
        if !self.has_file() || !path.exists() {
            return Ok(None);
        }
        let text = fs_err::read_to_string(&path)?;
        let lines = TemplateLines::parse(&text).map_err(|why| {
            Failure::new(format!("{}: {why}", path.display()))
                .hint("mend it, or move it away and count anew with `corpus lint --write-template-lines`")
        })?;
        Ok(Some((text.into_bytes(), lines)))
    }

    /// Everything that decides findings.
    pub(crate) fn checker(
        &self,
        rules: &RuleArgs,
        schema: Option<&Path>,
        text: Option<&str>,
        printer: &Printer,
    ) -> Result<Checker, Failure> {
        let schema = self.schema(schema)?;
        let per_file_ignores = rules
            .per_file_ignores
            .iter()
            .map(|pair| match pair.rsplit_once(':') {
                Some((glob, code)) => Ok((glob.to_owned(), code.to_owned())),
                None => Err(Failure::new(format!(
                    "--per-file-ignores `{pair}`: write it as GLOB:RULE"
                ))),
            })
            .collect::<Result<_, _>>()?;
        let line = CommandLine {
            select: rules.select.clone(),
            extend_select: rules.extend_select.clone(),
            ignore: rules.ignore.clone(),
            preview: rules.preview,
            per_file_ignores,
        };
        let mut selection = Selection::new(&self.loaded.config, &line, Some(&today()))?;
        if let Some((_, lines)) = self.template_lines()? {
            selection.set.pin(&Arc::new(lines));
        }
        for warning in &selection.warnings {
            printer.warning(warning);
        }
        Ok(Checker {
            selection,
            governed: self.has_file() || schema.is_some(),
            schema,
            fields: self.fields(text),
            evaluation: None,
            takedowns: None,
        })
    }
}

/// With `-v`: which fields were taken for the article, where nobody said.
pub(crate) fn say_text_fields(checker: &Checker, printer: &Printer) {
    for name in checker.fields.chosen() {
        printer.detail(&format!(
            "no field is declared as the article: `{name}` was taken (`--field /NAME` or `text` in [fields] decides)"
        ));
    }
}

/// The files that hold records at a path: of a release its shards, and not what describes them.
fn records_of(path: &Path) -> Vec<PathBuf> {
    if path.join("manifest.json").is_file()
        && let Ok((manifest, _)) = Manifest::read(path)
    {
        let shards = manifest.shards().map(|(_, _, shard)| shard.path.as_str());
        return shards
            .filter(|shard| is_relative_path(shard))
            .map(|shard| path.join(shard))
            .collect();
    }
    vec![path.to_owned()]
}

/// The day that ends suppressions: `SOURCE_DATE_EPOCH` where it is set, so that a rebuild years later
/// says the same.
pub(crate) fn today() -> String {
    now().to_string().chars().take(10).collect()
}

/// The time that `SOURCE_DATE_EPOCH` names, if it is set.
///
/// # Errors
/// It names none that a date of four digits can have.
pub(crate) fn pinned_time() -> Result<Option<jiff::Timestamp>, Failure> {
    let Some(text) = std::env::var_os("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let seconds = text.to_str().and_then(|text| text.parse::<i64>().ok());
    let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    match time {
        Some(time) if time >= jiff::Timestamp::UNIX_EPOCH => Ok(Some(time)),
        _ => Err(Failure::new(
            "SOURCE_DATE_EPOCH is not a number of seconds from 1970 to 9999",
        )),
    }
}

/// The time of the run in whole seconds, UTC: `SOURCE_DATE_EPOCH`, else the clock. A clock that is set beyond
/// the year 9999 has the last time that a date can name.
pub(crate) fn now() -> jiff::Timestamp {
    let clock = || jiff::Timestamp::try_from(std::time::SystemTime::now()).unwrap_or(jiff::Timestamp::MAX);
    let time = pinned_time().ok().flatten().unwrap_or_else(clock);
    jiff::Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn format_name(name: &str) -> Result<crate::config::Format, Failure> {
    use crate::config::Format;
    Ok(match name {
        "auto" => Format::Auto,
        "jsonl" | "ndjson" => Format::Jsonl,
        "json" => Format::Json,
        "text" | "txt" => Format::Text,
        "markdown" | "md" => Format::Markdown,
        "parquet" => Format::Parquet,
        "arrow" => Format::Arrow,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        other => {
            return Err(Failure::new(format!(
                "--stdin-format `{other}` is not a format; use jsonl, json, text, markdown, parquet, arrow, csv or tsv"
            )));
        }
    })
}

/// No rules at all, for commands that only read.
pub(crate) fn no_rules() -> RuleArgs {
    RuleArgs {
        select: Some(vec!["none".to_owned()]),
        extend_select: Vec::new(),
        ignore: Vec::new(),
        per_file_ignores: Vec::new(),
        preview: false,
    }
}
