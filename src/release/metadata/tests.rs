//! The documents against the manifest of an invented release.

use super::{Config, Manifest, single_license};
use crate::release::testing::{release, spec};
use serde_json::Value;
use std::path::Path;

fn json(root: &Path, name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(root.join(name)).unwrap()).unwrap()
}

#[test]
fn every_document_says_what_the_manifest_says() {
    let dir = tempfile::tempdir().unwrap();
    let root = release(dir.path(), &spec("1.0.0", 0..2_000)).unwrap();
    let (manifest, _) = Manifest::read(&root).unwrap();
    let shards: Vec<&str> = manifest.shards().map(|(.., s)| s.sha256.as_str()).collect();
    assert!(shards.len() > 4);

    let croissant = json(&root, "croissant.json");
    let distribution = croissant["distribution"].as_array().unwrap();
    let hashes: Vec<&str> = distribution.iter().filter_map(|d| d["sha256"].as_str()).collect();
    assert_eq!(hashes, shards);
    let sets: Vec<&Value> = distribution
        .iter()
        .filter(|d| d["@type"] == "cr:FileSet")
        .collect();
    assert_eq!(sets.len(), 3);
    assert!(sets.iter().all(|set| set.get("containedIn").is_none()));
    assert_eq!(croissant["license"], "https://spdx.org/licenses/CC-BY-4.0.html");
    for set in croissant["recordSet"].as_array().unwrap() {
        let fields = set["field"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["name"].as_str().unwrap());
        let columns = manifest.schema.fields.iter().map(|c| c.name.as_str());
        assert!(fields.eq(columns));
    }

    let package = json(&root, "datapackage.json");
    assert_eq!(package["version"], "1.0.0");
    let resources = package["resources"].as_array().unwrap();
    let paths = resources.iter().flat_map(|r| match &r["path"] {
        Value::Array(paths) => paths.clone(),
        one => vec![one.clone()],
    });
    assert!(paths.eq(manifest.shards().map(|(.., s)| Value::from(s.path.as_str()))));

    let statement = json(&root, "provenance/release.intoto.json");
    let subjects = statement["subject"].as_array().unwrap();
    // All but itself and the manifest, which lists it.
    assert_eq!(subjects.len(), manifest.files.len() + shards.len() - 1);
    for subject in subjects {
        let bytes = std::fs::read(root.join(subject["name"].as_str().unwrap())).unwrap();
        let sha256 = crate::release::hex(&crate::release::sha256(&bytes));
        assert_eq!(subject["digest"]["sha256"], sha256);
    }

    let citation = std::fs::read_to_string(root.join("CITATION.cff")).unwrap();
    assert!(
        citation.contains("- name: \"The \\\"entry\\\" desk: one\"\n"),
        "{citation}"
    );
    assert!(citation.contains("license: \"CC-BY-4.0\"\n"), "{citation}");
    for path in [
        "croissant.json",
        "datapackage.json",
        "CITATION.cff",
        "provenance/release.intoto.json",
    ] {
        assert!(manifest.files.iter().any(|file| file.path == path), "{path}");
    }
}

#[test]
fn an_expression_of_licences_is_none_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let root = release(dir.path(), &spec("1.0.0", 0..20)).unwrap();
    let (mut manifest, _) = Manifest::read(&root).unwrap();
    assert_eq!(single_license(&manifest), Some("CC-BY-4.0"));
    for license in ["CC-BY-4.0 OR CC0-1.0", "LicenseRef-desk"] {
        manifest.license = Some(license.to_owned());
        assert_eq!(single_license(&manifest), None);
    }
}

#[test]
fn splits_of_several_configs_say_which() {
    let dir = tempfile::tempdir().unwrap();
    let root = release(dir.path(), &spec("1.0.0", 0..40)).unwrap();
    let (mut manifest, _) = Manifest::read(&root).unwrap();
    let other = Config {
        name: "ar".to_owned(),
        ..manifest.configs[0].clone()
    };
    manifest.configs.push(other);
    let names: Vec<String> = super::splits(&manifest).map(|(name, ..)| name).collect();
    assert!(names.contains(&"default/train".to_owned()) && names.contains(&"ar/train".to_owned()));
}
