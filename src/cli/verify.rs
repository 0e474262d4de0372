//! `corpus verify`.

use super::args::{Global, VerifyArgs};
use super::leakage::leaks;
use super::output::Printer;
use super::ssh::{self, Signed};
use super::{CommandResult, Failure, Outcome};
use crate::engine::manifest_schema::validate;
use crate::release::verify::{Problem, Report, VerifyOptions, verify};
use crate::release::{hex, sha256, signature, unhex};
use crate::report::escape::visible;
use crate::report::summary::count;
use std::fmt::Write as _;
use std::path::Path;

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
        sample: args.sample.as_deref().map(share).transpose()?,
    };
    let mut report = verify(&args.release, options)?;
    // Of rows that are damaged nothing is proved.
    if args.deep && report.ok {
        report.problems = leaks(&args.release, global, printer)?;
        report.problems.sort();
        report.ok = report.problems.is_empty();
    }
    let authenticity = match &args.signers {
        Some(signers) => signed(args, signers, &mut report)?,
        None if report.manifest_pinned => "manifest SHA-256 as given".to_owned(),
        None => "not checked".to_owned(),
    };
    let text = match args.output_format.as_str() {
        "text" => text(&report, &authenticity),
        "json" => json(&report, &authenticity)?,
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

/// `1/10` as two numbers.
fn share(text: &str) -> Result<(u64, u64), Failure> {
    let parts = text.split_once('/');
    let parts = parts.and_then(|(n, m)| Some((n.parse::<u64>().ok()?, m.parse::<u64>().ok()?)));
    parts.filter(|(n, m)| (1..=*m).contains(n)).ok_or_else(|| {
        Failure::new(format!("--sample `{text}` is not a share")).hint("write it as N/M, such as 1/10")
    })
}

fn text(report: &Report, authenticity: &str) -> String {
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
    if let Some((read, all)) = report.sampled {
        let _ = writeln!(out, "{read} of {all} shards were read");
    }
    let integrity = match report.problems.len() {
        0 if report.sampled.is_some() => "ok in the sample".to_owned(),
        0 => "ok".to_owned(),
        1 => "FAILED, 1 problem".to_owned(),
        n => format!("FAILED, {n} problems"),
    };
    let _ = writeln!(
        out,
        "integrity: {integrity} · authenticity: {}",
        visible(authenticity)
    );
    out
}

fn json(report: &Report, authenticity: &str) -> Result<String, Failure> {
    let value = serde_json::json!({
        "schema": "corpus.verify/1",
        "ok": report.ok,
        "authenticity": authenticity,
        "files": report.files,
        "rows": report.rows,
        "problems": report.problems.iter().map(|problem| serde_json::json!({
            "path": problem.path, "what": problem.what,
        })).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// By whom the manifest is signed. A signature that does not count is a problem like any other.
fn signed(args: &VerifyArgs, signers: &Path, report: &mut Report) -> Result<String, Failure> {
    let manifest = fs_err::read(args.release.join("manifest.json"))?;
    let same = report.manifest_sha256.as_deref() == Some(hex(&sha256(&manifest)).as_str());
    let what = match ssh::check(&args.release, &manifest, signers)? {
        Signed::By(whom) if same => return Ok(format!("signed by {whom}")),
        Signed::By(_) => "is of a manifest that changed while it was checked".to_owned(),
        Signed::Not(why) => why,
    };
    report.ok = false;
    report.problems.push(Problem {
        path: signature::FILE.to_owned(),
        what,
    });
    report.problems.sort();
    Ok("FAILED".to_owned())
}
