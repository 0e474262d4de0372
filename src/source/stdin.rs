//! Standard input that can be given up on: a read of an idle pipe or terminal returns when the user
//! asks to stop, not when the next byte comes.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};

/// Never raised: for callers that nobody interrupts.
pub static NEVER: AtomicBool = AtomicBool::new(false);

/// Standard input, unbuffered. It ends when `stop` is raised.
#[derive(Debug)]
pub struct Stdin {
    stop: &'static AtomicBool,
}

impl Stdin {
    /// Reads until the end of the input or until `stop` is raised.
    #[must_use]
    pub const fn new(stop: &'static AtomicBool) -> Self {
        Self { stop }
    }

    /// Waits for bytes or the end; `false` when it is time to stop.
    #[cfg(unix)]
    fn ready(&self) -> io::Result<bool> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        const STEP: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 50_000_000,
        };
        let stdin = io::stdin();
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let mut waiting = [PollFd::new(&stdin, PollFlags::IN)];
            match poll(&mut waiting, Some(&STEP)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => return Ok(true),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Read for Stdin {
    #[cfg(unix)]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.ready()? {
            return Ok(0);
        }
        // Past the standard library's buffer, of which `poll` knows nothing.
        Ok(rustix::io::read(io::stdin(), buffer)?)
    }

    #[cfg(not(unix))]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(0);
        }
        io::stdin().read(buffer)
    }
}
