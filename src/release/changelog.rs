//! `CHANGELOG.md`: a section for this release, the user's words in front of what the counts and the
//! verdict say, above the sections of the releases before.

use super::manifest::{Level, Manifest, Reason};
use super::plan::Previous;
use super::{Result, semver};
use std::fmt::Write as _;

const HEAD: &str = "# Changelog\n\n";

/// What the user wrote about `version` in a changelog of the project: the section under the heading of
/// that version, else under `Unreleased`.
#[must_use]
pub fn section(text: &str, version: &str) -> Option<String> {
    let under = |wanted: &str| {
        let is_wanted = |line: &str| {
            let name = line.strip_prefix("## ")?.split_whitespace().next()?;
            let name = name.trim_matches(['[', ']']);
            let name = name.strip_prefix('v').unwrap_or(name);
            name.eq_ignore_ascii_case(wanted).then_some(())
        };
        let mut lines = text.lines().skip_while(|line| is_wanted(line).is_none());
        lines.next()?;
        let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
        let section = lines.join("\n").trim().to_owned();
        Some(section).filter(|section| !section.is_empty())
    };
    under(version).or_else(|| under("Unreleased"))
}

/// One reason of the verdict: what happened, its check, how large a step it asks for, how often.
pub(super) fn reason_line(reason: &Reason) -> String {
    let what = semver::find(&reason.rule).map_or("changed", |check| check.what);
    format!(
        "{what} ({}, {}): {}",
        reason.rule,
        reason.level.as_str(),
        reason.count
    )
}

/// The whole file. `prose`: what the user says about this release.
///
/// # Errors
/// I/O on the previous release's file.
pub fn render(manifest: &Manifest, previous: Option<&Previous>, prose: Option<&str>) -> Result<String> {
    let mut out = HEAD.to_owned();
    let date = manifest.released_at.get(..10).unwrap_or_default();
    let _ = writeln!(out, "## {} ({date})\n", manifest.version);
    if let Some(prose) = prose {
        let _ = writeln!(out, "{}\n", prose.trim());
    }
    let verdict = &manifest.semver;
    if verdict.required == Level::Initial {
        out.push_str("- First release.\n");
    }
    for reason in &verdict.reasons {
        let _ = writeln!(out, "- {}", reason_line(reason));
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
         {}{} unreadable.",
        counts.accepted,
        counts.collected,
        counts.repaired,
        counts.duplicates,
        counts.excluded_by_rule.values().sum::<u64>(),
        match counts.retracted {
            0 => String::new(),
            taken_down => format!("{taken_down} taken down, "),
        },
        counts.unparseable
    );
    for (config, split) in manifest
        .configs
        .iter()
        .flat_map(|c| c.splits.iter().map(move |s| (c, s)))
    {
        let config_name = &config.name;
        let config = if manifest.configs.len() > 1 {
            format!("{}/", config.name)
        } else {
            String::new()
        };
        let before = previous.map(|previous| rows_of(&previous.manifest, config_name, &split.name));
        let change = before.map_or_else(String::new, |before| {
            format!(" ({:+})", i128::from(split.rows) - i128::from(before))
        });
        let _ = writeln!(out, "- {config}{}: {} rows{change}.", split.name, split.rows);
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

/// Rows of a split; none where the release does not have it.
fn rows_of(manifest: &Manifest, config: &str, split: &str) -> u64 {
    let configs = manifest.configs.iter().filter(|known| known.name == config);
    let mut splits = configs.flat_map(|config| &config.splits);
    splits
        .find(|known| known.name == split)
        .map_or(0, |split| split.rows)
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::section;

    #[test]
    fn the_words_about_a_version() {
        let text = "# Changes\n\n## [Unreleased]\n\nNext.\n\n## [1.2.0] - 2026-01-01\n\nThe wire is in.\n\n### Added\n\n\
                    - The wire.\n\n## v1.1.0\n";
        let found = section(text, "1.2.0");
        assert_eq!(
            found.as_deref(),
            Some("The wire is in.\n\n### Added\n\n- The wire.")
        );
        // A version without words of its own takes what waits for a release.
        for version in ["1.1.0", "2.0.0"] {
            assert_eq!(section(text, version).as_deref(), Some("Next."));
        }
        assert_eq!(section("", "1.0.0"), None);
        assert_eq!(section("## Unreleased\n## 1.0.0\nFirst.\n", "2.0.0"), None);
    }
}
