//! What can be wrong with a manifest by itself, and what its names look like.

use super::{Level, Manifest, Role, Shard};
use std::collections::BTreeSet;

/// Sentences about what is wrong.
struct Problems(Vec<String>);

impl Problems {
    fn say(&mut self, ok: bool, what: &dyn Fn() -> String) {
        if !ok {
            self.0.push(what());
        }
    }
}

impl Manifest {
    /// Everything that is wrong with the manifest by itself: paths, names, hashes, sums, order.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut out = Problems(Vec::new());
        self.check_facts(&mut out);
        self.check_splits(&mut out);
        let mut paths = BTreeSet::new();
        self.check_shards(&mut paths, &mut out);
        self.check_files(&mut paths, &mut out);
        out.0
    }

    fn check_facts(&self, out: &mut Problems) {
        out.say(is_dataset_name(&self.name), &|| {
            format!("bad dataset name `{}`", self.name)
        });
        out.say(is_version(&self.version), &|| {
            format!("bad version `{}`", self.version)
        });
        out.say(
            self.content_id
                .strip_prefix("corpus1-sha256:")
                .is_some_and(is_sha256),
            &|| "bad content_id".to_owned(),
        );
        out.say(
            crate::release::datetime::parse_timestamp(&self.released_at).is_ok(),
            &|| format!("bad released_at `{}`", self.released_at),
        );
        if let Some(previous) = &self.previous {
            out.say(
                is_version(&previous.version) && is_sha256(&previous.manifest_sha256),
                &|| "bad `previous`".to_owned(),
            );
        }
        out.say(
            (self.semver.required == Level::Initial) == self.previous.is_none(),
            &|| "the semver verdict and `previous` disagree on whether this release is the first".to_owned(),
        );
        out.say(self.semver.declared != Level::None, &|| {
            "no version step is declared".to_owned()
        });
        if let Err(what) = self.counts.balance() {
            out.say(false, &|| what.clone());
        }
    }

    fn check_splits(&self, out: &mut Problems) {
        let mut rows = 0_u64;
        for config in &self.configs {
            out.say(is_ident(&config.name), &|| {
                format!("bad config name `{}`", config.name)
            });
            out.say(!config.splits.is_empty(), &|| {
                format!("config `{}` has no split", config.name)
            });
            for split in &config.splits {
                out.say(is_ident(&split.name), &|| {
                    format!("bad split name `{}`", split.name)
                });
                let sum =
                    |f: fn(&Shard) -> u64| split.shards.iter().fold(0_u64, |n, s| n.saturating_add(f(s)));
                out.say(sum(|s| s.rows) == split.rows && split.rows > 0, &|| {
                    format!(
                        "split `{}`: its shards do not hold its {} rows",
                        split.name, split.rows
                    )
                });
                out.say(sum(|s| s.bytes) == split.bytes, &|| {
                    format!("split `{}`: its shards are not {} bytes", split.name, split.bytes)
                });
                rows = rows.saturating_add(split.rows);
            }
        }
        out.say(rows == self.counts.accepted, &|| {
            format!(
                "the splits hold {rows} rows, but {} were accepted",
                self.counts.accepted
            )
        });
    }

    fn check_shards<'m>(&'m self, paths: &mut BTreeSet<&'m str>, out: &mut Problems) {
        for (_, _, shard) in self.shards() {
            out.say(
                is_relative_path(&shard.path) && shard.path.starts_with("data/"),
                &|| format!("bad shard path `{}`", shard.path),
            );
            out.say(is_sha256(&shard.sha256) && is_sha256(&shard.rows_hash), &|| {
                format!("{}: bad hash", shard.path)
            });
            out.say(
                shard.rows > 0 && shard.row_groups > 0 && shard.id_min <= shard.id_max,
                &|| format!("{}: empty or with its ids out of order", shard.path),
            );
            out.say(
                is_version(&shard.rows_since) && is_version(&shard.bytes_since),
                &|| format!("{}: bad version", shard.path),
            );
            out.say(paths.insert(shard.path.as_str()), &|| {
                format!("{} is listed twice", shard.path)
            });
            out.say(
                self.files
                    .iter()
                    .any(|f| f.path == shard.state && f.role == Role::State),
                &|| format!("{}: its state file is not listed", shard.path),
            );
        }
    }

    fn check_files<'m>(&'m self, paths: &mut BTreeSet<&'m str>, out: &mut Problems) {
        out.say(self.files.is_sorted_by(|a, b| a.path < b.path), &|| {
            "the files are not in order of path".to_owned()
        });
        let beside = if self.audit.public {
            &[][..]
        } else {
            &self.audit.files[..]
        };
        for file in self.files.iter().chain(beside) {
            out.say(is_relative_path(&file.path), &|| {
                format!("bad path `{}`", file.path)
            });
            out.say(is_sha256(&file.sha256), &|| format!("{}: bad hash", file.path));
        }
        for file in &self.files {
            let own = ["manifest.json", "SHA256SUMS", crate::release::signature::FILE];
            let own = own.contains(&file.path.as_str());
            out.say(!own && paths.insert(file.path.as_str()), &|| {
                format!("{} is listed twice", file.path)
            });
        }
        out.say(
            self.files.iter().any(|f| {
                f.path == self.schema.json_schema_path && f.sha256 == self.schema.json_schema_sha256
            }),
            &|| "the JSON Schema is not listed with its hash".to_owned(),
        );
    }
}

/// `[a-z0-9]([a-z0-9._-]{0,94}[a-z0-9])?`: the name of a dataset.
#[must_use]
pub fn is_dataset_name(name: &str) -> bool {
    let edge = |c: Option<&u8>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let bytes = name.as_bytes();
    bytes.len() <= 96
        && edge(bytes.first())
        && edge(bytes.last())
        && bytes
            .iter()
            .all(|c| edge(Some(c)) || matches!(c, b'.' | b'_' | b'-'))
}

/// A name of a config or split: `[A-Za-z_][A-Za-z0-9_]{0,62}`, and not `all`, which loaders reserve.
#[must_use]
pub fn is_ident(name: &str) -> bool {
    name != "all"
        && name.len() <= 63
        && name
            .bytes()
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == b'_')
        && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
}

/// A path that is relative, stays below its root, and is safe in URLs and for every reader.
#[must_use]
pub fn is_relative_path(path: &str) -> bool {
    path.len() <= 512
        && path.split('/').all(|step| {
            step.bytes()
                .next()
                .is_some_and(|c| c.is_ascii_alphanumeric() || c == b'_')
                && step
                    .bytes()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-'))
        })
}

fn is_sha256(text: &str) -> bool {
    crate::release::unhex(text).is_some()
}

fn is_version(text: &str) -> bool {
    crate::release::plan::parse_version(text).is_ok_and(|version| version.to_string() == text)
}
