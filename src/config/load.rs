//! Finding, reading and merging `corpus.toml`, with errors that point into it.

use super::Config;
use std::path::{Component, Path, PathBuf};

/// Name of the configuration file.
pub const FILE_NAME: &str = "corpus.toml";

/// Editions this version knows, oldest first.
pub const EDITIONS: [&str; 1] = ["2026"];

/// Where a value of the configuration came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The built-in default.
    Default,
    /// The file.
    File(PathBuf),
    /// `--config key=value`.
    CommandLine,
}

/// The effective configuration of a run.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The merged configuration.
    pub config: Config,
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// Directory that relative paths in the configuration start from.
    pub root: PathBuf,
    /// Keys set, dotted, with where each came from.
    pub origins: Vec<(String, Origin)>,
    /// The merged table, as it was written.
    pub table: toml::Table,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Wrong content: a rendered message with path, line and the offending line.
    #[error("{0}")]
    Invalid(String),
}

/// What the command line says about configuration.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `--config FILE`.
    pub file: Option<PathBuf>,
    /// `--config "key=value"`, in order.
    pub set: Vec<String>,
    /// `--isolated`: ignore every file.
    pub isolated: bool,
}

/// Finds `corpus.toml` in `start` or the nearest parent, and merges the command line over it.
///
/// # Errors
/// A file that cannot be read, is not TOML, has unknown keys or wrong types.
pub fn load(start: &Path, request: &Request) -> Result<Loaded, ConfigError> {
    let file = match (&request.file, request.isolated) {
        (Some(file), _) => Some(file.clone()),
        (None, true) => None,
        (None, false) => find(start),
    };
    let mut loaded = Loaded {
        root: start.to_path_buf(),
        ..Loaded::default()
    };
    if let Some(path) = file {
        let text = fs_err::read_to_string(&path)?;
        let shown = path.display().to_string();
        // Parsed into the typed form first, on its own, so that errors carry spans of the file.
        toml::from_str::<Config>(&text)
            .map_err(|error| ConfigError::Invalid(render(&shown, &text, &error)))?;
        loaded.table =
            toml::from_str(&text).map_err(|error| ConfigError::Invalid(render(&shown, &text, &error)))?;
        loaded.root = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let mut keys = Vec::new();
        leaves(&loaded.table, "", &mut keys);
        loaded.origins = keys
            .into_iter()
            .map(|key| (key, Origin::File(path.clone())))
            .collect();
        loaded.file = Some(path);
    }
    for assignment in &request.set {
        let invalid = |reason: String| ConfigError::Invalid(format!("--config `{assignment}`: {reason}"));
        let set: toml::Table =
            toml::from_str(assignment).map_err(|error| invalid(error.message().to_owned()))?;
        let mut keys = Vec::new();
        leaves(&set, "", &mut keys);
        for key in keys {
            loaded.origins.retain(|(known, _)| *known != key);
            loaded.origins.push((key, Origin::CommandLine));
        }
        merge(&mut loaded.table, set);
        Config::deserialize_table(&loaded.table).map_err(|error| invalid(suggest(error.message())))?;
    }
    loaded.config = Config::deserialize_table(&loaded.table)
        .map_err(|error| ConfigError::Invalid(suggest(error.message())))?;
    loaded.origins.sort();
    check(&loaded)?;
    Ok(loaded)
}

impl Config {
    fn deserialize_table(table: &toml::Table) -> Result<Self, toml::de::Error> {
        table.clone().try_into()
    }
}

fn find(start: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(start).ok()?;
    for (depth, directory) in absolute.ancestors().enumerate() {
        let candidate = directory.join(FILE_NAME);
        if candidate.is_file() {
            // Shown relative to where the user stands whenever that is short.
            let relative = match depth {
                0 if start == Path::new(".") => PathBuf::from(FILE_NAME),
                0 => start.join(FILE_NAME),
                n => start.join("../".repeat(n)).join(FILE_NAME),
            };
            return Some(relative);
        }
    }
    None
}

fn leaves(table: &toml::Table, prefix: &str, out: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => leaves(inner, &path, out),
            _ => out.push(path),
        }
    }
}

fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Renders a TOML error with the place and the line it points to.
fn render(path: &str, text: &str, error: &toml::de::Error) -> String {
    let message = suggest(error.message());
    let Some(span) = error.span() else {
        return format!("{path}: {message}");
    };
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let number = text[..start].matches('\n').count() + 1;
    let column = text[line_start..start].chars().count() + 1;
    // A pasted 10 MB key must not fill the screen: a window around the error is enough.
    let before: String = {
        let skip = (column - 1).saturating_sub(60);
        text[line_start..start].chars().skip(skip).collect()
    };
    let marked_end = text.floor_char_boundary(span.end.clamp(start, line_end));
    let after: String = text[start..line_end].chars().take(60).collect();
    let carets = text[start..marked_end].chars().count().clamp(1, 60);
    let clean = |s: &str| {
        s.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect::<String>()
    };
    let gutter = number.to_string().len();
    format!(
        "{path}:{number}:{column}: {message}\n{:gutter$} |\n{number} | {}{}\n{:gutter$} | {}{}",
        "",
        clean(&before),
        clean(&after),
        "",
        " ".repeat(before.chars().count()),
        "^".repeat(carets),
    )
}

/// Adds "did you mean" to serde's unknown-field message.
fn suggest(message: &str) -> String {
    let message = message.trim_end();
    let shown: String = message.chars().take(400).collect();
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !(message.starts_with("unknown field") || message.starts_with("unknown variant")) {
        return shown;
    }
    let Some(wrong) = quoted.next() else { return shown };
    if wrong.len() > 64 {
        return shown;
    }
    match nearest(wrong, quoted) {
        Some(best) => format!("unknown key `{wrong}`; did you mean `{best}`?"),
        None => shown,
    }
}

/// The candidate within an edit distance of two (Damerau-Levenshtein without transposition), if any.
pub fn nearest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (distance(wrong, candidate), candidate))
        .filter(|&(d, candidate)| d <= 2 && d < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Whether a setting comes from a file: what the user types may name any place.
fn from_file(loaded: &Loaded, key: &str) -> bool {
    loaded
        .origins
        .iter()
        .any(|(known, origin)| known == key && matches!(origin, Origin::File(_)))
}

/// Whether a configured path is absolute, climbs, or is a symbolic link to a place outside.
fn leads_out(root: &Path, path: &str) -> bool {
    let relative = Path::new(path);
    let climbs = relative
        .components()
        .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    // What does not exist yet leads nowhere; but its folder may.
    let full = root.join(relative);
    let outside = root.canonicalize().is_ok_and(|root| {
        full.ancestors()
            .find_map(|place| place.canonicalize().ok())
            .is_some_and(|place| !place.starts_with(root))
    });
    climbs || outside
}

fn check(loaded: &Loaded) -> Result<(), ConfigError> {
    let place = loaded
        .file
        .as_ref()
        .map_or_else(|| "configuration".to_owned(), |file| file.display().to_string());
    let refuse = |reason: String| Err(ConfigError::Invalid(format!("{place}: {reason}")));
    let config = &loaded.config;
    if let Some(name) = &config.name {
        let good = !name.is_empty()
            && name.len() <= 96
            && name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
            && name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric())
            && name.bytes().last().is_some_and(|b| b.is_ascii_alphanumeric());
        if !good {
            return refuse(format!(
                "`name = \"{name}\"` is not a dataset name: use lower-case letters, digits, `.`, `_` and `-`"
            ));
        }
    }
    if let Some(edition) = &config.edition
        && !EDITIONS.contains(&edition.as_str())
    {
        return refuse(format!(
            "edition \"{edition}\" is not known to this version; it knows {}",
            EDITIONS.map(|e| format!("\"{e}\"")).join(", ")
        ));
    }
    let paths = [
        ("schema.path", config.schema.path.as_deref()),
        ("lint.baseline", config.lint.baseline.as_deref()),
        ("release.directory", Some(config.release.directory.as_str())),
    ];
    for (key, path) in paths {
        if let Some(path) = path
            && from_file(loaded, key)
            && leads_out(&loaded.root, path)
        {
            return refuse(format!(
                "`{key} = \"{path}\"` leads out of the project: paths in corpus.toml must stay inside it"
            ));
        }
    }
    for suppress in &config.lint.suppress {
        if suppress.rule.is_empty() || suppress.reason.trim().is_empty() {
            return refuse("every [[lint.suppress]] needs a `rule` and a `reason`".to_owned());
        }
    }
    if let Some(splits) = &config.splits {
        let sum: f64 = splits.shares.values().sum();
        if !splits.shares.is_empty() && (sum - 1.0).abs() > 1e-9 {
            return refuse(format!("the shares in [splits] add up to {sum}, not 1"));
        }
        if let Some((name, share)) = splits
            .shares
            .iter()
            .find(|(_, share)| !(0.0..=1.0).contains(*share))
        {
            return refuse(format!(
                "[splits] {name} = {share} is not a share between 0 and 1"
            ));
        }
    }
    Ok(())
}

