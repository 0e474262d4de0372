//! `corpus verify`.

use super::args::{Global, VerifyArgs};
use super::output::Printer;
use super::{CommandResult, Failure, Outcome};
use crate::engine::manifest_schema::validate;
use crate::release::unhex;
use crate::release::verify::{Report, VerifyOptions, verify};
use crate::report::escape::visible;
use crate::report::summary::count;
use std::fmt::Write as _;

pub(crate) fn run(args: &VerifyArgs, global: &Global, printer: &Printer) -> CommandResult {
    if !args.release.is_dir() {
        return Err(
            Failure::new(format!("`{}` is not a directory", args.release.display()))
                .hint("name the directory of a release, such as releases/arabic-news-v1.2.0"),
        );
    }
    let threads = global
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let pinned = args
        .manifest_sha256
        .as_deref()
        .map(|text| {
            unhex(text)
                .ok_or_else(|| Failure::new("--manifest-sha256 takes 64 lower-case hexadecimal digits"))
        })
        .transpose()?;
    let options = VerifyOptions {
        threads,
        validate: Some(&validate),
        manifest_sha256: pinned,
    };
    let report = verify(&args.release, options)?;
    let text = match args.output_format.as_str() {
        "text" => text(&report),
        "json" => json(&report)?,
        other => {
            return Err(Failure::new(format!(
                "`{other}` is not a format of verify; use text or json"
            )));
        }
    };
    printer.result(text.as_bytes())?;
    Ok(if report.ok {
        Outcome::Clean
    } else {
        Outcome::Failed
    })
}

fn text(report: &Report) -> String {
    let mut out = String::new();
    for problem in &report.problems {
        let _ = writeln!(out, "{}: {}", visible(&problem.path), visible(&problem.what));
    }
    let _ = writeln!(
        out,
        "{}, {}",
        count(report.files, "file"),
        count(report.rows, "row")
    );
    let integrity = match report.problems.len() {
        0 => "ok".to_owned(),
        1 => "FAILED, 1 problem".to_owned(),
        n => format!("FAILED, {n} problems"),
    };
    let _ = writeln!(
        out,
        "integrity: {integrity} · authenticity: {}",
        authenticity(report)
    );
    out
}

fn json(report: &Report) -> Result<String, Failure> {
    let value = serde_json::json!({
        "schema": "corpus.verify/1",
        "ok": report.ok,
        "authenticity": authenticity(report),
        "files": report.files,
        "rows": report.rows,
        "problems": report.problems.iter().map(|problem| serde_json::json!({
            "path": problem.path, "what": problem.what,
        })).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// What was and was not authenticated.
const fn authenticity(report: &Report) -> &'static str {
    if report.manifest_pinned {
        "manifest SHA-256 as given"
    } else {
        "not checked"
    }
}
