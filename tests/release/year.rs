//! A year in the life of a dataset: monthly releases, each on a runner that starts with nothing but the project.

use super::project::{Project, article, manifest, rows, slow, with_body};
use super::retract::{assert_absent, keyed};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const MORE: &str = "shard-bytes = \"1KB\"\nrow-group-bytes = \"1KB\"\ntakedown-level = \"patch\"\n\
                    [splits]\ntrain = 0.9\ntest = 0.1\n";
/// New articles a month.
const CRAWL: usize = 40;

struct Year {
    project: Project,
    remote: tempfile::TempDir,
    /// What each article says: a correction changes it.
    edition: BTreeMap<usize, usize>,
    /// Where each month's articles are.
    places: Vec<String>,
    gone: BTreeSet<usize>,
}

impl Year {
    fn new() -> Self {
        let remote = tempfile::tempdir().unwrap();
        let project = Project::new(MORE);
        let config = std::fs::read_to_string(project.path("corpus.toml")).unwrap();
        let config = config.replace("in/*", "in/**/*.jsonl");
        let url = format!("[release]\nremote = \"file://{}\"\n", remote.path().display());
        project.write("corpus.toml", config.replace("[release]\n", &url));
        Self {
            project,
            remote,
            edition: BTreeMap::new(),
            places: Vec::new(),
            gone: BTreeSet::new(),
        }
    }

    fn url(&self) -> String {
        format!("file://{}", self.remote.path().display())
    }

    fn text(&self, number: usize) -> String {
        match self.edition[&number] {
            0 => article(number),
            edition => with_body(
                number,
                &format!(
                    "Correction {edition} of report {number}: the council of town {number} never met, and bridge {number} stays open."
                ),
            ),
        }
    }

    /// Writes the inputs: each month its articles, and the text of an older one once more under another id.
    fn write(&self) {
        for (month, place) in self.places.iter().enumerate() {
            let numbers = month * CRAWL..(month + 1) * CRAWL;
            let mut lines: String = numbers.map(|number| self.text(number)).collect();
            if month > 0 {
                let mut again: serde_json::Value = serde_json::from_str(&self.text(month * 7)).unwrap();
                again["id"] = format!("again-{month:02}").into();
                again["url"] = format!("https://mirror.example/{month}").into();
                lines.push_str(&again.to_string());
                lines.push('\n');
            }
            self.project.write(place, lines);
        }
    }

    fn month(&mut self, month: usize) {
        let releases = self.project.path("releases");
        if month > 0 {
            std::fs::remove_dir_all(&releases).unwrap();
            self.project.run(&["pull", &self.url()]).ok();
        }
        for number in month * CRAWL..(month + 1) * CRAWL {
            self.edition.insert(number, 0);
        }
        self.places.push(format!("in/m{month:02}.jsonl"));
        let before = (month > 0).then(|| latest(&releases));
        let corrected = if month.is_multiple_of(2) && month > 0 {
            self.correct(before.as_deref())
        } else {
            0
        };
        if month == 2 {
            std::fs::remove_file(self.project.path("in/m00.jsonl")).unwrap();
            "in/archive/2025/m00.jsonl".clone_into(&mut self.places[0]);
            let path = self.project.path("schemas/article.schema.json");
            let mut schema: serde_json::Value =
                serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            schema["properties"]["desk"] = serde_json::json!({"type": "string"});
            self.project
                .write("schemas/article.schema.json", schema.to_string());
        }
        if month == 3 {
            // Another set of rules, and not another row.
            let config = std::fs::read_to_string(self.project.path("corpus.toml")).unwrap();
            self.project
                .write("corpus.toml", config + "[lint]\nextend-select = [\"D004\"]\n");
        }
        self.write();
        let taken = if month > 0 { self.take_down(month) } else { 0 };
        let mut args = vec!["release", "--bump", "auto"];
        if month == 0 {
            args = vec!["release", "1.0.0", "--initial"];
        }
        keyed(&self.project, &args).ok();
        let release = latest(&releases);
        let made = manifest(&release);
        let version = made["version"].as_str().unwrap().to_owned();
        self.project.run(&["verify", release.to_str().unwrap()]).ok();
        let again = keyed(&self.project, &["reproduce", &version]).ok();
        assert!(
            again.out.contains("byte for byte") || again.out.contains("equal except"),
            "{}",
            again.out
        );
        if let Some(before) = before {
            // A person would say: corrections are major, all else is not.
            let required = if corrected > 0 { "major" } else { "minor" };
            assert_eq!(
                made["semver"]["required"], required,
                "month {month}: {}",
                made["semver"]
            );
            proportional(
                &before,
                &release,
                if month == 2 {
                    usize::MAX
                } else {
                    CRAWL + corrected + taken
                },
            );
        }
        self.project.run(&["publish", &version, &self.url()]).ok();
        self.nothing_is_left(month);
    }

