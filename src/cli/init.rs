//! `corpus init`: a project's first files, from templates or from what real records look like.

mod propose;

use super::args::{Global, InitArgs};
use super::explain::ARTICLE_SCHEMA;
use super::output::Printer;
use super::project::{Project, no_rules};
use super::{CommandResult, Failure, Outcome};
use crate::engine::survey::{FieldSurvey, survey};
use crate::source::Input;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const CONFIG: &str = include_str!("templates/corpus.toml");
const WORKFLOW: &str = include_str!("templates/workflow.yml");
const PRE_COMMIT: &str = include_str!("templates/pre-commit-config.yaml");
const GITIGNORE: &str = include_str!("templates/gitignore");

/// Records that `--from` looks at.
const SAMPLE: u64 = 10_000;

/// What a template's gaps are filled with.
struct Proposal {
    inputs: String,
    fields: String,
    schema: String,
    /// A table of options for L006, where records lack what it asks for.
    provenance: String,
    /// Whether records name their licence.
    licensed: bool,
}

pub(crate) fn run(args: &InitArgs, global: &Global, printer: &Printer) -> CommandResult {
    let dir = &args.dir;
    // Shown and used without a leading `./`.
    let at = |path: &str| {
        if dir == Path::new(".") {
            PathBuf::from(path)
        } else {
            dir.join(path)
        }
    };
    let paths = [
        "corpus.toml",
        "schemas/article.schema.json",
        ".github/workflows/corpus.yml",
        ".pre-commit-config.yaml",
    ];
    let taken: Vec<&str> = paths
        .into_iter()
        .filter(|path| at(path).symlink_metadata().is_ok())
        .collect();
    if !taken.is_empty() {
        let list: Vec<String> = taken
            .iter()
            .map(|path| format!("`{}`", at(path).display()))
            .collect();
        let (verb, them) = if list.len() == 1 {
            ("exists", "it")
        } else {
            ("exist", "them")
        };
        return Err(
            Failure::new(format!("{} already {verb}: nothing was written", list.join(", "))).hint(format!(
                "move {them} away, or start in another directory with `corpus init DIR`"
            )),
        );
    }
    let proposal = if args.from.is_empty() {
        Proposal {
            inputs: propose::inputs(&[
                ("articles/**/*.jsonl".to_owned(), None),
                ("articles/**/*.jsonl.zst".to_owned(), None),
            ]),
            fields: propose::default_fields(),
            provenance: String::new(),
            licensed: false,
            schema: ARTICLE_SCHEMA.to_owned(),
        }
    } else {
        from_records(args, global, printer)?
    };
    let config = CONFIG
        .replace("{{name}}", &propose::quoted(&name(dir)?))
        .replace("{{inputs}}", &proposal.inputs)
        .replace("{{fields}}", &proposal.fields)
        .replace("{{provenance}}", &proposal.provenance);
    let texts = [&config, &proposal.schema, WORKFLOW, PRE_COMMIT];
    for (path, text) in paths.into_iter().zip(texts) {
        create(&at(path), text)?;
        printer.note(&format!("wrote {}", at(path).display()));
    }
    ignore(&at(".gitignore"), printer)?;
    if !proposal.licensed {
        printer.note("set `license` in corpus.toml before the first release: L001 asks for it");
    }
    Ok(Outcome::Clean)
}

/// Writes a file that must not exist yet, so that a race overwrites nothing either.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let mut file = fs_err::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

/// Adds the template's lines to a `.gitignore` that lacks them.
fn ignore(path: &Path, printer: &Printer) -> Result<(), Failure> {
    let old = if path.exists() {
        fs_err::read_to_string(path)?
    } else {
        String::new()
    };
    let missing = GITIGNORE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .any(|line| !old.lines().any(|known| known.trim() == line));
    if missing {
        let gap = if old.is_empty() || old.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let mut file = fs_err::OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(format!("{gap}{GITIGNORE}").as_bytes())?;
        let verb = if old.is_empty() { "wrote" } else { "added lines to" };
        printer.note(&format!("{verb} {}", path.display()));
    }
    Ok(())
}

/// The project's name: that of its directory in the letters a name may have.
fn name(dir: &Path) -> Result<String, Failure> {
    let absolute = dir.canonicalize().or_else(|_| std::path::absolute(dir))?;
    let folder = absolute
        .file_name()
        .map(|name| name.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let name: String = folder
        .chars()
        .map(|c| match c {
            'a'..='z' | '0'..='9' | '.' | '_' | '-' => c,
            _ => '-',
        })
        .collect();
    let name = name.trim_matches(['-', '.', '_']);
    Ok(if name.is_empty() { "corpus" } else { name }.to_owned())
}

fn from_records(args: &InitArgs, global: &Global, printer: &Printer) -> Result<Proposal, Failure> {
    // A corpus.toml further up is another project's: what the records hold is asked of them alone.
    let isolated = Global {
        isolated: true,
        ..global.clone()
    };
    let project = Project::load(&isolated)?;
    let checker = project.checker(&no_rules(), None, None, printer)?;
    let from: Vec<String> = args
        .from
        .iter()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let inputs = project.inputs(&from, None)?;
    let includes = includes(&inputs, &args.dir, printer)?;
    let plan = project.plan(inputs)?;
    let (records, fields): (u64, Vec<(String, FieldSurvey)>) = survey(&checker, &plan, SAMPLE)?;
    if records == 0 {
        return Err(
            Failure::new("the files of `--from` hold no records (JSON objects) to learn from")
                .hint("`corpus lint FILE` says what is wrong with a file"),
        );
    }
    let roles = propose::roles(records, &fields);
    let (schema, left_out) = propose::schema(records, &fields, &roles)?;
    printer.note(&format!(
        "looked at {records} {}",
        if records == 1 { "record" } else { "records" }
    ));
    for name in left_out {
        printer.note(&format!(
            "`{}` has no single column type: the schema does not declare it, a release keeps it in `extra`",
            crate::report::escape::visible(&name)
        ));
    }
    if !roles.has_text() {
        printer.warning("no field looks like the article; name it in corpus.toml: [fields] text = \"…\"");
    }
    Ok(Proposal {
        inputs: propose::inputs(&includes),
        fields: roles.toml(),
        provenance: roles.provenance(),
        licensed: fields
            .iter()
            .any(|(name, _)| matches!(name.as_str(), "license" | "licence")),
        schema,
    })
}

/// Globs, relative to the project, that cover the inputs, with a format where no name tells it.
fn includes(
    inputs: &[Input],
    dir: &Path,
    printer: &Printer,
) -> Result<Vec<(String, Option<&'static str>)>, Failure> {
    let project = dir.canonicalize().ok();
    let mut globs = Vec::new();
    let mut outside: Option<&str> = None;
    for input in inputs {
        let path = input.path.canonicalize()?;
        let inside = project
            .as_deref()
            .and_then(|project| path.strip_prefix(project).ok());
        let relative = if let Some(relative) = inside {
            relative.to_path_buf()
        } else {
            outside.get_or_insert(&input.shown);
            Path::new("articles").join(path.file_name().unwrap_or_default())
        };
        let glob = (propose::glob(&relative), propose::format(input.format, &relative));
        if !globs.contains(&glob) {
            globs.push(glob);
        }
    }
    if let Some(path) = outside {
        printer.warning(&format!(
            "`{}` lies outside the project, where corpus.toml cannot reach: put such files into {}",
            crate::report::escape::visible(path),
            dir.join("articles").display()
        ));
    }
    Ok(globs)
}
