//! What other tools read about a release, every fact of it from the manifest: Croissant, Data Package,
//! CITATION.cff, and where the release came from.

mod citation;
mod croissant;
mod datapackage;
mod provenance;
mod report;

pub use provenance::PATH as PROVENANCE;

use super::manifest::{Column, Config, File, Manifest, Role, Split};
use super::writer::Facts;
use super::{Error, Result};
use arrow_schema::Schema;

/// A document: its path in the release, its part, its bytes.
pub type Document = (&'static str, Role, Vec<u8>);

/// The documents but the last, [`provenance()`].
///
/// # Errors
/// Never in practice: serde's.
pub fn documents(manifest: &Manifest, schema: &Schema, facts: &Facts) -> Result<[Document; 4]> {
    let croissant = json(&croissant::render(manifest, schema, facts))?;
    let package = json(&datapackage::render(manifest, schema, facts))?;
    let citation = citation::render(manifest, facts).into_bytes();
    Ok([
        ("croissant.json", Role::Croissant, croissant),
        ("datapackage.json", Role::Datapackage, package),
        ("CITATION.cff", Role::Citation, citation),
        (
            "report.html",
            Role::Report,
            report::render(manifest, facts).into_bytes(),
        ),
    ])
}

/// The statement of where the release came from. `files`: all that it has but its shards, the manifest
/// and this.
///
/// # Errors
/// Never in practice: serde's.
pub fn provenance(manifest: &Manifest, files: &[File]) -> Result<Vec<u8>> {
    json(&provenance::render(manifest, files))
}

fn json(value: &serde_json::Value) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| Error::Invalid(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The identifier of a licence, where the whole expression is one: `CC-BY-4.0`, not `A OR B`.
fn single_license(manifest: &Manifest) -> Option<&'static str> {
    let name = manifest.license.as_deref()?;
    spdx::license_id(name).map(|id| id.name)
}

/// Page of a licence of the SPDX list.
fn license_page(id: &str) -> String {
    format!("https://spdx.org/licenses/{id}.html")
}

/// The project's own words, else the plainest ones.
fn description(manifest: &Manifest, facts: &Facts) -> String {
    match &facts.description {
        Some(text) => text.clone(),
        None => format!("{}: {} records of text", manifest.name, manifest.counts.accepted),
    }
}

/// The home page, where it is a URL of the web.
fn homepage(facts: &Facts) -> Option<&str> {
    let url = facts.homepage.as_deref()?;
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// Whom the dataset is by; the project itself where nobody is named.
fn authors(manifest: &Manifest, facts: &Facts) -> Vec<String> {
    if facts.authors.is_empty() {
        vec![format!("The {} project", manifest.name)]
    } else {
        facts.authors.clone()
    }
}

/// All splits with their configs, and a name for each that says the config only where there are several.
fn splits(manifest: &Manifest) -> impl Iterator<Item = (String, &Config, &Split)> {
    let several = manifest.configs.len() > 1;
    manifest.configs.iter().flat_map(move |config| {
        config.splits.iter().map(move |split| {
            let name = if several {
                format!("{}/{}", config.name, split.name)
            } else {
                split.name.clone()
            };
            (name, config, split)
        })
    })
}

/// The directory that a split's shards stand in.
fn folder(split: &Split) -> &str {
    let path = split.shards.first().map_or("", |shard| shard.path.as_str());
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What a column means.
fn meaning<'m>(manifest: &'m Manifest, column: &str) -> Option<&'m str> {
    let column: &Column = manifest.schema.fields.iter().find(|field| field.name == column)?;
    Some(super::card::meaning(column)).filter(|text| !text.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
