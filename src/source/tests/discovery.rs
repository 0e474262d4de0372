//! Which files are inputs.

use super::*;
use crate::source::SourceError;

pub(super) fn finder<'a>(directory: &'a Path, specs: &'a [InputSpec]) -> Finder<'a> {
    Finder {
        cwd: directory,
        project: Some(directory),
        specs,
        releases: "releases",
        stdin_format: Format::Auto,
    }
}

fn tree(files: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for file in files {
        write(directory.path(), file, b"{}\n");
    }
    directory
}

fn include(globs: &[&str], exclude: &[&str]) -> InputSpec {
    let own = |globs: &[&str]| globs.iter().map(|&glob| glob.to_owned()).collect();
    InputSpec {
        include: own(globs),
        exclude: own(exclude),
        ..InputSpec::default()
    }
}

fn shown(inputs: &[Input]) -> Vec<&str> {
    inputs.iter().map(|input| input.shown.as_str()).collect()
}

#[test]
fn a_directory_gives_its_data_files_in_byte_order() {
    let directory = tree(&[
        "b.jsonl",
        "a/z.txt",
        "a/Z.jsonl.gz",
        "a-b.csv",
        "ك.json",
        ".hidden.jsonl",
        ".cache/x.jsonl",
        "releases/v1/data/train.parquet",
        "corpus.toml",
        "corpus.lock",
        "schemas/article.schema.json",
        "README.md",
        "notes.md",
        "picture.png",
        "ignored.jsonl",
    ]);
    write(directory.path(), ".gitignore", b"ignored.jsonl\n");
    let inputs = finder(directory.path(), &[])
        .from_paths(&[PathBuf::from(".")])
        .unwrap();
    assert_eq!(
        shown(&inputs),
        [
            "a-b.csv",
            "a/Z.jsonl.gz",
            "a/z.txt",
            "b.jsonl",
            "notes.md",
            "ك.json"
        ]
    );
    assert_eq!(inputs[1].codec, Some(super::super::codec::Codec::Gzip));
    assert_eq!(inputs[1].stem, "a/Z");
    assert_eq!(inputs[0].format, Format::Csv);
}

#[test]
fn named_files_are_taken_whatever_they_are_called() {
    let directory = tree(&["ignored.jsonl", "README.md", ".hidden.jsonl", "data.bin"]);
    write(directory.path(), ".gitignore", b"*.jsonl\n");
    let names = [
        "data.bin",
        "ignored.jsonl",
        "./ignored.jsonl",
        "README.md",
        ".hidden.jsonl",
    ];
    let paths: Vec<_> = names.iter().map(PathBuf::from).collect();
    let inputs = finder(directory.path(), &[]).from_paths(&paths).unwrap();
    assert_eq!(
        shown(&inputs),
        [".hidden.jsonl", "README.md", "data.bin", "ignored.jsonl"]
    );
}

#[test]
fn globs_on_the_command_line() {
    let directory = tree(&["x/a.jsonl", "x/b.jsonl", "x/y/c.jsonl", "x/b.txt"]);
    let find = |glob: &str| {
        finder(directory.path(), &[])
            .from_paths(&[PathBuf::from(glob)])
            .map(|inputs| shown(&inputs).join(" "))
    };
    assert_eq!(find("x/*.jsonl").unwrap(), "x/a.jsonl x/b.jsonl");
    assert_eq!(find("**/*.jsonl").unwrap(), "x/a.jsonl x/b.jsonl x/y/c.jsonl");
    assert_eq!(find("./x/{a,b}.*").unwrap(), "x/a.jsonl x/b.jsonl x/b.txt");
    assert!(matches!(
        find("x/*.csv").unwrap_err(),
        SourceError::NoMatch { .. }
    ));
    assert!(matches!(
        find("x/none.csv").unwrap_err(),
        SourceError::Missing { .. }
    ));
    assert!(matches!(find("x/[.csv").unwrap_err(), SourceError::Glob { .. }));
}