    /// One row in a hundred of what is in the training split says something else now.
    fn correct(&mut self, before: Option<&Path>) -> usize {
        let rows = rows(&before.unwrap().join("data/train"));
        let numbers = rows
            .iter()
            .filter_map(|row| row["id"].strip_prefix("r-")?.parse::<usize>().ok());
        let chosen: Vec<usize> = numbers
            .filter(|number| number % 37 == 5)
            .take(rows.len() / 100 + 1)
            .collect();
        for number in &chosen {
            *self.edition.get_mut(number).unwrap() += 1;
        }
        chosen.len()
    }

    /// Two clusters, of articles that were published.
    fn take_down(&mut self, month: usize) -> usize {
        let chosen: Vec<usize> = [month * CRAWL - 3, (month - 1) * CRAWL + 11].into();
        let names: Vec<String> = chosen.iter().map(|number| format!("r-{number:04}")).collect();
        let mut args = vec!["retract", "--purge", "--reason", "on request"];
        args.extend(names.iter().map(String::as_str));
        keyed(&self.project, &args).ok();
        self.gone.extend(&chosen);
        chosen.len()
    }

    fn nothing_is_left(&self, month: usize) {
        for number in &self.gone {
            let (id, words) = (format!("r-{number:04}"), format!("bridge {number}. "));
            let url = format!("river.example/{number}\"");
            for held in [self.remote.path(), &self.project.path("releases")] {
                assert_absent(held, &[&id, &words, &url]);
            }
        }
        for entry in std::fs::read_dir(self.remote.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.join("manifest.json").exists() {
                let run = self.project.run(&["verify", path.to_str().unwrap()]);
                assert_eq!(run.code, Some(0), "month {month}: {}{}", run.out, run.err);
            }
        }
    }
}

/// The release that the index names last.
fn latest(releases: &Path) -> std::path::PathBuf {
    let index = std::fs::read_to_string(releases.join("index.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(index.lines().last().unwrap()).unwrap();
    releases.join(format!("river-v{}", line["version"].as_str().unwrap()))
}

/// Shards that are not those of the release before are no more than the rows that changed.
fn proportional(before: &Path, after: &Path, changed: usize) {
    let shards = |release: &Path| -> BTreeSet<String> {
        let made = manifest(release);
        let configs = made["configs"].as_array().unwrap().clone();
        let splits = configs
            .iter()
            .flat_map(|config| config["splits"].as_array().unwrap().clone());
        let shards = splits.flat_map(|split| split["shards"].as_array().unwrap().clone());
        shards
            .map(|shard| shard["sha256"].as_str().unwrap().to_owned())
            .collect()
    };
    let (old, new) = (shards(before), shards(after));
    let fresh = new.difference(&old).count();
    assert!(fresh <= changed, "{fresh} new shards for {changed} changed rows");
}

#[test]
fn a_year_in_the_life_of_a_dataset() {
    let mut year = Year::new();
    let mut evaluation: Option<Vec<BTreeMap<String, String>>> = None;
    for month in 0..if slow() { 12 } else { 3 } {
        year.month(month);
        // Evaluation rows stay as they are, apart from takedowns and from columns that are new.
        let mut now = rows(&latest(&year.project.path("releases")).join("data/test"));
        now.iter_mut().for_each(|row| drop(row.remove("desk")));
        if let Some(mut known) = evaluation {
            let gone: BTreeSet<String> = year.gone.iter().map(|number| format!("r-{number:04}")).collect();
            known.retain(|row| !gone.contains(&row["id"]));
            assert_eq!(now, known, "month {month}");
        }
        evaluation = Some(now);
    }
    assert!(evaluation.is_some_and(|rows| rows.len() > 1));
}
