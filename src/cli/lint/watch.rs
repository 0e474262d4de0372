//! What a run says while it goes: its progress, the fixes, notices about files.

use crate::cli::args::LintArgs;
use crate::cli::output::Printer;
use crate::engine::fix::Applied;
use crate::engine::lint::Observer;
use crate::report::escape::visible;
use crate::source::Plan;
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{self, Write as _};

/// Says what a run does while it goes.
pub(super) struct Watcher<'a> {
    printer: &'a Printer,
    bar: ProgressBar,
    out: io::BufWriter<io::Stdout>,
    list: bool,
    diff: bool,
    shown: BTreeMap<&'static str, u64>,
}

impl<'a> Watcher<'a> {
    pub(super) fn new(plan: &Plan, printer: &'a Printer, args: &LintArgs) -> Self {
        Self {
            printer,
            bar: progress_bar(plan, printer),
            out: io::BufWriter::new(io::stdout()),
            list: args.show_fixes && !args.diff,
            diff: args.diff,
            shown: BTreeMap::new(),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.bar.finish_and_clear();
        self.out.flush()
    }
}

/// A bar over the bytes of the inputs, on a terminal only.
pub(crate) fn progress_bar(plan: &Plan, printer: &Printer) -> ProgressBar {
    let total: u64 = plan.inputs.iter().map(|input| input.size).sum();
    if !printer.progress() || total < 32 << 20 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta}")
    {
        bar.set_style(style);
    }
    bar
}

impl Observer for Watcher<'_> {
    fn progress(&mut self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn applied(&mut self, path: &str, line: u64, id: Option<&str>, fix: &Applied) -> io::Result<()> {
        *self.shown.entry(fix.code).or_insert(0) += 1;
        if self.diff {
            let id = id.map(|id| format!("  {}", visible(id))).unwrap_or_default();
            writeln!(
                self.out,
                "{}:{line}{id}  {}  {}",
                visible(path),
                visible(&fix.field),
                fix.code
            )?;
            for (sign, text) in [('-', &fix.before), ('+', &fix.after)] {
                for row in text.split('\n').filter(|row| !row.is_empty()) {
                    let short: String = row.chars().take(200).collect();
                    let more = if short.len() < row.len() { "…" } else { "" };
                    writeln!(self.out, "{sign} {}{more}", visible(&short))?;
                }
            }
        } else if self.list {
            let mut stderr = io::stderr().lock();
            writeln!(
                stderr,
                "fixed {} {}:{line} {}: {} → {}",
                fix.code,
                visible(path),
                visible(&fix.field),
                visible(&fix.before.chars().take(60).collect::<String>()),
                visible(&fix.after.chars().take(60).collect::<String>()),
            )?;
        }
        Ok(())
    }

    fn rewritten(&mut self, path: &str, fixes: u64) {
        self.printer.detail(&format!("{path}: {fixes} fixes written"));
    }

    fn notice(&mut self, path: &str, notice: &str) {
        self.printer.note(&format!("{path}: {notice}"));
    }
}