#[test]
fn tables_of_the_configuration() {
    let directory = tree(&[
        "in/a.jsonl",
        "in/b.jsonl",
        "in/sub/c.txt",
        "other/d.jsonl",
        "in/e.png",
    ]);
    let specs = [include(&["in/*.jsonl"], &["in/b.*"]), include(&["in/**"], &[])];
    let finder = finder(directory.path(), &specs);
    let inputs = finder.from_config(directory.path()).unwrap();
    assert_eq!(shown(&inputs), ["in/a.jsonl", "in/b.jsonl", "in/sub/c.txt"]);
    // The first table that takes a file is its table, on the command line too.
    assert_eq!(inputs[0].spec.include, ["in/*.jsonl"]);
    assert_eq!(inputs[1].spec.include, ["in/**"]);
    let named = finder
        .from_paths(&[PathBuf::from("in/a.jsonl"), PathBuf::from("other/d.jsonl")])
        .unwrap();
    assert_eq!(named[0].spec.include, ["in/*.jsonl"]);
    assert!(named[1].spec.include.is_empty());
}

#[test]
fn nothing_matched_says_what_was_ignored() {
    let directory = tree(&["data/a.jsonl", "data/b.jsonl"]);
    write(directory.path(), ".gitignore", b"data/\n");
    let specs = [include(&["data/*.jsonl"], &[])];
    let error = finder(directory.path(), &specs)
        .from_config(directory.path())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "no file matched `data/*.jsonl`; 2 files would have matched but a .gitignore or .ignore file leaves them out"
    );
}

#[test]
fn configured_globs_stay_inside_the_project() {
    let directory = tree(&["project/a.jsonl", "outside.jsonl"]);
    let project = directory.path().join("project");
    for glob in ["../*.jsonl", "/etc/*.txt", "x/../../outside.jsonl"] {
        let specs = [include(&[glob], &[])];
        let error = finder(&project, &specs).from_config(&project).unwrap_err();
        assert!(error.to_string().contains("leads out of the project"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn symlinks_stay_inside_the_project_and_name_a_file_once() {
    use std::os::unix::fs::symlink;
    let directory = tree(&["project/b.jsonl", "outside/x.jsonl"]);
    let project = directory.path().join("project");
    symlink("b.jsonl", project.join("a.jsonl")).unwrap();
    symlink("gone.jsonl", project.join("broken.jsonl")).unwrap();
    symlink(".", project.join("loop")).unwrap();
    let specs = [include(&["**/*.jsonl"], &[])];
    let inputs = finder(&project, &specs).from_config(&project).unwrap();
    assert_eq!(shown(&inputs), ["a.jsonl"]);
    symlink(directory.path().join("outside"), project.join("link")).unwrap();
    let error = finder(&project, &specs).from_config(&project).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`link/x.jsonl` leads out of the project"),
        "{error}"
    );
}

#[test]
fn files_outside_the_working_directory_are_shown_whole() {
    let directory = tree(&["here/a.jsonl", "there/b.txt"]);
    let here = directory.path().join("here");
    let inputs = finder(&here, &[])
        .from_paths(&[PathBuf::from("../there/b.txt")])
        .unwrap();
    let full = directory.path().join("there/b.txt");
    assert_eq!(inputs[0].shown, full.to_string_lossy());
    assert!(!inputs[0].stem.starts_with('/'));
}

#[test]
fn standard_input_is_an_input() {
    let directory = tree(&[]);
    let inputs = finder(directory.path(), &[])
        .from_paths(&[PathBuf::from("-")])
        .unwrap();
    assert!(inputs[0].is_stdin());
    assert_eq!(inputs[0].shown, "-");
}

#[test]
fn a_file_is_hashed_as_it_is_stored() {
    let directory = tree(&[]);
    write(directory.path(), "a.jsonl", b"abc");
    let inputs = finder(directory.path(), &[])
        .from_paths(&[PathBuf::from("a.jsonl")])
        .unwrap();
    assert_eq!(
        inputs[0]
            .sha256(&std::sync::atomic::AtomicBool::new(false))
            .unwrap(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[test]
fn many_tiny_files_share_units() {
    let names: Vec<String> = (0..600).map(|n| format!("t/{n:04}.txt")).collect();
    let directory = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let inputs = finder(directory.path(), &[])
        .from_paths(&[PathBuf::from("t")])
        .unwrap();
    let plan = Plan::new(inputs, options()).unwrap();
    assert_eq!(plan.units().count(), 3);
    let mut order = Vec::new();
    plan.each(|chunk| order.push((chunk.input, chunk.last))).unwrap();
    assert_eq!(order, (0..600).map(|n| (n, true)).collect::<Vec<_>>());
}
