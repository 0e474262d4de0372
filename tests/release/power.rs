//! F2: the power fails. A release is replayed on a file system that keeps what was synced, and of the
//! rest any prefix of a file's bytes and any choice of a directory's changes.

use super::project::slow;
use super::strace::{Scene, available};
use corpus::release::commit::Lock;
use corpus::release::verify::{VerifyOptions, verify};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a release did to its directory, in order. Numbers are inodes.
#[derive(Debug, Clone)]
enum Op {
    /// Names `name` in a directory; an `Option` of what it stands for from now on.
    Entry(Vec<(usize, String, Option<usize>)>),
    Write(usize, usize),
    Truncate(usize),
    Sync(usize),
}

#[derive(Debug, Default)]
struct Log {
    ops: Vec<Op>,
    /// Whole contents of files, by inode; directories have none.
    files: BTreeMap<usize, Vec<u8>>,
    /// Before the release: everything durable.
    tree: BTreeMap<(usize, String), usize>,
}

const ROOT: usize = 0;

/// The paths of a call below the project, in the order they stand.
fn paths(text: &str, root: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in text.split(['"', '<', '>']) {
        let part = part.trim_end_matches(" (deleted)");
        let below = part.strip_prefix(root).unwrap_or(part).trim_start_matches('/');
        let below = below.strip_prefix("./").unwrap_or(below);
        if below == "releases" || below.starts_with("releases/") {
            out.push(below.to_owned());
        }
    }
    out
}

/// Follows names to inodes while the log is read.
#[derive(Default)]
struct Names(BTreeMap<(usize, String), usize>, usize);

impl Names {
    fn place(&self, path: &str) -> (usize, String) {
        let mut at = ROOT;
        let mut parts = path.split('/').peekable();
        loop {
            let part = parts.next().unwrap();
            if parts.peek().is_none() {
                return (at, part.to_owned());
            }
            at = self.0[&(at, part.to_owned())];
        }
    }

    fn get(&self, path: &str) -> Option<usize> {
        self.0.get(&self.place(path)).copied()
    }

    fn make(&mut self, path: &str) -> (usize, String, Option<usize>) {
        self.1 += 1;
        let place = self.place(path);
        self.0.insert(place.clone(), self.1);
        (place.0, place.1, Some(self.1))
    }
}

/// Takes over what stands on disk, as durable.
fn adopt(directory: &Path, path: &str, names: &mut Names, log: &mut Log) {
    names.make(path);
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let below = format!("{path}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            adopt(&entry.path(), &below, names, log);
        } else {
            let (_, _, inode) = names.make(&below);
            log.files
                .insert(inode.unwrap(), std::fs::read(entry.path()).unwrap());
        }
    }
}

