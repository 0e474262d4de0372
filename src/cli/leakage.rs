//! `corpus verify --deep`: texts of one split that another split holds, too.

use super::args::Global;
use super::output::{INTERRUPTED, Printer, interrupted};
use super::project::{Project, no_rules};
use super::{Failure, dedup};
use crate::config::NearChoice;
use crate::engine::against::Against;
use crate::engine::duplicates::{Copy, DedupRun, duplicates};
use crate::release::manifest::Manifest;
use crate::release::verify::Problem;
use std::collections::HashMap;
use std::io;
use std::path::Path;

/// Compares all rows of a release with each other, read from its shards, and gives the pairs that two splits
/// share: exact copies, near ones from `[dedup] near` (its defaults where that is off), and texts that lie
/// in another.
pub(super) fn leaks(release: &Path, global: &Global, printer: &Printer) -> Result<Vec<Problem>, Failure> {
    let (manifest, _) = Manifest::read(release)?;
    let settings = Project::load(global)?.loaded.config;
    // The shards are what was released: no setting of inputs may change how they are read.
    let alone = Global {
        isolated: true,
        config: Vec::new(),
        ..global.clone()
    };
    let project = Project::load(&alone)?;
    let field = settings.fields.text.map(|name| format!("/{name}"));
    let checker = project.checker(&no_rules(), None, field.as_deref(), printer)?;
    let mut splits = HashMap::new();
    let mut paths = Vec::new();
    for (config, split, shard) in manifest.shards() {
        let path = release.join(&shard.path);
        splits.insert(real(&path), (format!("{config}/{split}"), shard.path.clone()));
        paths.push(path.display().to_string());
    }
    let plan = project.plan(project.inputs(&paths, None)?)?;
    let places: HashMap<String, (String, String)> = plan
        .inputs
        .iter()
        .filter_map(|input| Some((input.shown.clone(), splits.get(&real(&input.path))?.clone())))
        .collect();
    let near = settings
        .dedup
        .near
        .filter(|near| !matches!(near, NearChoice::Switch(false)));
    let search = dedup::configured(near.as_ref());
    let found = duplicates(
        &checker,
        &plan,
        &DedupRun {
            keep: &settings.dedup.keep,
            against: &Against::open(&[], super::release::MATCH_KEY)?,
            references: 0,
            near: search,
            tag: false,
            jobs: project.jobs,
            memory: project.memory,
            scratch: project.scratch.as_deref(),
            stop: &INTERRUPTED,
        },
    )?;
    if interrupted() {
        return Err(Failure::new(
            "interrupted: the splits were not compared to the end",
        ));
    }
    let least = search.map_or(1.0, |search| search.threshold);
    let (mut problems, mut cluster) = (Vec::new(), Vec::new());
    found.each(&mut |copy| {
        if copy.relation == "kept" {
            across(&cluster, &places, least, &mut problems);
            cluster.clear();
        }
        cluster.push(copy.clone());
        Ok::<_, io::Error>(())
    })?;
    across(&cluster, &places, least, &mut problems);
    Ok(problems)
}

fn real(path: &Path) -> std::path::PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// The verified pairs of a cluster whose rows are in different splits.
fn across(
    cluster: &[Copy],
    places: &HashMap<String, (String, String)>,
    least: f64,
    problems: &mut Vec<Problem>,
) {
    let name = |copy: &Copy| copy.id.clone().unwrap_or_default();
    for copy in cluster.iter().filter(|copy| copy.relation != "kept") {
        if copy.relation == "near" && copy.score < least {
            continue;
        }
        let with = copy.of.as_ref().unwrap_or(&copy.cluster);
        let Some(other) = cluster.iter().find(|other| name(other) == *with) else {
            continue;
        };
        let (Some((split, path)), Some((theirs, _))) = (places.get(&copy.path), places.get(&other.path))
        else {
            continue;
        };
        if split != theirs {
            let how = match copy.relation {
                "exact" => "has the text of".to_owned(),
                "contained" => format!("lies, to {:.0} %, in", copy.score * 100.0),
                _ => format!("is a near copy ({:.2}) of", copy.score),
            };
            problems.push(Problem {
                path: path.clone(),
                what: format!("`{}` of {split} {how} `{with}` of {theirs}", name(copy)),
            });
        }
    }
}
