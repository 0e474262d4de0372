//! `corpus stats`.

use super::args::{Global, StatsArgs};
use super::output::{INTERRUPTED, Printer, interrupted};
use super::project::{Project, no_rules, say_text_fields};
use super::{CommandResult, Failure, Outcome};
use crate::engine::survey::{Count, Statistics, statistics};
use crate::report::escape::visible;
use crate::report::page::{Cell, Page};
use crate::report::summary::count;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows of one table in the text form; the JSON form has all.
const SHOWN: usize = 20;

pub(crate) fn run(args: &StatsArgs, global: &Global, printer: &Printer) -> CommandResult {
    let project = Project::load(global)?;
    let checker = project.checker(&no_rules(), None, args.field.as_deref(), printer)?;
    let plan = project.plan(project.inputs(&args.paths, None)?)?;
    let counts = statistics(&checker, &plan, project.jobs, &INTERRUPTED)?;
    if interrupted() {
        // Half a run has no totals.
        return Ok(Outcome::Failed);
    }
    let text = match args.output_format.as_str() {
        "text" => text(&counts),
        "json" => serde_json::to_string_pretty(&counts)? + "\n",
        "html" => html(&counts),
        other => {
            return Err(Failure::new(format!(
                "`{other}` is not a format of stats; use text, json or html"
            )));
        }
    };
    printer.result(text.as_bytes())?;
    say_text_fields(&checker, printer);
    Ok(Outcome::Clean)
}

fn text(counts: &Statistics) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} in {}, {} of text; {} cannot be read",
        count(counts.records, "record"),
        count(counts.files, "file"),
        count(counts.chars, "character"),
        count(counts.unparseable, "record")
    );
    table(&mut out, "language", &counts.languages, true);
    table(&mut out, "source", &counts.sources, true);
    table(&mut out, "year", &counts.years, false);
    let letters: u64 = counts.scripts.values().sum();
    if letters > 0 {
        let _ = writeln!(out, "\n{:<24} {:>14} {:>7}", "script", "letters", "share");
        let mut rows: Vec<_> = counts.scripts.iter().collect();
        rows.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
        for (name, count) in rows {
            let _ = writeln!(
                out,
                "{name:<24} {count:>14} {:>6.1}%",
                100.0 * *count as f64 / letters as f64
            );
        }
    }
    if !counts.lengths.is_empty() {
        let _ = writeln!(out, "\n{:<24} {:>14}", "length in characters", "records");
        for (bound, count) in &counts.lengths {
            let label = if *bound == 0 {
                "0".to_owned()
            } else {
                format!("up to {bound}")
            };
            let _ = writeln!(out, "{label:<24} {count:>14}");
        }
    }
    out
}

/// All of the tables as a page for people.
fn html(counts: &Statistics) -> String {
    let mut page = Page::new("corpus stats");
    page.table(
        &["", ""],
        [
            ("records", counts.records),
            ("files", counts.files),
            ("characters of text", counts.chars),
            ("records that cannot be read", counts.unparseable),
        ]
        .map(|(name, number)| vec![Cell::from(name), Cell::from(number)]),
    );
    for (title, groups) in [
        ("Language", &counts.languages),
        ("Source", &counts.sources),
        ("Year", &counts.years),
    ] {
        let rows = groups.iter().map(|(key, count)| {
            let key = if key.is_empty() { "(none)" } else { key };
            vec![Cell::from(key), count.records.into(), count.chars.into()]
        });
        page.heading(title).table(&[title, "Records", "Characters"], rows);
    }
    let scripts = counts.scripts.iter();
    page.heading("Script").table(
        &["Script", "Letters"],
        scripts.map(|(name, letters)| vec![Cell::from(name.as_str()), (*letters).into()]),
    );
    let lengths = counts.lengths.iter();
    page.heading("Length").table(
        &["Characters, at most", "Records"],
        lengths.map(|(bound, records)| vec![Cell::from(*bound), (*records).into()]),
    );
    page.finish()
}

fn table(out: &mut String, name: &str, counts: &BTreeMap<String, Count>, by_size: bool) {
    let mut rows: Vec<_> = counts.iter().collect();
    if by_size {
        rows.sort_by_key(|(key, count)| (std::cmp::Reverse(count.records), key.as_str()));
    }
    let _ = writeln!(out, "\n{name:<24} {:>14} {:>14}", "records", "characters");
    for (key, count) in rows.iter().take(SHOWN) {
        let key = if key.is_empty() {
            "(none)".into()
        } else {
            visible(key)
        };
        let _ = writeln!(out, "{key:<24} {:>14} {:>14}", count.records, count.chars);
    }
    if rows.len() > SHOWN {
        let _ = writeln!(out, "… and {} more", rows.len() - SHOWN);
    }
}