fn read(scene: &Scene, before: Option<&Path>) -> Log {
    let root = scene.project.root().canonicalize().unwrap();
    let root = root.to_str().unwrap();
    let mut log = Log::default();
    let mut names = Names::default();
    if let Some(before) = before {
        adopt(before, "releases", &mut names, &mut log);
    }
    log.tree = names.0.clone();
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    for call in &scene.calls {
        let Some((arguments, result)) = call.text.rsplit_once(" = ") else {
            continue;
        };
        if result.trim_start().starts_with('-') {
            continue;
        }
        let paths = paths(arguments, root);
        let synced_root = call.name == "fsync" && arguments.contains(&format!("<{root}>"));
        if synced_root {
            log.ops.push(Op::Sync(ROOT));
        }
        let Some(path) = paths.last() else { continue };
        match call.name.as_str() {
            "mkdir" => {
                let made = names.make(path);
                log.ops.push(Op::Entry(vec![made]));
            }
            "openat" if arguments.contains("O_CREAT") && names.get(path).is_none() => {
                let made = names.make(path);
                log.files.insert(made.2.unwrap(), Vec::new());
                log.ops.push(Op::Entry(vec![made]));
            }
            "openat" if arguments.contains("O_TRUNC") => {
                log.ops.push(Op::Truncate(names.get(path).unwrap()));
            }
            "write" if !path.contains('#') => {
                let inode = names.get(path).unwrap();
                let bytes = result.trim().parse::<usize>().unwrap();
                *lengths.entry(inode).or_default() += bytes;
                log.ops.push(Op::Write(inode, bytes));
            }
            "fsync" => log.ops.push(Op::Sync(names.get(path).unwrap())),
            "link" | "linkat" => {
                let inode = names.get(&paths[0]).unwrap();
                let place = names.place(path);
                names.0.insert(place.clone(), inode);
                log.ops.push(Op::Entry(vec![(place.0, place.1, Some(inode))]));
            }
            "rename" | "renameat2" => {
                let (from, to) = (names.place(&paths[0]), names.place(path));
                let inode = names.0.remove(&from).unwrap();
                names.0.insert(to.clone(), inode);
                log.ops
                    .push(Op::Entry(vec![(from.0, from.1, None), (to.0, to.1, Some(inode))]));
            }
            "unlink" | "unlinkat" | "rmdir" => {
                // Relative to a directory of the clean-up: the staging directory, empty by now.
                let place = names.place(path);
                names.0.remove(&place);
                log.ops.push(Op::Entry(vec![(place.0, place.1, None)]));
            }
            _ => {}
        }
    }
    // What was written is what stands there now.
    for (place, inode) in &names.0 {
        if let Some(bytes) = log.files.get_mut(inode)
            && lengths.contains_key(inode)
        {
            *bytes = std::fs::read(Path::new(root).join(path_of(&names.0, place))).unwrap();
        }
    }
    log
}

fn path_of(names: &BTreeMap<(usize, String), usize>, place: &(usize, String)) -> String {
    if place.0 == ROOT {
        return place.1.clone();
    }
    let (above, _) = names.iter().find(|(_, inode)| **inode == place.0).unwrap();
    format!("{}/{}", path_of(names, above), place.1)
}

/// What is on the disk after the power failed behind `done` operations.
type State = (BTreeMap<(usize, String), usize>, BTreeMap<usize, usize>);

fn crash(log: &Log, done: usize, random: &mut dyn FnMut(usize) -> usize) -> State {
    let ops = &log.ops[..done];
    let synced = |inode: usize, after: usize| {
        ops[after..]
            .iter()
            .any(|op| matches!(op, Op::Sync(of) if *of == inode))
    };
    let mut tree = log.tree.clone();
    let mut lengths: BTreeMap<usize, usize> = log
        .files
        .iter()
        .map(|(inode, bytes)| (*inode, bytes.len()))
        .collect();
    let written: BTreeSet<usize> = ops
        .iter()
        .filter_map(|op| match op {
            Op::Write(inode, _) | Op::Truncate(inode) => Some(*inode),
            _ => None,
        })
        .collect();
    for inode in written.iter().copied() {
        let (mut now, mut safe) = (0, 0);
        for op in ops {
            match op {
                Op::Write(of, bytes) if *of == inode => now += bytes,
                Op::Sync(of) if *of == inode => safe = now,
                _ => {}
            }
        }
        lengths.insert(inode, safe + random(now - safe + 1));
    }
    for inode in log.files.keys() {
        let born = ops
            .iter()
            .any(|op| matches!(op, Op::Entry(all) if all.iter().any(|(.., of)| *of == Some(*inode))));
        if born && !written.contains(inode) && !log.tree.values().any(|of| of == inode) {
            lengths.insert(*inode, 0);
        }
    }
    for (at, op) in ops.iter().enumerate() {
        if let Op::Entry(changes) = op {
            // A rename is one change to the journal: all of it or nothing.
            let safe = changes.iter().any(|(directory, ..)| synced(*directory, at));
            if safe || random(2) == 0 {
                for (directory, name, inode) in changes {
                    match inode {
                        Some(inode) => tree.insert((*directory, name.clone()), *inode),
                        None => tree.remove(&(*directory, name.clone())),
                    };
                }
            }
        }
    }
    (tree, lengths)
}

