//! `provenance/release.intoto.json`: an in-toto statement with an SLSA provenance predicate.
//!
//! Its subjects are the shards and documents of the release. The manifest is none of them: it lists
//! this file with its hash, and a signature of the manifest covers both.

use crate::release::manifest::{File, Manifest, Role};
use serde_json::{Value, json};

/// Where the statement stands in a release.
pub const PATH: &str = "provenance/release.intoto.json";

/// What the fields of the predicate mean is said in docs/release-format.md under this name.
const BUILD_TYPE: &str = "urn:corpus:build:release:1";
const BUILDER: &str = "urn:corpus:tool";

/// The statement. `files`: what the release has but its shards and this.
pub(super) fn render(manifest: &Manifest, files: &[File]) -> Value {
    let shards = manifest
        .shards()
        .map(|(_, _, s)| (s.path.as_str(), s.sha256.as_str()));
    let others = files.iter().filter(|file| file.role != Role::Signature);
    let others = others.map(|file| (file.path.as_str(), file.sha256.as_str()));
    let mut subjects: Vec<(&str, &str)> = shards.chain(others).collect();
    subjects.sort_unstable();
    let subjects = subjects
        .into_iter()
        .map(|(name, sha256)| json!({ "name": name, "digest": { "sha256": sha256 } }));
    let pipeline = &manifest.pipeline;
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": subjects.collect::<Vec<_>>(),
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": BUILD_TYPE,
                "externalParameters": {
                    "name": manifest.name,
                    "version": manifest.version,
                    "configuration": { "sha256": pipeline.config_sha256 },
                    "overrideSemver": manifest.semver.overridden,
                },
                "internalParameters": {
                    "ruleset": pipeline.ruleset,
                    "unicode": pipeline.unicode,
                    "matchKey": pipeline.match_key,
                    "parquet": pipeline.parquet,
                    "contentId": manifest.content_id,
                },
                "resolvedDependencies": dependencies(manifest),
            },
            "runDetails": {
                "builder": { "id": BUILDER, "version": { (pipeline.tool.as_str()): pipeline.tool_version } },
                "metadata": { "finishedOn": manifest.released_at },
            },
        },
    })
}

/// What the release was made from: the inputs, the schema, the commit, the release before.
fn dependencies(manifest: &Manifest) -> Vec<Value> {
    let inputs = manifest.inputs.iter().map(|input| {
        json!({
            "name": "input",
            "uri": input.uri,
            "digest": { "sha256": input.sha256 },
            "annotations": { "bytes": input.bytes, "records": input.records },
        })
    });
    let schema = json!({
        "name": "schema",
        "uri": manifest.schema.json_schema_path,
        "digest": { "sha256": manifest.schema.json_schema_sha256 },
    });
    let commit = manifest.pipeline.source_commit.as_ref().map(|commit| {
        json!({
            "name": "source",
            "digest": { "gitCommit": commit },
            "annotations": { "dirty": manifest.pipeline.dirty },
        })
    });
    let previous = manifest.previous.as_ref().map(|previous| {
        json!({
            "name": format!("previous release {}", previous.version),
            "digest": { "sha256": previous.manifest_sha256 },
        })
    });
    inputs.chain([schema]).chain(commit).chain(previous).collect()
}
