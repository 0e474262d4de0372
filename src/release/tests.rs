//! Releases from end to end: write, verify, damage, kill, release again.

use super::commit::{Lock, Step};
use super::manifest::{Level, Manifest};
use super::plan::read_index;
use super::testing::{self, Spec, release, snapshot, spec};
use super::verify::{VerifyOptions, verify};
use super::{Error, hex};
use std::collections::BTreeMap;
use std::path::Path;

fn problems(root: &Path) -> Vec<String> {
    let options = VerifyOptions {
        threads: 2,
        ..VerifyOptions::default()
    };
    match verify(root, options) {
        Ok(report) => report
            .problems
            .iter()
            .map(|p| format!("{}: {}", p.path, p.what))
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

fn writable(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
}

#[test]
fn a_release_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let root = release(dir.path(), &spec("v1", 0..2_000)).unwrap();
    assert_eq!(root, dir.path().join("entries-v1.0.0"));
    let report = verify(&root, VerifyOptions::default()).unwrap();
    assert!(report.ok, "{:?}", report.problems);
    assert_eq!(report.rows, 2_000);
    let (manifest, sha256) = Manifest::read(&root).unwrap();
    assert_eq!(manifest.semver.required, Level::Initial);
    assert_eq!(read_index(dir.path()).unwrap()[0].manifest_sha256, hex(&sha256));
    assert!(
        manifest.shards().count() > 4,
        "the test wants several shards a split"
    );
    let mut left: Vec<String> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(
        left,
        [".lock", "entries-v1.0.0", "entries-v1.0.0.audit", "index.jsonl"]
    );
    let card = std::fs::read_to_string(root.join("README.md")).unwrap();
    assert!(card.contains("Headline \\| of the entry"));
    // `sha256sum -c` agrees, and a copy without project, index and audit verifies too.
    let ok = std::process::Command::new("sha256sum")
        .args(["-c", "--quiet", "SHA256SUMS"])
        .current_dir(&root)
        .status();
    assert!(ok.unwrap().success());
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in snapshot(&root) {
        let to = copy.path().join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, bytes).unwrap();
    }
    assert_eq!(problems(copy.path()), Vec::<String>::new());
}

#[test]
fn same_bytes_for_any_number_of_threads() {
    let mut all = Vec::new();
    for threads in [1, 2, 8] {
        let dir = tempfile::tempdir().unwrap();
        let spec = Spec {
            threads,
            ..spec("1.0.0", 0..1_200)
        };
        release(dir.path(), &spec).unwrap();
        let mut files = snapshot(dir.path());
        files.remove(".lock");
        all.push(files);
    }
    assert!(all[0] == all[1] && all[1] == all[2]);
}

#[test]
fn the_manifest_conforms_to_its_json_schema() {
    let dir = tempfile::tempdir().unwrap();
    release(dir.path(), &spec("1.0.0", 0..300)).unwrap();
    let root = release(dir.path(), &spec("1.1.0", 0..400)).unwrap();
    let schema: serde_json::Value = serde_json::from_str(super::manifest::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut value: serde_json::Value =
        serde_json::from_slice(&std::fs::read(root.join("manifest.json")).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    value["configs"][0]["splits"][0]["shards"][0]["path"] = "../x".into();
    assert!(!validator.is_valid(&value));
}

#[test]
fn every_damage_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let spec = Spec {
        public: true,
        ..spec("1.0.0", 0..300)
    };
    let root = release(dir.path(), &spec).unwrap();
    let files = snapshot(&root);
    let mut seed = 0x9e37_79b9_u64;
    let mut random = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for (name, good) in &files {
        let path = root.join(name);
        writable(&path);
        let small = matches!(name.as_str(), "manifest.json" | "SHA256SUMS");
        for round in 0..if small { 60 } else { 6 } {
            let mut bad = good.clone();
            match round {
                0 => drop(bad.pop()),
                1 => bad.push(b'\n'),
                2 => bad.clear(),
                _ => {
                    let at = random(bad.len());
                    bad[at] ^= 1 << random(8);
                }
            }
            std::fs::write(&path, &bad).unwrap();
            assert!(!problems(&root).is_empty(), "{name}, round {round}");
        }
        std::fs::remove_file(&path).unwrap();
        assert!(!problems(&root).is_empty(), "{name} removed");
        std::fs::write(&path, good).unwrap();
    }
    assert_eq!(problems(&root), Vec::<String>::new());
    for extra in [
        "data/train/train-99999.parquet",
        "x",
        ".hidden",
        "data/train/sub/y",
    ] {
        let path = root.join(extra);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, b"").unwrap();
        assert!(!problems(&root).is_empty(), "{extra}");
        std::fs::remove_file(&path).unwrap();
    }
    assert!(!problems(&root).is_empty(), "an empty directory");
    std::fs::remove_dir(root.join("data/train/sub")).unwrap();
    let shards: Vec<&String> = files.keys().filter(|f| f.starts_with("data/")).collect();
    std::fs::write(root.join(shards[0]), &files[shards[1]]).unwrap();
    std::fs::write(root.join(shards[1]), &files[shards[0]]).unwrap();
    assert!(problems(&root).len() >= 2, "swapped shards");
    std::fs::write(root.join(shards[0]), &files[shards[0]]).unwrap();
    std::fs::remove_file(root.join(shards[1])).unwrap();
    std::os::unix::fs::symlink(root.join(shards[0]), root.join(shards[1])).unwrap();
    assert!(!problems(&root).is_empty(), "a symlink");
}

