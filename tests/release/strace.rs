//! The tool under `strace`: what it asks of the system, and what it does when one answer is bad.

use super::project::{EPOCH, Project, Run, copy, slow, snapshot};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A system call of the main thread.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// The how-manieth of its name.
    pub(crate) nth: usize,
    /// Arguments and result, descriptors with their paths.
    pub(crate) text: String,
}

pub(crate) fn available() -> bool {
    let found = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !found {
        println!("skipped: strace is missing or may not trace here");
    }
    found
}

/// A project, the state of its releases directory before a release, and what that release comes to.
pub(crate) struct Scene {
    pub(crate) project: Project,
    pub(crate) version: &'static str,
    before: tempfile::TempDir,
    after: BTreeMap<PathBuf, Vec<u8>>,
    pub(crate) calls: Vec<Call>,
}

impl Scene {
    /// The first release of the sample.
    pub(crate) fn first() -> Self {
        Self::record(Project::newsroom(), "1.0.0")
    }

    /// A release on top of another, with shards that stay and shards that change.
    pub(crate) fn update() -> Self {
        let project = Project::new("[splits]\ntrain = 0.8\ntest = 0.2\n");
        project.articles("in/a.jsonl", 0..30);
        project.release("1.0.0");
        project.articles("in/b.jsonl", 40..60);
        Self::record(project, "1.1.0")
    }

    fn record(project: Project, version: &'static str) -> Self {
        let before = tempfile::tempdir().unwrap();
        if project.path("releases").exists() {
            copy(&project.path("releases"), before.path());
        }
        let mut scene = Self {
            project,
            version,
            before,
            after: BTreeMap::new(),
            calls: Vec::new(),
        };
        scene.reset();
        let log = scene.project.path("strace.log");
        scene.traced(&["-y", "-s", "0", "-o", log.to_str().unwrap()]).ok();
        scene.calls = calls(&std::fs::read_to_string(&log).unwrap());
        std::fs::remove_file(log).unwrap();
        scene.after = scene.releases();
        scene
    }

    /// Puts the releases directory back to what it was.
    pub(crate) fn reset(&self) {
        let releases = self.project.path("releases");
        let _ = std::fs::remove_dir_all(&releases);
        if std::fs::read_dir(self.before.path()).unwrap().next().is_some() {
            copy(self.before.path(), &releases);
        }
    }

    /// The releases directory as it was.
    pub(crate) fn before(&self) -> &std::path::Path {
        self.before.path()
    }

    /// Everything in the releases directory but the lock, which names its last holder.
    fn releases(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = snapshot(&self.project.path("releases"));
        files.remove(std::path::Path::new(".lock"));
        files
    }

    /// The release, traced as `options` say. No program but the tool is found.
    pub(crate) fn traced(&self, options: &[&str]) -> Run {
        let output = Command::new("strace")
            .args(["-f", "-qq", "-E", "PATH=/nowhere"])
            .args(options)
            .arg(env!("CARGO_BIN_EXE_corpus"))
            .args(["--no-progress", "-j", "1", "release", self.version])
            .current_dir(self.project.root())
            .env("SOURCE_DATE_EPOCH", EPOCH)
            .output()
            .unwrap();
        Run::of(output)
    }

    /// The release with one rule of `-e inject`.
    pub(crate) fn injected(&self, name: &str, rule: &str) -> Run {
        let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{rule}"));
        self.traced(&["-o", "/dev/null", "-e", &trace, "-e", &inject])
    }

    /// After whatever went wrong: the release is absent or verifies, the next run ends where a run
    /// without trouble does, and nothing else is left.
    pub(crate) fn recovers(&self, what: &str) {
        let project = &self.project;
        if project.path("releases").exists() {
            project.run(&["clean"]).ok();
        }
        let complete = project.path("releases").is_dir()
            && std::fs::read_dir(project.path("releases")).unwrap().any(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name.ends_with(&format!("-v{}", self.version))
            });
        if complete {
            project
                .run(&["release", self.version])
                .fails(1, &["exists already"]);
        } else {
            project.run(&["release", self.version]).ok();
        }
        for entry in std::fs::read_dir(project.path("releases")).unwrap() {
            let path = entry.unwrap().path();
            if path.join("manifest.json").exists() {
                project.run(&["verify", path.to_str().unwrap()]).ok();
            }
        }
        let left = self.releases();
        assert!(
            left == self.after,
            "{what}: {:?} instead of {:?}",
            left.keys(),
            self.after.keys()
        );
    }
}

/// The calls of the main thread in a log, from its first look at the project on.
fn calls(log: &str) -> Vec<Call> {
    let mut open: HashMap<&str, String> = HashMap::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut main = None;
    let mut started = false;
    let mut out = Vec::new();
    for line in log.lines() {
        let Some((tid, rest)) = line.split_once(' ') else {
            continue;
        };
        if *main.get_or_insert(tid) != tid {
            continue;
        }
        let mut text = rest.trim_start().to_owned();
        if let Some(start) = text.strip_suffix(" <unfinished ...>") {
            open.insert(tid, start.to_owned());
            continue;
        }
        if text.starts_with("<... ") {
            let end = text.split_once(" resumed>").map_or("", |(_, end)| end);
            text = open.remove(tid).unwrap_or_default() + end;
        }
        let Some((name, arguments)) = text.split_once('(') else {
            continue;
        };
        let nth = counts.entry(name.to_owned()).or_default();
        *nth += 1;
        started |= name == "openat" && arguments.contains("corpus.toml");
        if started {
            out.push(Call {
                name: name.to_owned(),
                nth: *nth,
                text: arguments.to_owned(),
            });
        }
    }
    out
}

/// All of `items` in a slow run; else `count` of them, the same ones every time.
pub(crate) fn sample<T>(mut items: Vec<T>, count: usize, seed: u64) -> Vec<T> {
    if slow() {
        return items;
    }
    let mut state = seed | 1;
    let mut out = Vec::new();
    while !items.is_empty() && out.len() < count {
        let at = super::faults::next(&mut state) as usize % items.len();
        out.push(items.swap_remove(at));
    }
    out
}
