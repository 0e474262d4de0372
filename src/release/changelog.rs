//! `CHANGELOG.md`: a section for this release, written from the counts and the verdict, in front of
//! the sections of the releases before.

use super::manifest::{Level, Manifest};
use super::plan::Previous;
use super::{Result, semver};
use std::fmt::Write as _;

const HEAD: &str = "# Changelog\n\n";

/// The whole file.
///
/// # Errors
/// I/O on the previous release's file.
pub fn render(manifest: &Manifest, previous: Option<&Previous>) -> Result<String> {
    let mut out = HEAD.to_owned();
    let date = manifest.released_at.get(..10).unwrap_or_default();
    let _ = writeln!(out, "## {} ({date})\n", manifest.version);
    let verdict = &manifest.semver;
    if verdict.required == Level::Initial {
        out.push_str("- First release.\n");
    }
    for reason in &verdict.reasons {
        let what = semver::find(&reason.rule).map_or("changed", |c| c.what);
        let _ = writeln!(
            out,
            "- {} ({}, {}): {}",
            what,
            reason.rule,
            reason.level.as_str(),
            reason.count
        );
    }
    if let Some(reason) = &verdict.overridden {
        let _ = writeln!(
            out,
            "- Released with a smaller step than the changes ask for: {}",
            one_line(reason)
        );
    }
    let counts = &manifest.counts;
    let _ = writeln!(
        out,
        "- {} of {} collected records released, {} of them repaired; left out: {} copies, {} by rules, \
         {} unreadable.",
        counts.accepted,
        counts.collected,
        counts.repaired,
        counts.duplicates,
        counts.excluded_by_rule.values().sum::<u64>(),
        counts.unparseable
    );
    for (config, split) in manifest
        .configs
        .iter()
        .flat_map(|c| c.splits.iter().map(move |s| (c, s)))
    {
        let config = if manifest.configs.len() > 1 {
            format!("{}/", config.name)
        } else {
            String::new()
        };
        let _ = writeln!(out, "- {config}{}: {} rows.", split.name, split.rows);
    }
    if let Some(previous) = previous {
        let path = previous.directory.join("CHANGELOG.md");
        match fs_err::read_to_string(&path) {
            Ok(text) => {
                out.push('\n');
                out.push_str(text.strip_prefix(HEAD).unwrap_or(&text));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(out)
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
