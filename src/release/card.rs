//! `README.md`: the dataset card. The YAML front matter is what loaders read; the rest is for people.

use super::manifest::Manifest;
use super::writer::Facts;
use arrow_schema::{DataType, Field, Schema};
use std::fmt::Write as _;

/// Text of `LICENSE`: the project's, else a notice that names the licence.
#[must_use]
pub fn license_text(facts: &Facts) -> String {
    match (&facts.license_text, &facts.license) {
        (Some(text), _) => text.clone(),
        (None, Some(spdx)) => {
            // One licence has a page of its own; an expression names several.
            let page = match hub_license(spdx) {
                Some(_) => format!("{spdx}.html"),
                None => String::new(),
            };
            format!(
                "This dataset is licensed under {spdx} (SPDX licence expression).\n\
                 The text of the licence: https://spdx.org/licenses/{page}\n\
                 A record's own `license` field, where it has one, takes precedence for that record.\n"
            )
        }
        (None, None) => "No licence is declared for this dataset.\n".to_owned(),
    }
}

/// A YAML double-quoted scalar: JSON strings are YAML, once line separators are escaped too.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    super::columns::canonical_string(text, &mut out);
    let mut safe = String::with_capacity(out.len());
    for c in out.chars() {
        match c {
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(safe, "\\u{:04x}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

/// Licence identifiers of the Hugging Face hub are lower-case SPDX ids; an expression is `other`.
fn hub_license(spdx: &str) -> Option<String> {
    let simple = spdx
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-'));
    simple.then(|| spdx.to_ascii_lowercase())
}

fn size_category(rows: u64) -> &'static str {
    match rows {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        100_000_000..1_000_000_000 => "100M<n<1B",
        1_000_000_000..10_000_000_000 => "1B<n<10B",
        _ => "n>1T",
    }
}

/// One entry of `features`, at `indent`, after its `- name: …` line or under `list:`.
fn feature(kind: &DataType, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match kind {
        DataType::List(item) => match item.data_type() {
            DataType::Struct(_) | DataType::List(_) => {
                let _ = writeln!(out, "{pad}list:");
                if let DataType::Struct(fields) = item.data_type() {
                    fields.iter().for_each(|f| named(f, indent, out));
                } else {
                    feature(item.data_type(), indent + 2, out);
                }
            }
            scalar => {
                let _ = writeln!(out, "{pad}list: {}", dtype(scalar));
            }
        },
        DataType::Struct(fields) => {
            let _ = writeln!(out, "{pad}struct:");
            fields.iter().for_each(|f| named(f, indent, out));
        }
        scalar => {
            let _ = writeln!(out, "{pad}dtype: {}", dtype(scalar));
        }
    }
}

fn named(field: &Field, indent: usize, out: &mut String) {
    let _ = writeln!(out, "{}- name: {}", " ".repeat(indent), quoted(field.name()));
    feature(field.data_type(), indent + 2, out);
}

fn dtype(kind: &DataType) -> String {
    match kind {
        DataType::Timestamp(..) => "timestamp[us, tz=UTC]".to_owned(),
        other => super::writer::type_name(other),
    }
}

fn front_matter(manifest: &Manifest, schema: &Schema, out: &mut String) {
    out.push_str("---\n");
    if let Some(license) = &manifest.license {
        match hub_license(license) {
            Some(id) => {
                let _ = writeln!(out, "license: {}", quoted(&id));
            }
            None => {
                let _ = writeln!(out, "license: other\nlicense_name: {}", quoted(license));
            }
        }
    }
    let _ = writeln!(out, "pretty_name: {}", quoted(&manifest.name));
    if !manifest.languages.is_empty() {
        out.push_str("language:\n");
        for language in &manifest.languages {
            let _ = writeln!(out, "- {}", quoted(language));
        }
    }
    let _ = writeln!(
        out,
        "size_categories:\n- {}",
        size_category(manifest.counts.accepted)
    );
    out.push_str("configs:\n");
    for config in &manifest.configs {
        let _ = writeln!(out, "- config_name: {}", config.name);
        if config.default {
            out.push_str("  default: true\n");
        }
        out.push_str("  data_files:\n");
        for split in &config.splits {
            let folder = split
                .shards
                .first()
                .map_or("", |s| s.path.rsplit_once('/').map_or("", |p| p.0));
            let _ = writeln!(out, "  - split: {}\n    path: {folder}/*.parquet", split.name);
        }
    }
    out.push_str("dataset_info:\n");
    for config in &manifest.configs {
        let _ = writeln!(out, "- config_name: {}\n  features:", config.name);
        schema.fields().iter().for_each(|f| named(f, 2, out));
        out.push_str("  splits:\n");
        let (mut bytes, mut size) = (0, 0);
        for split in &config.splits {
            let uncompressed: u64 = split.shards.iter().map(|s| s.uncompressed_bytes).sum();
            let _ = writeln!(
                out,
                "  - name: {}\n    num_bytes: {uncompressed}\n    num_examples: {}",
                split.name, split.rows
            );
            bytes += split.bytes;
            size += uncompressed;
        }
        let _ = writeln!(out, "  download_size: {bytes}\n  dataset_size: {size}");
    }
    out.push_str("---\n");
}

/// Text for a Markdown table cell or line: one line, nothing that ends the cell or starts markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '<' | '[' | ']' | '*' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// How people get at the rows, in the readers they use.
fn load(manifest: &Manifest, out: &mut String) {
    let default = manifest.configs.iter().find(|config| config.default);
    let Some(config) = default.or(manifest.configs.first()) else {
        return;
    };
    let folder = |split: &super::manifest::Split| {
        let path = split.shards.first().map_or("", |shard| shard.path.as_str());
        path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
    };
    let Some(split) = config
        .splits
        .iter()
        .find(|split| split.name == "train")
        .or(config.splits.first())
    else {
        return;
    };
    let directory = format!("{}-v{}", manifest.name, manifest.version);
    let name = if config.default {
        String::new()
    } else {
        format!(", {:?}", config.name)
    };
    let _ = write!(
        out,
        "\n## Load it\n\n```python\nfrom datasets import load_dataset\n\
         rows = load_dataset(\"{directory}\"{name}, split=\"{}\")\n\n\
         import pandas\nrows = pandas.read_parquet(\"{directory}/{}\")\n```\n",
        split.name,
        folder(split),
    );
}

/// What a column means: the schema's own words, else what the tool knows.
pub(super) fn meaning(column: &super::manifest::Column) -> &str {
    match &column.description {
        Some(text) => text,
        None if column.name == super::columns::EXTRA => "Fields that the schema does not declare, as JSON.",
        None => super::columns::Derived::find(&column.name).map_or("", super::columns::Derived::meaning),
    }
}

/// What is different from the release before; CHANGELOG.md has all releases.
fn changes(manifest: &Manifest, out: &mut String) {
    let Some(previous) = &manifest.previous else {
        return;
    };
    let _ = writeln!(out, "\n## Changes since {}\n", previous.version);
    for reason in &manifest.semver.reasons {
        let _ = writeln!(out, "- {}", super::changelog::reason_line(reason));
    }
    out.push_str("\nAll changes: `CHANGELOG.md`.\n");
}

/// The card.
#[must_use]
pub fn render(manifest: &Manifest, schema: &Schema, facts: &Facts) -> String {
    let mut out = String::new();
    front_matter(manifest, schema, &mut out);
    let _ = writeln!(out, "\n# {}\n", plain(&manifest.name));
    if let Some(description) = &facts.description {
        let _ = writeln!(out, "{}\n", plain(description));
    }
    let _ = writeln!(
        out,
        "Version {}, released {}.",
        manifest.version, manifest.released_at
    );
    if let Some(license) = &manifest.license {
        let _ = writeln!(out, "Licence: {}.", plain(license));
    }
    if let Some(homepage) = &facts.homepage {
        let _ = writeln!(out, "Home page: {}", plain(homepage));
    }
    if let Some(contact) = &facts.contact {
        let _ = writeln!(out, "To have a record taken down, write to {}.", plain(contact));
    }
    out.push_str("\n## Data\n\n| config | split | rows | bytes |\n|---|---|---:|---:|\n");
    for config in &manifest.configs {
        for split in &config.splits {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                plain(&config.name),
                plain(&split.name),
                split.rows,
                split.bytes
            );
        }
    }
    load(manifest, &mut out);
    out.push_str("\n## Columns\n\n| column | type | nullable | meaning |\n|---|---|---|---|\n");
    for column in &manifest.schema.fields {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            plain(&column.name),
            plain(&column.kind),
            if column.nullable { "yes" } else { "no" },
            plain(meaning(column))
        );
    }
    let counts = &manifest.counts;
    let _ = writeln!(
        out,
        "\n## From collected to released\n\n\
         | | records |\n|---|---:|\n\
         | collected | {} |\n| released | {} |\n| of these repaired | {} |\n| copies left out | {} |\n\
         | left out by a rule | {} |\n| not readable | {} |\n| taken down | {} |\n| left out by configuration | {} |",
        counts.collected,
        counts.accepted,
        counts.repaired,
        counts.duplicates,
        counts.excluded_by_rule.values().sum::<u64>(),
        counts.unparseable,
        counts.retracted,
        counts.by_policy
    );
    if !counts.excluded_by_rule.is_empty() {
        out.push_str("\nRules that left records out (`corpus explain RULE` says what each means):");
        for (i, (code, records)) in counts.excluded_by_rule.iter().enumerate() {
            let _ = write!(out, "{} {} {records}", if i == 0 { "" } else { "," }, plain(code));
        }
        out.push_str(".\n");
    }
    changes(manifest, &mut out);
    out.push_str(
        "\n## Check it\n\n`sha256sum -c SHA256SUMS` checks every file; `corpus verify` checks every row, count and \
         identity too.\n",
    );
    let _ = writeln!(out, "Content identity: `{}`", manifest.content_id);
    out.push_str(
        "\n## For other tools\n\n`croissant.json` (Croissant 1.1), `datapackage.json` (Data Package 2.0), \
         `CITATION.cff` and `provenance/release.intoto.json` (in-toto, SLSA) say what `manifest.json` says.\n",
    );
    if let Some(prose) = &facts.prose {
        let _ = writeln!(out, "\n{}", prose.trim_end());
    }
    out
}