/// Someone who also corrects the sums and the manifest is found by the rows and by the index.
#[test]
fn a_forged_manifest_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let root = release(dir.path(), &spec("1.0.0", 0..300)).unwrap();
    let path = root.join("manifest.json");
    let forge = |change: &dyn Fn(&mut Manifest)| {
        let (mut manifest, _) = Manifest::read(&root).unwrap();
        let before = (
            std::fs::read(&path).unwrap(),
            std::fs::read(root.join("SHA256SUMS")).unwrap(),
        );
        change(&mut manifest);
        let bytes = manifest.to_bytes().unwrap();
        writable(&path);
        writable(&root.join("SHA256SUMS"));
        std::fs::write(&path, &bytes).unwrap();
        let sums = super::sums::render(&manifest, &super::sha256(&bytes));
        std::fs::write(root.join("SHA256SUMS"), sums).unwrap();
        let found = problems(&root);
        std::fs::write(&path, before.0).unwrap();
        std::fs::write(root.join("SHA256SUMS"), before.1).unwrap();
        found
    };
    let found = forge(&|m| m.configs[0].splits[0].shards[0].rows_hash = "0".repeat(64));
    assert!(found.iter().any(|p| p.contains("rows_hash")), "{found:?}");
    let found = forge(&|m| m.content_id = format!("corpus1-sha256:{}", "0".repeat(64)));
    assert!(found.iter().any(|p| p.contains("content_id is not")), "{found:?}");
    let found = forge(&|m| m.counts.collected += 1);
    assert!(found.iter().any(|p| p.contains("collected")), "{found:?}");
    let found = forge(&|m| m.license = Some("MIT".to_owned()));
    assert!(
        found.iter().any(|p| p.contains("names another manifest")),
        "{found:?}"
    );
    let found = forge(&|m| m.schema.fields[1].nullable = true);
    assert!(found.iter().any(|p| p.contains("columns")), "{found:?}");
    let found = forge(&|m| m.configs[0].splits[0].shards[0].path = "data/../../x".to_owned());
    assert!(found.iter().any(|p| p.contains("bad shard path")), "{found:?}");
    assert_eq!(forge(&|_| ()), Vec::<String>::new());
}

#[test]
fn damage_to_the_audit_and_the_index_is_found() {
    let dir = tempfile::tempdir().unwrap();
    release(dir.path(), &spec("1.0.0", 0..200)).unwrap();
    let root = release(dir.path(), &spec("1.1.0", 0..220)).unwrap();
    let audit = dir.path().join("entries-v1.1.0.audit/counts.json");
    let good = std::fs::read(&audit).unwrap();
    writable(&audit);
    std::fs::write(&audit, b"{}").unwrap();
    assert!(problems(&root)[0].contains("counts.json"));
    std::fs::write(&audit, good).unwrap();
    assert_eq!(problems(&root), Vec::<String>::new());
    let index = dir.path().join("index.jsonl");
    let text = std::fs::read_to_string(&index).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for bad in [
        lines[0].to_owned(),
        lines[1].to_owned(),
        format!("{}\n{}\n", lines[1], lines[0]),
        text.replacen("\"manifest_sha256\":\"", "\"manifest_sha256\":\"0", 1),
        format!("{text}{}\n", lines[1]),
        format!("{text}x"),
    ] {
        std::fs::write(&index, &bad).unwrap();
        assert!(!problems(&root).is_empty(), "{bad}");
    }
}