fn lay_out(log: &Log, (tree, lengths): &State, inode: usize, at: &Path) {
    std::fs::create_dir_all(at).unwrap();
    for ((_, name), child) in tree.range((inode, String::new())..(inode + 1, String::new())) {
        let path = at.join(name);
        match log.files.get(child) {
            Some(bytes) => std::fs::write(path, &bytes[..lengths[child].min(bytes.len())]).unwrap(),
            None => lay_out(log, &(tree.clone(), lengths.clone()), *child, &path),
        }
    }
}

/// Recovers from a state. Gives the versions that are there, all of them whole.
fn recovered(log: &Log, state: &State, what: &str) -> Vec<String> {
    let disk = tempfile::tempdir().unwrap();
    lay_out(log, state, ROOT, disk.path());
    let releases = disk.path().join("releases");
    drop(Lock::acquire(&releases, false).unwrap_or_else(|error| panic!("{what}: {error}")));
    let mut versions = Vec::new();
    for entry in std::fs::read_dir(&releases).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(!name.starts_with(".tmp-"), "{what}: {name} is left");
        if let (true, Some((_, version))) = (path.is_dir(), name.split_once("-v")) {
            if let Some(version) = version.strip_suffix(".audit") {
                let release = path.with_extension("");
                assert!(release.exists(), "{what}: the audit of {version} is left alone");
            } else {
                let report =
                    verify(&path, VerifyOptions::default()).unwrap_or_else(|error| panic!("{what}: {error}"));
                assert!(report.ok, "{what}: {:?}", report.problems);
                let audit = releases.join(format!("{name}.audit/counts.json"));
                assert!(audit.exists(), "{what}: {version} has lost its audit");
                versions.push(version.to_owned());
            }
        }
    }
    versions.sort();
    versions
}

fn survives(scene: &Scene, before: Option<&Path>, old: &[&str], states: usize) {
    let log = read(scene, before);
    assert!(log.ops.len() > 60, "{}", log.ops.len());
    let mut seed = 0x5eed_u64;
    let mut random = |below: usize| super::faults::next(&mut seed) as usize % below;
    let mut seen = BTreeSet::new();
    for number in 0..states {
        // Every operation's end first, then anywhere, most often among the last ones.
        let done = match number % 3 {
            0 => number / 3 % (log.ops.len() + 1),
            1 => random(log.ops.len() + 1),
            _ => log.ops.len() - random(12),
        };
        let state = crash(&log, done, &mut random);
        let key = format!("{state:?}");
        // What the tool promised has to hold: after its end the release is there.
        let ended = done == log.ops.len();
        if !seen.insert((key, ended)) {
            continue;
        }
        let what = format!("state {number}, after {done} of {} operations", log.ops.len());
        let versions = recovered(&log, &state, &what);
        assert!(
            old.iter().all(|version| versions.iter().any(|v| v == version)),
            "{what}: {versions:?}"
        );
        if ended {
            assert!(
                versions.iter().any(|v| v == scene.version),
                "{what}: the release is gone"
            );
        }
    }
    println!("{states} states, {} of them different", seen.len());
}

#[test]
fn f02_a_first_release_survives_a_power_failure_at_any_point() {
    if available() {
        survives(&Scene::first(), None, &[], if slow() { 10_000 } else { 150 });
    }
}

#[test]
fn f02_an_update_survives_a_power_failure_at_any_point() {
    if available() {
        let scene = Scene::update();
        let before = scene.before();
        survives(
            &scene,
            Some(before),
            &["1.0.0"],
            if slow() { 10_000 } else { 150 },
        );
    }
}
