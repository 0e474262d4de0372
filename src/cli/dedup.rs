//! `corpus dedup`: clusters of copies, reported; nothing changes unless `--write` is given.

use super::args::{DedupArgs, Global};
use super::output::{INTERRUPTED, Printer, interrupted};
use super::project::{Project, no_rules, say_text_fields};
use super::{CommandResult, Failure, Outcome};
use crate::engine::against::Against;
use crate::engine::duplicates::{Copy, duplicates};
use crate::report::escape::visible;
use crate::report::summary::count;
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
    let plan = project.plan(project.inputs(&args.paths, None)?)?;
    let keep = &project.loaded.config.dedup.keep;
    let against = Against::open(&args.against, super::release::MATCH_KEY)?;
    let found = duplicates(
        &checker,
        &plan,
        keep,
        &against,
        project.jobs,
        project.memory,
        project.scratch.as_deref(),
        &INTERRUPTED,
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

fn text(out: &mut dyn Write, copy: &Copy) -> io::Result<()> {
    let name = copy.id.as_deref().unwrap_or("(no id)");
    let indent = if copy.relation == "kept" { "" } else { "  " };
    writeln!(
        out,
        "{indent}{:<6} {}  {}:{}",
        copy.relation,
        visible(name),
        visible(&copy.path),
        copy.line
    )
}
