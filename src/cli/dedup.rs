//! `corpus dedup`: clusters of copies, reported; nothing changes unless `--write` is given.

use super::args::{DedupArgs, Global};
use super::output::{INTERRUPTED, Printer, interrupted};
use super::project::{Project, no_rules, say_text_fields};
use super::{CommandResult, Failure, Outcome};
use crate::config::{DedupConfig, Near, NearAction, NearChoice, NearProfile};
use crate::dedup::cluster;
use crate::dedup::near::{NearIndex, Profile, Search};
use crate::engine::against::Against;
use crate::engine::duplicates::{Copy, DedupRun, duplicates};
use crate::report::escape::visible;
use crate::report::summary::count;
use crate::source::Input;
use std::io::{self, BufWriter, Write};

pub(crate) fn run(args: &DedupArgs, global: &Global, printer: &Printer) -> CommandResult {
    if !matches!(args.output_format.as_str(), "text" | "json" | "json-lines") {
        return Err(Failure::new(format!(
            "`{}` is not a format of dedup; use text, json or json-lines",
            args.output_format
        )));
    }
    let project = Project::load(global)?;
    let checker = project.checker(&no_rules(), None, args.field.as_deref(), printer)?;
    let mut inputs = project.inputs(&args.paths, None)?;
    let dedup = &project.loaded.config.dedup;
    // A directory is a release, anything else are files of records.
    let (releases, files): (Vec<_>, Vec<_>) = args.against.iter().cloned().partition(|path| path.is_dir());
    let against = Against::open(&releases, super::release::MATCH_KEY)?;
    let own = inputs.len();
    if !files.is_empty() {
        let files: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        inputs.extend(project.inputs(&files, None)?);
    }
    let references = inputs.len() - own;
    let plan = project.plan(inputs)?;
    let near = search(args, dedup.near.as_ref())?;
    if let Some(search) = near.filter(|_| global.verbose > 0) {
        let bands = search.bands();
        printer.note(&format!(
            "{} bands of {} hashes; a pair of this similarity is compared with this probability: {}",
            bands.bands,
            bands.rows,
            bands.curve()
        ));
        printer.note(&estimate(&plan.inputs, &search, project.memory));
    }
    let found = duplicates(
        &checker,
        &plan,
        &DedupRun {
            keep: &dedup.keep,
            against: &against,
            references,
            near,
            tag: tags(dedup),
            jobs: project.jobs,
            memory: project.memory,
            scratch: project.scratch.as_deref(),
            stop: &INTERRUPTED,
        },
    )?;
    if interrupted() {
        // Half a run has no totals.
        return Ok(Outcome::Failed);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let mut clusters = 0_u64;
    let mut copies = 0_u64;
    let json = args.output_format == "json";
    if json {
        write!(out, "{{\"schema\":\"corpus.dedup/1\",\"duplicates\":[")?;
    }
    let mut first = true;
    found.each(&mut |copy| {
        clusters += u64::from(copy.relation == "kept");
        copies += u64::from(copy.relation != "kept");
        if args.output_format == "text" {
            return text(&mut out, copy);
        }
        if json && !std::mem::take(&mut first) {
            write!(out, ",")?;
        }
        serde_json::to_writer(&mut out, copy)?;
        if json { Ok(()) } else { writeln!(out) }
    })?;
    if json {
        writeln!(
            out,
            "],\"summary\":{{\"records\":{},\"clusters\":{clusters},\"copies\":{copies}}}}}",
            found.records()
        )?;
    } else if args.output_format == "text" {
        writeln!(
            out,
            "{}: {} in {}",
            count(found.records(), "record"),
            if copies == 1 {
                "1 copy".to_owned()
            } else {
                format!("{copies} copies")
            },
            count(clusters, "cluster")
        )?;
    }
    out.flush()?;
    say_text_fields(&checker, printer);
    if let Some(path) = &args.write {
        let written = found.write_survivors(&checker, &plan, path)?;
        printer.note(&format!("wrote {written} records to {}", path.display()));
    }
    Ok(Outcome::Clean)
}

/// Whether near copies stay and are only marked.
pub(super) fn tags(dedup: &DedupConfig) -> bool {
    matches!(&dedup.near, Some(NearChoice::Settings(near)) if near.action == NearAction::Tag)
}

/// What near copies are by the configuration; `None` for `near = false`.
pub(super) fn configured(near: Option<&NearChoice>) -> Option<Search> {
    let near = match near {
        Some(NearChoice::Switch(false)) => return None,
        Some(NearChoice::Settings(near)) => near.clone(),
        _ => Near::default(),
    };
    Some(match near.profile {
        Some(NearProfile::FineWeb) => Search::fineweb(),
        None => Search {
            threshold: near.threshold,
            report: near.report.min(near.threshold),
            recall: near.recall,
            profile: Profile::Verified,
        },
    })
}

/// What near copies are: options over `[dedup] near`; `None` for exact copies only.
fn search(args: &DedupArgs, near: Option<&NearChoice>) -> Result<Option<Search>, Failure> {
    let asked = args.threshold.is_some() || args.report.is_some() || args.recall.is_some();
    if args.exact {
        return Ok(None);
    }
    if args.profile.is_some() {
        return Ok(Some(Search::fineweb()));
    }
    let set = match configured(near) {
        None if !asked => return Ok(None),
        Some(set) if !asked && set.profile == Profile::FineWeb => return Ok(Some(set)),
        Some(set) if set.profile == Profile::Verified => set,
        _ => Search::default(),
    };
    let threshold = args.threshold.unwrap_or(set.threshold);
    let search = Search {
        threshold,
        report: args.report.unwrap_or(set.report.min(threshold)),
        recall: args.recall.unwrap_or(set.recall),
        profile: Profile::Verified,
    };
    checked(search).map(Some)
}

/// Refuses numbers that mean nothing.
pub(super) fn checked(search: Search) -> Result<Search, Failure> {
    if search.profile == Profile::FineWeb {
        return Ok(search);
    }
    for (name, value) in [
        ("threshold", search.threshold),
        ("report", search.report),
        ("recall", search.recall),
    ] {
        if !(value > 0.0 && value <= 1.0) {
            return Err(Failure::new(format!(
                "{name} is {value}; it must be above 0 and at most 1"
            )));
        }
    }
    if search.report > search.threshold {
        return Err(Failure::new(format!(
            "report is {}, above the threshold of {}: what is removed must be reported",
            search.report, search.threshold
        )));
    }
    Ok(search)
}

/// What the run will need, from the sizes of the inputs.
fn estimate(inputs: &[Input], search: &Search, memory: u64) -> String {
    // Of a text of 500 words in Arabic; compressed text is a quarter as large.
    const DOCUMENT: u64 = 3_500;
    let bytes: u64 = inputs
        .iter()
        .map(|input| input.size * if input.codec.is_some() { 4 } else { 1 })
        .sum();
    let documents = bytes / DOCUMENT + 1;
    let each = NearIndex::bytes(search, 500) + cluster::ROW as u64;
    format!(
        "about {} of {} bytes: {} MB of keys, in memory up to a share of {} MB, then in scratch files",
        count(documents, "record"),
        DOCUMENT,
        (documents * each).div_ceil(1_000_000),
        memory / 1_000_000
    )
}

fn text(out: &mut dyn Write, copy: &Copy) -> io::Result<()> {
    let name = copy.id.as_deref().unwrap_or("(no id)");
    let indent = if copy.relation == "kept" { "" } else { "  " };
    writeln!(
        out,
        "{indent}{:<6} {}  {}:{}{}",
        copy.relation,
        visible(name),
        visible(&copy.path),
        copy.line,
        match (&copy.of, copy.score < 1.0) {
            (_, false) => String::new(),
            (None, true) => format!("  {:.2}", copy.score),
            (Some(of), true) => format!("  {:.2} of {}", copy.score, visible(of)),
        }
    )
}