fn outcome(root: &Path) -> BTreeMap<String, String> {
    let (manifest, _) = Manifest::read(root).unwrap();
    manifest
        .semver
        .reasons
        .iter()
        .map(|r| (r.rule.clone(), format!("{} {:?}", r.count, r.sample_ids)))
        .collect()
}

#[test]
fn the_next_release_reuses_shards_and_computes_its_step() {
    use std::os::unix::fs::MetadataExt as _;
    let dir = tempfile::tempdir().unwrap();
    let first = release(dir.path(), &spec("1.0.0", 0..1_000)).unwrap();
    let second = release(dir.path(), &spec("1.1.0", 0..1_010)).unwrap();
    assert_eq!(problems(&second), Vec::<String>::new());
    let (old, _) = Manifest::read(&first).unwrap();
    let (new, _) = Manifest::read(&second).unwrap();
    for (_, _, shard) in old.shards() {
        let now = new.shards().find(|(.., s)| s.path == shard.path).unwrap().2;
        assert_eq!(now, shard);
        let inode = |root: &Path| std::fs::metadata(root.join(&shard.path)).unwrap().ino();
        assert_eq!(inode(&first), inode(&second), "hard-linked");
    }
    assert_eq!(outcome(&second).keys().collect::<Vec<_>>(), ["V201"]);
    assert!(outcome(&second)["V201"].starts_with("10 [\"row-01000\""));

    // An edit rewrites its shard alone, and is major.
    let mut edited = spec("1.2.0", 0..1_010);
    edited.rows.insert(500, 1);
    let Err(Error::Semver(error)) = release(dir.path(), &edited) else {
        panic!("an edit is major")
    };
    assert_eq!((error.required, error.declared), (Level::Major, Level::Minor));
    assert!(error.to_string().contains("V102") && error.to_string().contains("row-00500"));
    assert!(error.to_string().contains("2.0.0"));
    edited.version = "2.0.0";
    let third = release(dir.path(), &edited).unwrap();
    assert_eq!(problems(&third), Vec::<String>::new());
    let (newest, _) = Manifest::read(&third).unwrap();
    let rewritten: Vec<_> = newest
        .shards()
        .filter(|(.., s)| s.bytes_since == "2.0.0")
        .collect();
    assert_eq!(rewritten.len(), 1);
    assert_eq!(rewritten[0].2.rows_since, "1.0.0");

    // A removal; nothing; an override.
    let mut fewer = edited.clone();
    fewer.rows.remove(&7);
    fewer.version = "3.0.0";
    let fourth = release(dir.path(), &fewer).unwrap();
    assert_eq!(outcome(&fourth)["V101"], "1 [\"row-00007\"]");
    fewer.version = "3.0.1";
    assert!(release(dir.path(), &fewer).unwrap_err().is_refusal());
    fewer.rows.insert(900, 5);
    fewer.override_semver = Some("typing error".to_owned());
    let fifth = release(dir.path(), &fewer).unwrap();
    assert_eq!(problems(&fifth), Vec::<String>::new());
    assert_eq!(
        Manifest::read(&fifth).unwrap().0.semver.overridden.as_deref(),
        Some("typing error")
    );
    let log = std::fs::read_to_string(fifth.join("CHANGELOG.md")).unwrap();
    let headings: Vec<&str> = log
        .lines()
        .filter(|l| l.starts_with("## "))
        .map(|l| &l[3..8])
        .collect();
    assert_eq!(headings, ["3.0.1", "3.0.0", "2.0.0", "1.1.0", "1.0.0"]);
}

#[test]
fn frozen_splits_stay_closed() {
    let dir = tempfile::tempdir().unwrap();
    let first = release(dir.path(), &spec("1.0.0", 0..400)).unwrap();
    let second = release(dir.path(), &spec("1.1.0", 0..800)).unwrap();
    let rows = |root: &Path, name: &str| {
        let (manifest, _) = Manifest::read(root).unwrap();
        manifest.configs[0]
            .splits
            .iter()
            .find(|s| s.name == name)
            .unwrap()
            .rows
    };
    for split in ["test", "validation"] {
        assert_eq!(rows(&first, split), rows(&second, split));
    }
    assert_eq!(rows(&second, "train"), rows(&first, "train") + 400);
}