/// Reads a size: `512MB`, `64MiB`, `16 MiB`, `4096`. Decimal and binary units; bytes without one.
///
/// # Errors
/// A sentence that says what is accepted.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let trimmed = text.trim();
    let digits = trimmed
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(trimmed.len());
    let unit = match trimmed[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => f64::NAN,
    };
    let number: f64 = trimmed[..digits].parse().unwrap_or(f64::NAN);
    let bytes = number * unit;
    if bytes.is_finite() && (0.0..9e18).contains(&bytes) {
        Ok(bytes as u64)
    } else {
        Err(format!(
            "`{text}` is not a size; write it like `512MB`, `64MiB` or `4096`"
        ))
    }
}

/// Reads a share: `5%` or `0.05`.
///
/// # Errors
/// A sentence that says what is accepted.
pub fn parse_share(text: &str) -> Result<f64, String> {
    let trimmed = text.trim();
    let share = match trimmed.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|p| p / 100.0),
        None => trimmed.parse(),
    };
    match share {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!("`{text}` is not a share; write it like `5%` or `0.05`")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn load_text(text: &str) -> Result<Loaded, ConfigError> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(FILE_NAME), text).unwrap();
        load(directory.path(), &Request::default())
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place_and_a_suggestion() {
        let error = load_text("name = \"x\"\n[lint]\nselct = [\"E\"]\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("corpus.toml:3:1"), "{error}");
        assert!(error.contains("did you mean `select`?"), "{error}");
        assert!(error.contains("^^^^^"), "{error}");
    }

    #[test]
    fn a_wrong_type_points_at_the_value() {
        let error = load_text("[lint]\nignore = 3\n").unwrap_err().to_string();
        assert!(error.contains("corpus.toml:2:10"), "{error}");
    }

    #[test]
    fn a_huge_key_does_not_fill_the_screen() {
        let error = load_text(&format!("{} = 1\n", "k".repeat(10_000_000)))
            .unwrap_err()
            .to_string();
        assert!(error.len() < 2_000, "{}", error.len());
    }

    #[test]
    fn the_command_line_wins_and_says_so() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(
            directory.path().join(FILE_NAME),
            "name = \"a\"\nlicense = \"CC0-1.0\"\n",
        )
        .unwrap();
        let request = Request {
            set: vec!["name = \"b\"".to_owned()],
            ..Request::default()
        };
        let loaded = load(directory.path(), &request).unwrap();
        assert_eq!(loaded.config.name.as_deref(), Some("b"));
        assert!(loaded.origins.contains(&("name".to_owned(), Origin::CommandLine)));
        assert!(matches!(&loaded.origins[0], (key, Origin::File(_)) if key == "license"));
    }

    #[test]
    fn sizes_and_shares() {
        assert_eq!(parse_size("512MB"), Ok(512_000_000));
        assert_eq!(parse_size("64 MiB"), Ok(67_108_864));
        assert_eq!(parse_size("4096"), Ok(4096));
        assert!(parse_size("lots").is_err());
        assert_eq!(parse_share("5%"), Ok(0.05));
        assert!(parse_share("500%").is_err());
    }

    #[test]
    fn the_nearest_name() {
        assert_eq!(
            nearest("bidi-overide", ["bidi-override", "tatweel"].into_iter()),
            Some("bidi-override")
        );
        assert_eq!(nearest("zzz", ["ab"].into_iter()), None);
    }
}
