//! `corpus config`: the effective configuration and where each value came from.

use super::args::{ConfigArgs, Global};
use super::output::Printer;
use super::project::load_config;
use super::{CommandResult, Failure, Outcome};
use crate::config::load::{EDITIONS, Loaded, Origin};
use crate::report::escape::visible;
use crate::rules::edition;
use std::fmt::Write as _;

/// Built-in values of settings that a project usually leaves alone.
const DEFAULTS: [(&str, &str); 16] = [
    ("dedup.exact", "true"),
    ("dedup.keep", "[\"published\", \"earliest\", \"longest\"]"),
    ("dedup.same-id", "\"refuse\""),
    ("edition", "\"2026\""),
    ("engine.max-record-bytes", "\"16MiB\""),
    ("lint.error-on", "\"error\""),
    ("lint.preview", "false"),
    ("release.audit", "\"private\""),
    ("release.directory", "\"releases\""),
    ("release.fix", "\"safe\""),
    ("release.max-excluded", "\"5%\""),
    ("release.on-error", "\"exclude\""),
    ("release.row-group-bytes", "\"64MiB\""),
    ("release.shard-bytes", "\"256MiB\""),
    ("release.undeclared", "\"extra\""),
    ("release.zstd-level", "3"),
];

pub(crate) fn run(args: &ConfigArgs, global: &Global, printer: &Printer) -> CommandResult {
    if let Some(year) = &args.edition_diff {
        return edition_diff(year, printer);
    }
    let loaded = load_config(global)?;
    let mut rows: Vec<(String, String, String)> = loaded
        .origins
        .iter()
        .map(|(key, origin)| {
            let origin = match origin {
                Origin::Default => "default".to_owned(),
                Origin::File(path) => path.display().to_string(),
                Origin::CommandLine => "--config".to_owned(),
            };
            (key.clone(), value(&loaded, key), origin)
        })
        .collect();
    for (key, value) in DEFAULTS {
        let set = |known: &str| known == key || known.starts_with(&format!("{key}."));
        if !rows.iter().any(|(known, ..)| set(known)) {
            rows.push((key.to_owned(), value.to_owned(), "default".to_owned()));
        }
    }
    rows.sort();
    if let Some(wanted) = &args.key {
        rows.retain(|(key, ..)| key == wanted || key.starts_with(&format!("{wanted}.")));
        if rows.is_empty() {
            return Err(
                Failure::new(format!("nothing sets `{wanted}`, and it has no built-in value"))
                    .hint("run `corpus config` without a key to see every value"),
            );
        }
    }
    let mut text = String::new();
    let width = rows
        .iter()
        .map(|(key, value, _)| key.len() + value.chars().count() + 3)
        .max()
        .unwrap_or(0)
        .min(70);
    for (key, value, origin) in &rows {
        let setting = format!("{key} = {value}");
        let _ = writeln!(text, "{setting:width$}  # {origin}");
    }
    printer.result(text.as_bytes())?;
    Ok(Outcome::Clean)
}

/// What differs between an edition and the rules of this version.
fn edition_diff(year: &str, printer: &Printer) -> CommandResult {
    let Some(pinned) = edition::pinned(year) else {
        return Err(Failure::new(format!(
            "edition \"{}\" is not known to this version; it knows {}",
            visible(year),
            EDITIONS.map(|e| format!("\"{e}\"")).join(", ")
        )));
    };
    let lines = edition::differences(pinned, &edition::current());
    let mut text = lines.join("\n");
    if lines.is_empty() {
        let _ = write!(text, "edition {year} is what this version runs: nothing changes");
    }
    text.push('\n');
    printer.result(text.as_bytes())?;
    Ok(Outcome::Clean)
}

fn value(loaded: &Loaded, key: &str) -> String {
    let mut table = &loaded.table;
    let mut rest = key;
    // Keys may hold dots themselves (globs in per-file-ignores): the longest known name wins.
    loop {
        if let Some(value) = table.get(rest) {
            return value.to_string();
        }
        let step = rest.match_indices('.').map(|(at, _)| at).find_map(|at| {
            table
                .get(&rest[..at])
                .and_then(toml::Value::as_table)
                .map(|inner| (inner, at))
        });
        match step {
            Some((inner, at)) => {
                table = inner;
                rest = &rest[at + 1..];
            }
            None => return String::new(),
        }
    }
}
