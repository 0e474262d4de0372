//! `report.html`: what is in a release and what became of the rest, for people without tools.

use super::{authors, description};
use crate::release::manifest::{Counts, Level, Manifest, Semver};
use crate::release::writer::Facts;
use crate::report::page::{Cell, Page};

/// Input files that are listed; the manifest has all.
const INPUTS: usize = 50;

pub(super) fn render(manifest: &Manifest, facts: &Facts) -> String {
    let mut page = Page::new(&format!("{} {}", manifest.name, manifest.version));
    page.sentence(&description(manifest, facts));
    page.table(&["", ""], about(manifest, facts));
    page.heading("Rows");
    let splits = manifest.configs.iter().flat_map(|config| {
        config.splits.iter().map(move |split| {
            let shards = split.shards.len() as u64;
            vec![
                config.name.as_str().into(),
                split.name.as_str().into(),
                split.rows.into(),
                shards.into(),
                split.bytes.into(),
            ]
        })
    });
    page.table(&["Config", "Split", "Rows", "Files", "Bytes"], splits);
    page.heading("What became of every collected record");
    page.table(&["", "Records"], account(&manifest.counts));
    verdict(&mut page, manifest);
    page.heading("Columns");
    let columns = manifest.schema.fields.iter().map(|column| {
        vec![
            column.name.as_str().into(),
            column.kind.as_str().into(),
            if column.nullable {
                "may be missing"
            } else {
                "always there"
            }
            .into(),
            column.description.as_deref().unwrap_or_default().into(),
        ]
    });
    page.table(&["Column", "Type", "", "Meaning"], columns);
    page.heading("Made from");
    let inputs = manifest.inputs.iter().take(INPUTS).map(|input| {
        let records = input.records.map_or_else(|| "".into(), Cell::from);
        vec![input.uri.as_str().into(), records, input.bytes.into()]
    });
    page.table(&["Input", "Records", "Bytes"], inputs);
    if manifest.inputs.len() > INPUTS {
        let more = manifest.inputs.len() - INPUTS;
        page.sentence(&format!(
            "and {more} more: manifest.json lists all, with their SHA-256."
        ));
    }
    page.heading("Is it what was released?");
    page.sentence(
        "corpus verify DIRECTORY checks every byte, row and count; sha256sum -c SHA256SUMS checks the bytes.",
    );
    page.finish()
}

fn about(manifest: &Manifest, facts: &Facts) -> Vec<Vec<Cell>> {
    let mut rows: Vec<(&str, String)> = vec![
        ("Released", manifest.released_at.clone()),
        ("By", authors(manifest, facts).join(", ")),
        (
            "Licence",
            manifest
                .license
                .clone()
                .unwrap_or_else(|| "none is declared".to_owned()),
        ),
        ("Languages", manifest.languages.join(", ")),
        ("Content", manifest.content_id.clone()),
        (
            "Made with",
            format!(
                "{} {}, rules {}",
                manifest.pipeline.tool, manifest.pipeline.tool_version, manifest.pipeline.ruleset
            ),
        ),
    ];
    if let Some(previous) = &manifest.previous {
        rows.insert(1, ("After", previous.version.clone()));
    }
    rows.retain(|(_, text)| !text.is_empty());
    rows.into_iter()
        .map(|(name, text)| vec![name.into(), Cell::Text(text)])
        .collect()
}

fn account(counts: &Counts) -> Vec<Vec<Cell>> {
    let mut rows = vec![
        ("collected".to_owned(), counts.collected),
        ("released".to_owned(), counts.accepted),
        ("of these repaired".to_owned(), counts.repaired),
        ("left out".to_owned(), counts.excluded),
    ];
    let why = [
        ("copies of others", counts.duplicates),
        ("not readable", counts.unparseable),
        ("by the configuration", counts.by_policy),
        ("taken down", counts.retracted),
    ];
    let by_rule = counts.excluded_by_rule.iter();
    rows.extend(by_rule.map(|(code, count)| (format!("by rule {code}"), *count)));
    let why = why.into_iter().filter(|(_, count)| *count > 0);
    rows.extend(why.map(|(name, count)| (name.to_owned(), count)));
    rows.into_iter()
        .map(|(name, count)| vec![Cell::Text(name), count.into()])
        .collect()
}

/// What changed since the release before, as the version says it.
fn verdict(page: &mut Page, manifest: &Manifest) {
    let Semver {
        required,
        declared,
        overridden,
        reasons,
    } = &manifest.semver;
    if *required == Level::Initial {
        return;
    }
    page.heading("What changed");
    page.sentence(&format!(
        "The changes are {}; the version is a {} step.",
        required.as_str(),
        declared.as_str()
    ));
    if let Some(reason) = overridden {
        page.sentence(&format!(
            "It is smaller than the changes ask for, because: {reason}"
        ));
    }
    let rows = reasons.iter().map(|reason| {
        vec![
            reason.rule.as_str().into(),
            reason.level.as_str().into(),
            reason.count.into(),
            reason.sample_ids.join(", ").as_str().into(),
        ]
    });
    page.table(&["Check", "Step", "Count", "For example"], rows);
}
