//! Standard output for results, standard error for the rest; colours; interruption.

use super::args::{ColorChoice, Global};
use crate::finding::Severity;
use crate::report::{diagnostic, styles};
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// Raised by Ctrl-C; the engine stops at the next unit.
pub(crate) static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C was pressed.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// First Ctrl-C (or SIGTERM): stop at the next unit and tidy up. Second: end at once.
pub(crate) fn install_interrupt_handler() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use std::sync::{Arc, LazyLock};
        static FLAG: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| Arc::new(AtomicBool::new(false)));
        for signal in [SIGINT, SIGTERM] {
            // Registered first, so that it sees the flag of an earlier signal only.
            let _ = signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&FLAG));
            let _ = signal_hook::flag::register(signal, Arc::clone(&FLAG));
        }
        let flag = Arc::clone(&FLAG);
        let _ = std::thread::Builder::new()
            .name("interrupt".to_owned())
            .spawn(move || {
                while !flag.load(Ordering::Relaxed) {
                    std::thread::sleep(std::time::Duration::from_millis(25));
                }
                INTERRUPTED.store(true, Ordering::Relaxed);
            });
    }
}

/// Writes messages the way the global flags ask.
#[derive(Debug)]
pub(crate) struct Printer {
    quiet: u8,
    verbose: u8,
    stdout_color: bool,
    stderr_color: bool,
    progress: bool,
}

impl Printer {
    pub(crate) fn new(global: &Global) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let color = |tty: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto => tty || set("FORCE_COLOR") || set("CLICOLOR_FORCE"),
        };
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            stdout_color: color(io::stdout().is_terminal()),
            stderr_color: color(io::stderr().is_terminal()),
            progress: !global.no_progress && global.quiet == 0 && io::stderr().is_terminal(),
        }
    }

    /// Whether results may be coloured.
    pub(crate) const fn color(&self) -> bool {
        self.stdout_color
    }

    /// Whether progress bars are welcome.
    pub(crate) const fn progress(&self) -> bool {
        self.progress
    }

    fn say(&self, severity: Severity, message: &str, hints: &[String]) {
        let mut stderr = io::stderr().lock();
        // Nowhere is left to report a failure to write to standard error.
        let _ = diagnostic(
            &mut stderr,
            &styles(self.stderr_color),
            severity,
            message,
            &[],
            hints,
        );
    }

    /// What stopped the command, and what to do about it.
    pub(crate) fn error(&self, message: &str, hints: &[String]) {
        self.say(Severity::Error, message, hints);
    }

    pub(crate) fn warning(&self, message: &str) {
        if self.quiet < 2 {
            self.say(Severity::Warning, message, &[]);
        }
    }

    pub(crate) fn note(&self, message: &str) {
        if self.quiet == 0 {
            self.say(Severity::Info, message, &[]);
        }
    }

    /// A note that only `-v` shows.
    pub(crate) fn detail(&self, message: &str) {
        if self.verbose > 0 {
            self.say(Severity::Info, message, &[]);
        }
    }

    /// Writes a result to standard output.
    #[allow(clippy::unused_self)] // Results go through the printer like everything else.
    pub(crate) fn result(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        stdout.flush()
    }
}
