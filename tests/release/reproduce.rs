//! `corpus reproduce`: the same bytes again, or what is missing for that.

use super::project::{Project, article, copy, snapshot, with_body};

#[test]
fn releases_are_made_again_byte_for_byte_or_it_says_what_is_missing() {
    let project = Project::new("");
    project.articles("in/a.jsonl", 0..20);
    project.write("DATASET.md", "Collected on the bank.\n");
    project.release("1.0.0");
    let pinned = project.path("pinned");
    copy(&project.path("in"), &pinned.join("in"));
    project.run(&["reproduce", "1.0.0"]).ok();

    // On top of another release, against the verdict, dated with the clock.
    project.write("in/b.jsonl", article(30));
    let edited = (0..20).map(|n| {
        if n == 3 {
            with_body(
                3,
                "The council changed its mind about the bridge: it will be rebuilt in stone.",
            )
        } else {
            article(n)
        }
    });
    project.write("in/a.jsonl", edited.collect::<Vec<_>>().concat());
    let output = project
        .command()
        .env_remove("SOURCE_DATE_EPOCH")
        .args(["release", "1.0.1", "--override-semver", "nobody has it yet"])
        .output();
    assert!(output.unwrap().status.success());
    let before = snapshot(&project.path("releases"));
    for version in ["v1.0.1", "1.0.1"] {
        let run = project.run(&["reproduce", version]).ok();
        assert!(
            run.out.starts_with("river 1.0.1 was made again, byte for byte"),
            "{}",
            run.out
        );
    }
    project.run(&["release", "1.0.2", "--compact"]).ok();
    project.run(&["reproduce", "1.0.2"]).ok();

    // The first one's input changed since; elsewhere it is still there.
    let run = project.run(&["reproduce", "1.0.0"]);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("in/a.jsonl: is not what it was"), "{}", run.out);
    project
        .run(&["reproduce", "1.0.0", "--inputs", pinned.to_str().unwrap()])
        .ok();
    std::fs::remove_file(project.path("in/b.jsonl")).unwrap();
    let run = project.run(&["reproduce", "1.0.1"]);
    assert!(
        run.code == Some(1) && run.out.contains("in/b.jsonl: is missing"),
        "{}",
        run.out
    );
    project.write("in/b.jsonl", article(30));

    // Another configuration, another text that a release depends on, another previous release.
    let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
    project.write("corpus.toml", config.replace("50%", "40%"));
    let run = project.run(&["reproduce", "1.0.1"]);
    assert!(
        run.code == Some(1) && run.out.contains("the configuration is not the one"),
        "{}",
        run.out
    );
    project.write("corpus.toml", config);
    project.write("DATASET.md", "Collected in the boat.\n");
    let run = project.run(&["reproduce", "1.0.1"]);
    assert!(
        run.code == Some(1)
            && run.out.contains("README.md: differs")
            && run.out.contains("the data is the same"),
        "{}",
        run.out
    );
    project.write("DATASET.md", "Collected on the bank.\n");
    let away = project.path("away");
    std::fs::rename(project.released("1.0.0"), &away).unwrap();
    let run = project.run(&["reproduce", "1.0.1"]);
    assert!(
        run.code == Some(1) && run.out.contains("previous release 1.0.0 is missing"),
        "{}",
        run.out
    );
    std::fs::rename(&away, project.path("releases/river-v1.0.0")).unwrap();

    // Nothing that was there was touched.
    let after = snapshot(&project.path("releases"));
    for (name, bytes) in before
        .iter()
        .filter(|(name, _)| name.to_str().unwrap().contains("-v"))
    {
        assert_eq!(after.get(name), Some(bytes), "{}", name.display());
    }
}
