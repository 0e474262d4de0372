//! Why the inputs could not be read at all. Bad bytes in a file are a [`super::Fault`], not an error.

use std::io;
use std::path::PathBuf;

/// A failure that ends the run (exit code 2).
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The operating system refused; the message of `fs-err` names the file.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A path on the command line does not exist.
    #[error("`{}` does not exist", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// No file matched.
    #[error("no file matched {patterns}{}", hint(*.ignored))]
    NoMatch {
        /// The paths or globs, in backquotes.
        patterns: String,
        /// How many files would have matched, had `.gitignore` not left them out.
        ignored: usize,
    },
    /// A glob that cannot be compiled.
    #[error("`{glob}` is not a valid glob: {reason}")]
    Glob {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A path from the configuration, or a symlink, leads out of the project.
    #[error("`{path}` leads out of the project: inputs in corpus.toml must stay inside {}", root.display())]
    Escape {
        /// The path or glob as configured.
        path: String,
        /// The project.
        root: PathBuf,
    },
    /// The file changed between planning and reading.
    #[error("{} changed while it was being read: run again when nothing writes to it", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// An `encoding` that no WHATWG label names.
    #[error("unknown encoding `{label}`: use `auto` or a WHATWG label such as `windows-1256`")]
    Encoding {
        /// The label.
        label: String,
    },
    /// A time zone that the IANA database lacks.
    #[error("unknown time zone `{name}`: use an IANA name such as `Asia/Riyadh`")]
    TimeZone {
        /// The name.
        name: String,
    },
    /// A `from-path` pattern that cannot be used.
    #[error("`from-path = \"{pattern}\"`: {reason}")]
    FromPath {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A CSV dialect that cannot be used.
    #[error("csv {what} `{value}` must be one ASCII character, different from the others")]
    Dialect {
        /// `delimiter`, `quote`, `escape`, `comment`.
        what: &'static str,
        /// The character.
        value: char,
    },
    /// A default that has no JSON form.
    #[error("`defaults.{field}` has no JSON form: {reason}")]
    Default {
        /// The field.
        field: String,
        /// What is wrong with it.
        reason: String,
    },
}

fn hint(ignored: usize) -> String {
    match ignored {
        0 => String::new(),
        1 => "; one file would have matched but a .gitignore or .ignore file leaves it out".to_owned(),
        n => format!("; {n} files would have matched but a .gitignore or .ignore file leaves them out"),
    }
}
