//! What a dry run says: rows and characters kept and lost, by language, source and reason.

use crate::cli::Failure;
use crate::engine::release::Outcome as Account;
use crate::engine::tally::Amount;
use crate::release::manifest::Semver;
use crate::release::plan::Plan as ReleasePlan;
use crate::report::escape::visible;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows by config and split.
pub(super) type Splits = BTreeMap<(String, String), u64>;

/// The account for people.
pub(super) fn text(
    account: &Account,
    splits: &Splits,
    plan: &ReleasePlan,
    verdict: Option<&Semver>,
) -> String {
    let counts = &account.counts;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} {} would hold {} of {} records",
        plan.name, plan.version, counts.accepted, counts.collected
    );
    let _ = writeln!(
        out,
        "  {} excluded by rules, {} duplicates, {}{} unparseable; {} repaired",
        counts.excluded_by_rule.values().sum::<u64>(),
        counts.duplicates,
        super::taken_down(counts),
        counts.unparseable,
        counts.repaired,
    );
    for ((config, split), rows) in splits {
        let _ = writeln!(out, "  {config}/{split}: {rows} rows");
    }
    if let Some(previous) = &plan.previous {
        let before = previous.manifest.counts.accepted;
        let _ = writeln!(
            out,
            "  {} has {before}: {:+} rows",
            previous.version,
            i128::from(counts.accepted) - i128::from(before)
        );
        if let Some(verdict) = verdict {
            let _ = writeln!(
                out,
                "  the changes are {}, {} is a {} step{}",
                verdict.required.as_str(),
                plan.version,
                verdict.declared.as_str(),
                if verdict.overridden.is_some() {
                    " (overridden)"
                } else {
                    ""
                },
            );
            for reason in &verdict.reasons {
                let _ = writeln!(out, "    {}", visible(&reason.to_string()));
            }
        }
    }
    let _ = writeln!(
        out,
        "\n{:<9} {:<28} {:>9} {:>12} {:>9} {:>12}  lost to",
        "language", "source", "kept", "characters", "lost", "characters"
    );
    for row in account.tally.sorted() {
        let lost = row.lost.values().fold(Amount::default(), |sum, amount| Amount {
            rows: sum.rows + amount.rows,
            chars: sum.chars + amount.chars,
        });
        let mut reasons: Vec<_> = row.lost.iter().collect();
        reasons.sort_by_key(|(code, amount)| (std::cmp::Reverse(amount.rows), **code));
        let reasons: Vec<String> = reasons
            .iter()
            .map(|(code, amount)| format!("{code} {}", amount.rows))
            .collect();
        let cell = |text: &str| {
            if text.is_empty() {
                "-".to_owned()
            } else {
                visible(text).into_owned()
            }
        };
        let _ = writeln!(
            out,
            "{:<9} {:<28} {:>9} {:>12} {:>9} {:>12}  {}",
            cell(&row.language),
            cell(&row.source),
            row.kept.rows,
            row.kept.chars,
            lost.rows,
            lost.chars,
            reasons.join(", ")
        );
    }
    if !account.tally.samples().is_empty() {
        let _ = writeln!(out, "\nsome of what is lost:");
        for (code, ids) in account.tally.samples() {
            let ids: Vec<_> = ids.iter().map(|id| visible(id)).collect();
            let shown = if ids.is_empty() {
                "(records without an id)".to_owned()
            } else {
                ids.join(", ")
            };
            let _ = writeln!(out, "  {code}: {shown}");
        }
    }
    if let Some(why) = &account.refusal {
        let _ = writeln!(out, "\nthe release would be refused: {}", lines(why));
    }
    out
}

/// A message of several lines, each made visible.
fn lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// The account for programs.
pub(super) fn json(
    account: &Account,
    splits: &Splits,
    plan: &ReleasePlan,
    verdict: Option<&Semver>,
) -> Result<String, Failure> {
    let value = serde_json::json!({
        "schema": "corpus.dry-run/1",
        "name": plan.name,
        "version": plan.version.to_string(),
        "refused": account.refusal,
        "counts": account.counts,
        "splits": splits.iter().map(|((config, split), rows)| serde_json::json!({
            "config": config, "split": split, "rows": rows,
        })).collect::<Vec<_>>(),
        "previous": plan.previous.as_ref().map(|previous| serde_json::json!({
            "version": previous.version.to_string(),
            "accepted": previous.manifest.counts.accepted,
            "change": account.counts.accepted as i64 - previous.manifest.counts.accepted as i64,
        })),
        "semver": verdict,
        "rows": account.tally.sorted(),
        "sample_ids": account.tally.samples(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}