/// A kill after any step leaves the old state or the new; the next run ends with the same manifest.
#[test]
fn a_kill_at_any_step_is_survived() {
    let clean = tempfile::tempdir().unwrap();
    release(clean.path(), &spec("1.0.0", 0..200)).unwrap();
    release(clean.path(), &spec("1.1.0", 0..210)).unwrap();
    let mut expected = snapshot(clean.path());
    expected.remove(".lock");
    for step in [
        Step::Synced,
        Step::Audit,
        Step::Release,
        Step::Parent,
        Step::IndexWritten,
        Step::Index,
    ] {
        let dir = tempfile::tempdir().unwrap();
        release(dir.path(), &spec("1.0.0", 0..200)).unwrap();
        {
            let lock = Lock::acquire(dir.path(), false).unwrap();
            let mut staged = testing::stage(dir.path(), &lock, &spec("1.1.0", 0..210)).unwrap();
            staged.temp.disable_cleanup(true);
            let kill = &mut |at| {
                if at == step {
                    Err(std::io::Error::other("killed"))
                } else {
                    Ok(())
                }
            };
            assert!(staged.commit_with(&lock, kill).is_err());
        }
        let new = dir.path().join("entries-v1.1.0");
        assert_eq!(problems(&dir.path().join("entries-v1.0.0")), Vec::<String>::new());
        let lock = Lock::acquire(dir.path(), false).unwrap();
        let completed = !matches!(step, Step::Synced | Step::Audit | Step::Index);
        assert_eq!(
            lock.completed(),
            if completed {
                vec!["1.1.0".to_owned()]
            } else {
                Vec::new()
            }
        );
        drop(lock);
        match release(dir.path(), &spec("1.1.0", 0..210)) {
            Ok(path) => assert_eq!(path, new),
            Err(Error::Exists { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        assert_eq!(problems(&new), Vec::<String>::new());
        let mut files = snapshot(dir.path());
        files.remove(".lock");
        assert!(files == expected, "{step:?}: {:?}", files.keys());
    }
}

#[test]
fn a_failure_leaves_nothing_and_a_held_lock_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let lock = Lock::acquire(dir.path(), false).unwrap();
    let error = Lock::acquire(dir.path(), false).unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains(&format!("pid {}", std::process::id())));
    let staged = testing::stage(dir.path(), &lock, &spec("1.0.0", 0..50)).unwrap();
    assert!(
        staged
            .commit_with(&lock, &mut |_| Err(std::io::Error::other("no")))
            .is_err()
    );
    drop(lock);
    let left: Vec<_> = std::fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, [".lock"]);
}

#[test]
fn unbalanced_counts_empty_releases_and_disorder_are_refused() {
    use super::splits::SplitRule;
    use super::writer::Writer;
    let dir = tempfile::tempdir().unwrap();
    let _lock = Lock::acquire(dir.path(), false).unwrap();
    let plan = super::plan::Plan::new(dir.path(), "entries", "1", crate::config::Versioning::Semver).unwrap();
    let (_, json) = testing::record(1, 0);
    let mut memory = testing::Memory::default();
    let weight = memory.push(&json, None);
    let meta = |id: &'static str| super::rows::RowMeta {
        id,
        root: None,
        home: None,
        number: 0,
        weight,
    };
    let writer = || {
        let rule = SplitRule::new(None, []).unwrap();
        Writer::new(
            &plan,
            testing::columns(),
            &memory,
            rule,
            testing::options(1),
            false,
            false,
        )
        .unwrap()
    };
    let spec = spec("1", 0..1);
    let mut one = writer();
    one.write_split("default", "train", 1, &mut [Ok(meta("row-00001"))].into_iter())
        .unwrap();
    let error = one.finish(&testing::facts(1, &spec)).unwrap_err();
    assert!(error.to_string().contains("do not balance"), "{error}");
    let error = writer().finish(&testing::facts(0, &spec)).unwrap_err();
    assert!(error.is_refusal(), "{error}");
    for rows in [
        [meta("row-00001"), meta("row-00001")],
        [meta("row-00001"), meta("a")],
    ] {
        let error = writer()
            .write_split("default", "train", 1, &mut rows.into_iter().map(Ok))
            .unwrap_err();
        assert!(error.to_string().contains("out of order"), "{error}");
    }
    let error = writer()
        .write_split("default", "train", 1, &mut [Ok(meta("other"))].into_iter())
        .unwrap_err();
    assert!(error.to_string().contains("not what was checked"), "{error}");
    assert!(
        writer()
            .write_split("default", "all", 0, &mut std::iter::empty())
            .is_err()
    );
}
