//! F4 and F5: disks that are full, and places that cannot be written to.
#![cfg(unix)]

use super::faults::names;
use super::project::{Project, Run, article, slow, snapshot};
use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file system of its own, of a fixed size; unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where this user may not mount one.
    fn mount(at: PathBuf, options: &str) -> Option<Self> {
        std::fs::create_dir_all(&at).unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "tmpfs"])
            .arg(&at)
            .stderr(Stdio::null())
            .status();
        if status.is_ok_and(|status| status.success()) {
            return Some(Self(at));
        }
        println!("skipped: a tmpfs cannot be mounted here");
        None
    }

    fn again(&self, options: &str) {
        let options = format!("remount,{options}");
        let status = Command::new("mount").args(["-o", &options]).arg(&self.0).status();
        assert!(status.unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Bytes of the files below a directory, in whole pages, as a tmpfs counts them.
fn need(root: &Path) -> usize {
    snapshot(root)
        .values()
        .map(|bytes| bytes.len().next_multiple_of(4096))
        .sum()
}

/// All files but the lock, which names the last process that held it.
fn kept(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = snapshot(root);
    files.retain(|path, _| !path.ends_with(".lock"));
    files
}

#[test]
fn f04_a_full_disk_fails_and_leaves_the_old_release_intact() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..300);
    let Some(disk) = Disk::mount(project.path("disk"), "size=64m") else {
        return;
    };
    project.run(&["release", "1.0.0", "--out", "disk"]).ok();
    let first = kept(&disk.0);
    let filled = (0..4000).map(article).collect::<Vec<_>>().concat();
    let filled = filled
        .replace("r-0", "s-0")
        .replace("r-1", "s-1")
        .replace("week", "month");
    project.write("in/b.jsonl", filled.replace("r-2", "s-2").replace("r-3", "s-3"));
    // With room enough, to know how much the second release takes.
    let elsewhere = project.path("elsewhere");
    super::project::copy(&disk.0, &elsewhere);
    project.run(&["release", "2.0.0", "--out", "elsewhere"]).ok();
    let (before, after) = (need(&disk.0), need(&elsewhere));
    let steps: &[usize] = if slow() {
        &[
            5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 100,
        ]
    } else {
        &[5, 50, 95]
    };
    for &percent in steps {
        let size = before + (after - before) * percent / 100;
        disk.again(&format!("size={}", size.next_multiple_of(4096)));
        let second = project.run(&["release", "2.0.0", "--out", "disk"]);
        disk.again("size=64m");
        if second.code == Some(0) {
            // Files that are on disk by their links only need no room of their own.
            assert_eq!(percent, 100);
            project.run(&["verify", "disk/river-v2.0.0"]).ok();
            continue;
        }
        second.fails(2, &["No space left", "disk"]);
        project.run(&["verify", "disk/river-v1.0.0"]).ok();
        project.run(&["clean", "--out", "disk"]).ok();
        let left = kept(&disk.0);
        assert!(left == first, "{percent} %: {:?}", left.keys());
    }
    project.run(&["release", "3.0.0", "--out", "disk"]).ok();
}

/// Each is exit code 2 and names the place; nothing is left behind.
#[test]
fn f05_places_that_cannot_be_written_to_are_failures_that_name_them() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    project.write("file", "not a directory");
    let name = "n".repeat(256);
    symlink("loop", project.path("loop")).unwrap();
    for (out, says) in [
        ("file", "file"),
        ("file/below", "file/below"),
        // Where nobody can make a directory, not even root.
        ("/dev/null/x", "/dev/null/x"),
        ("/proc/releases", "/proc/releases"),
        (name.as_str(), name.as_str()),
        ("loop", "loop"),
    ] {
        let run = project.run(&["release", "1.0.0", "--out", out]).fails(2, &[says]);
        assert_eq!(run.out, "", "{out}");
    }
    assert_eq!(
        std::fs::read_to_string(project.path("file")).unwrap(),
        "not a directory"
    );
    // A directory of scratch data that is not there, and one that is a file.
    for (scratch, says) in [("nowhere", "nowhere"), ("file", "file")] {
        let mut command = project.command();
        command.env("TMPDIR", project.path(scratch));
        let output = command.args(["release", "1.0.0"]).output();
        Run::of(output.unwrap()).fails(2, &["scratch", says]);
        assert_eq!(names(&project.path("releases")), [".lock"]);
    }
    // What a release would be called is taken: by a file, by a directory that nobody listed.
    project.write("taken/river-v1.0.0", "a file");
    project
        .run(&["release", "1.0.0", "--out", "taken"])
        .fails(1, &["1.0.0 exists already in taken"]);
    assert_eq!(
        std::fs::read_to_string(project.path("taken/river-v1.0.0")).unwrap(),
        "a file"
    );
    project.write("index/index.jsonl/x", "an index that is a directory");
    project
        .run(&["release", "1.0.0", "--out", "index"])
        .fails(2, &["index.jsonl"]);
    project.write("broken/index.jsonl", "{\"version\":\n");
    project
        .run(&["release", "1.0.0", "--out", "broken"])
        .fails(2, &["index.jsonl", "line 1"]);
}

#[test]
fn f05_a_place_that_is_read_only_is_named() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    if let Some(disk) = Disk::mount(project.path("disk"), "size=16m") {
        disk.again("ro");
        project
            .run(&["release", "1.0.0", "--out", "disk"])
            .fails(2, &["disk", "Read-only file system"]);
        project
            .run(&["lint", "--isolated", "in/a.jsonl", "-o", "disk/report.txt"])
            .fails(2, &["disk/report.txt"]);
        disk.again("rw");
        project.run(&["release", "1.0.0", "--out", "disk"]).ok();
        disk.again("ro");
        // A release is verified and compared without writing anything.
        project.run(&["verify", "disk/river-v1.0.0"]).ok();
        project.articles("in/a.jsonl", 0..30);
        project
            .run(&["release", "1.1.0", "--out", "disk"])
            .fails(2, &["disk", "Read-only file system"]);
    }
    let closed = project.path("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(closed.join("probe"), "").is_ok() {
        println!("skipped: this user may write into a read-only directory");
        return;
    }
    project
        .run(&["release", "1.0.0", "--out", "closed"])
        .fails(2, &["closed"]);
    assert_eq!(names(&closed), [""; 0]);
}
