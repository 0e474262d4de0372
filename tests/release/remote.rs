//! Releases published to a directory, pulled from it, and made on top of what it holds.

use super::project::{Project, Run, manifest, snapshot};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn url(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn project() -> (Project, String, PathBuf) {
    let project = Project::new("[splits]\ntrain = 0.7\ntest = 0.3\n");
    project.articles("in/a.jsonl", 0..30);
    let remote = project.path("published");
    let url = url(&remote);
    (project, url, remote)
}

/// What stands in a directory of releases, without its lock and the audit, which is never published.
fn held(releases: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = snapshot(releases);
    all.retain(|path, _| {
        let first = Path::new(path.components().next().unwrap().as_os_str());
        first != Path::new(".lock") && first.extension().is_none_or(|end| end != "audit")
    });
    all
}

#[test]
fn what_is_published_is_what_is_pulled() {
    let (project, url, remote) = project();
    project.release("1.0.0");
    project.articles("in/b.jsonl", 30..40);
    project.release("1.1.0");
    // In order only: a consumer can follow every step.
    project
        .run(&["publish", "1.1.0", &url])
        .fails(1, &["holds no release", "publish that first"]);
    for version in ["v1", "1.1.0"] {
        let said = project.run(&["publish", version, &url]).ok();
        assert!(said.out.starts_with("published river "), "{}", said.out);
    }
    assert_eq!(held(&remote), held(&project.path("releases")));
    let again = project.run(&["publish", "1.1.0", &url]).ok();
    assert!(
        again.out.contains("is published already: 0 files sent"),
        "{}",
        again.out
    );

    let other = Project::new("");
    let said = other.run(&["pull", &url]).ok();
    assert!(said.out.starts_with("pulled 1.1.0: "), "{}", said.out);
    let pulled = other.released("1.1.0");
    other.run(&["verify", pulled.to_str().unwrap()]).ok();
    assert_eq!(snapshot(&pulled), snapshot(&project.released("1.1.0")));
    other.run(&["pull", &format!("{url}@1.0.0")]).ok();
    assert_eq!(held(&other.path("releases")), held(&remote));
    let again = other.run(&["pull", &url]).ok();
    assert_eq!(again.out, "1.1.0 is here already\n");
    other
        .run(&["pull", &format!("{url}@3.0.0")])
        .fails(1, &["holds no 3.0.0"]);
}

#[test]
fn a_part_is_what_was_asked_for() {
    let (project, url, _) = project();
    let release = project.release("1.0.0");
    project.run(&["publish", "1.0.0", &url]).ok();
    project
        .run(&["pull", &url, "--split", "test", "--out", "part"])
        .ok();
    let part = snapshot(&project.path("part/river-v1.0.0"));
    let data: Vec<&PathBuf> = part.keys().filter(|path| path.starts_with("data")).collect();
    assert!(
        !data.is_empty() && data.iter().all(|path| path.starts_with("data/test")),
        "{data:?}"
    );
    assert!(!part.keys().any(|path| path.starts_with("state")));
    let whole = snapshot(&release);
    assert!(part.iter().all(|(path, bytes)| whole[path] == *bytes));
    assert!(!project.path("part/index.jsonl").exists());
    project
        .run(&["pull", &url, "--config", "default", "--out", "config"])
        .ok();
    assert!(project.path("config/river-v1.0.0/data/train").exists());
    project
        .run(&["pull", &url, "--config", "fr", "--out", "none"])
        .fails(2, &["no such part", "default/train"]);
    project
        .run(&["pull", &url, "--config", "default"])
        .fails(2, &["name a directory for it with --out"]);
    project
        .run(&["pull", &url, "--split", "dev", "--out", "none"])
        .fails(2, &["no such part", "default/test"]);
}

#[test]
fn an_interrupted_publication_is_taken_up_and_nothing_is_replaced() {
    let (project, url, remote) = project();
    let release = project.release("1.0.0");
    // Half of it is there: one file whole, what a killed copy left, no manifest, no index.
    let there = remote.join("river-v1.0.0");
    std::fs::create_dir_all(&there).unwrap();
    std::fs::copy(release.join("LICENSE"), there.join("LICENSE")).unwrap();
    std::fs::write(remote.join(".tmp-put"), "half").unwrap();
    project.run(&["pull", &url]).fails(1, &["holds no release"]);
    let said = project.run(&["publish", "1.0.0", &url]).ok();
    assert!(said.out.ends_with("1 there already\n"), "{}", said.out);
    assert_eq!(held(&remote), held(&project.path("releases")));

    // The same size, other bytes.
    let license = there.join("LICENSE");
    let mut bytes = std::fs::read(&license).unwrap();
    bytes[0] ^= 1;
    std::fs::remove_file(&license).unwrap();
    std::fs::write(&license, &bytes).unwrap();
    project
        .run(&["publish", "1.0.0", &url])
        .fails(1, &["LICENSE is there with other bytes", "never replaced"]);
    assert_eq!(std::fs::read(&license).unwrap(), bytes);
    let other = Project::new("");
    other
        .run(&["pull", &url])
        .fails(1, &["LICENSE", "is not what its manifest says"]);
    assert!(!other.path("releases/river-v1.0.0").exists());
    assert!(!other.path("releases/index.jsonl").exists());
}

#[test]
fn a_damaged_release_is_not_published() {
    let (project, url, remote) = project();
    let release = project.release("1.0.0");
    let card = release.join("README.md");
    std::fs::remove_file(&card).unwrap();
    std::fs::write(&card, "rewritten").unwrap();
    project
        .run(&["publish", "1.0.0", &url])
        .fails(1, &["publication refused", "README.md is damaged"]);
    assert!(!remote.exists());
    project
        .run(&["publish", "9.0.0", &url])
        .fails(2, &["there is no release"]);
    project
        .run(&["publish", "1.0.0", "s3://bucket/x"])
        .fails(2, &["only `file:` URLs"]);
}

#[test]
fn a_clean_runner_releases_on_top_of_what_is_published() {
    let (desk, url, _) = project();
    let setting = format!("release.remote = \"{url}\"");
    let release = |project: &Project, args: &[&str]| {
        let mut command = project.command();
        command.arg("release").args(args).args(["--config", &setting]);
        Run::of(command.output().unwrap())
    };
    release(&desk, &["1.0.0"]).fails(1, &["is the first, say so with --initial"]);
    release(&desk, &["1.0.0", "--initial"]).ok();
    desk.run(&["publish", "1.0.0", &url]).ok();

    // The runner has the inputs and nothing else.
    let runner = Project::new("[splits]\ntrain = 0.7\ntest = 0.3\n");
    runner.articles("in/a.jsonl", 0..40);
    for args in [&["1.1.0"][..], &["1.1.0", "--initial"]] {
        release(&runner, args).fails(1, &["holds 1.0.0, which is not here", "corpus pull"]);
    }
    runner.run(&["pull", &url]).ok();
    release(&runner, &["1.1.0"]).ok();
    let made = manifest(&runner.released("1.1.0"));
    assert_eq!(made["previous"]["version"], "1.0.0");
    runner.run(&["publish", "1.1.0", &url]).ok();

    // Now the desk is behind, and what it makes meanwhile cannot be published.
    desk.articles("in/c.jsonl", 50..60);
    release(&desk, &["1.2.0"]).fails(1, &["holds 1.1.0, which is not here"]);
    desk.release("1.2.0");
    desk.run(&["publish", "1.2.0", &url])
        .fails(1, &["holds 1.1.0 as its latest, and 1.2.0 was made on 1.0.0"]);
}
