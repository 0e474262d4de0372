//! Where settings come from, and which of them wins.

use crate::support::{Dir, OVERRIDE, line};

fn project() -> Dir {
    Dir::with(&[
        (
            "p/corpus.toml",
            "name = \"x\"\nlicense = \"CC0-1.0\"\n[[input]]\ninclude = [\"*.jsonl\"]\n[lint]\nignore = [\"U009\"]\n",
        ),
        ("p/a.jsonl", &line("a", OVERRIDE)),
        ("other.toml", "name = \"y\"\n[lint]\nselect = [\"U009\"]\n"),
    ])
}

#[test]
fn a_directory_flag_is_like_starting_there() {
    let dir = project();
    dir.run(&["-C", "p", "lint"]).exits(0);
    dir.run(&["lint", "-C", "p"]).exits(0);
    dir.run(&["-C", "p", "lint", "a.jsonl"]).exits(0);
}

#[test]
fn isolated_ignores_the_file() {
    let dir = project();
    dir.run(&["-C", "p", "lint", "a.jsonl", "--isolated"]).exits(1);
    dir.run(&["-C", "p", "lint", "--isolated"])
        .exits(2)
        .says("corpus init");
}

#[test]
fn config_takes_a_file_or_a_setting() {
    let dir = project();
    dir.run(&["-C", "p", "lint", "--config", "lint.ignore = []"])
        .exits(1);
    dir.run(&[
        "-C",
        "p",
        "lint",
        "--config",
        "lint.ignore=[]",
        "--config",
        "lint.select=[\"A\"]",
    ])
    .exits(0);
    dir.run(&["lint", "p/a.jsonl", "--config", "other.toml"]).exits(1);
    dir.run(&["lint", "p/a.jsonl", "--config", "none.toml"])
        .exits(2)
        .says("none.toml");
    dir.run(&["lint", "p/a.jsonl", "--config", "lint.select=["])
        .exits(2);
    // Flags come after everything.
    dir.run(&["-C", "p", "lint", "--select", "U009"]).exits(1);
}

#[test]
fn config_says_where_a_value_came_from() {
    let dir = project();
    let file = dir.run(&["-C", "p", "config", "lint.ignore"]).exits(0);
    assert!(
        file.out.contains("U009") && file.out.contains("corpus.toml"),
        "{file:?}"
    );
    let flag = dir
        .run(&[
            "-C",
            "p",
            "config",
            "lint.ignore",
            "--config",
            "lint.ignore=[\"A003\"]",
        ])
        .exits(0);
    assert!(
        flag.out.contains("A003") && flag.out.contains("--config"),
        "{flag:?}"
    );
    dir.run(&["-C", "p", "config", "lint.ignroe"]).exits(2);
}
