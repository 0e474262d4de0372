//! F1 and F3: the process is killed at, or the system refuses, any of its calls during a release.

use super::strace::{Call, Scene, available, sample};

/// Calls that change what is on disk.
const CHANGES: [&str; 15] = [
    "write",
    "pwrite64",
    "fsync",
    "mkdir",
    "chmod",
    "fchmod",
    "ftruncate",
    "flock",
    "link",
    "linkat",
    "rename",
    "renameat2",
    "unlink",
    "unlinkat",
    "rmdir",
];

/// Calls whose failure is a failure of the release, never something to go on without.
const VITAL: [&str; 7] = [
    "write",
    "pwrite64",
    "pread64",
    "fsync",
    "ftruncate",
    "rename",
    "renameat2",
];

fn changes(call: &Call) -> bool {
    CHANGES.contains(&call.name.as_str())
        || call.name == "openat" && (call.text.contains("O_CREAT") || call.text.contains("O_TMPFILE"))
}

fn killed_everywhere(scene: &Scene, count: usize) {
    let calls: Vec<Call> = scene.calls.iter().filter(|call| changes(call)).cloned().collect();
    assert!(calls.len() > 60, "{}", calls.len());
    for call in sample(calls, count, 1) {
        let what = format!("killed at {} number {}: {}", call.name, call.nth, call.text);
        scene.reset();
        let run = scene.injected(&call.name, &format!("signal=KILL:when={}", call.nth));
        assert!(matches!(run.code, None | Some(0)), "{what}: {}", run.err);
        scene.recovers(&what);
    }
}

#[test]
fn f01_a_first_release_survives_a_kill_at_any_call() {
    if available() {
        killed_everywhere(&Scene::first(), 14);
    }
}

#[test]
fn f01_an_update_survives_a_kill_at_any_call() {
    if available() {
        killed_everywhere(&Scene::update(), 14);
    }
}

/// Calls that may fail: those above, and reading.
fn fallible(call: &Call) -> bool {
    const READS: [&str; 7] = [
        "openat",
        "read",
        "pread64",
        "statx",
        "newfstatat",
        "getdents64",
        "lseek",
    ];
    // What the system says about itself is asked for with a fallback.
    let itself = ["/proc", "/sys", "/etc", "/usr", "pipe:", "ENOENT"];
    (changes(call) || READS.contains(&call.name.as_str()))
        && !itself.iter().any(|part| call.text.contains(part))
}

fn refused_everywhere(scene: &Scene, count: usize) {
    let calls: Vec<Call> = scene
        .calls
        .iter()
        .filter(|call| fallible(call))
        .cloned()
        .collect();
    let errors = [
        ("EIO", "Input/output error"),
        ("ENOSPC", "No space left on device"),
        ("EIO", "Input/output error"),
        ("EINTR", "Interrupted system call"),
    ];
    let cases = calls.into_iter().flat_map(|call| {
        errors
            .into_iter()
            .enumerate()
            .map(move |(kind, error)| (call.clone(), kind, error))
    });
    for (call, kind, (errno, message)) in sample(cases.collect(), count, 7) {
        // The third kind goes on for ever; an interruption may be tried again for ever.
        let sticky = if kind == 2 { "+" } else { "" };
        let what = format!(
            "{errno}{sticky} from {} number {}: {}",
            call.name, call.nth, call.text
        );
        scene.reset();
        let run = scene.injected(&call.name, &format!("error={errno}:when={}{sticky}", call.nth));
        match run.code {
            // Went on without it, or tried again: then the release is what it should be, below.
            Some(0) => assert!(
                errno == "EINTR" || !VITAL.contains(&call.name.as_str()),
                "{what} was not noticed"
            ),
            code => {
                assert_eq!(code, Some(2), "{what}: {}", run.err);
                // Asking about a file may fail into a guess, whose consequence is what is then said.
                let asked = ["statx", "newfstatat", "lseek"].contains(&call.name.as_str());
                // Where nothing can be written any more, neither can the message.
                let mute = kind == 2 && call.name == "write";
                assert!(asked || mute || run.err.contains(message), "{what}: {}", run.err);
                let named = run.err.contains(['/', '`']) || mute;
                assert!(named, "{what} names no path: {}", run.err);
            }
        }
        assert!(!run.err.contains("panicked"), "{what}: {}", run.err);
        scene.recovers(&what);
    }
}

#[test]
fn f03_a_call_that_fails_fails_a_first_release_and_is_named() {
    if available() {
        refused_everywhere(&Scene::first(), 24);
    }
}

#[test]
fn f03_a_call_that_fails_fails_an_update_and_is_named() {
    if available() {
        refused_everywhere(&Scene::update(), 24);
    }
}

/// A write that takes fewer bytes than it was given is continued where it stopped. The injected
/// result says one byte while none went out, so the file is wrong, and that has to be seen.
#[test]
fn f03_a_write_that_lies_about_its_length_is_seen() {
    if !available() {
        return;
    }
    let scene = Scene::first();
    let writes = scene
        .calls
        .iter()
        .filter(|call| call.name == "write" && call.text.contains(".parquet"));
    for call in sample(writes.cloned().collect::<Vec<_>>(), 4, 3) {
        scene.reset();
        let run = scene.injected("write", &format!("retval=1:when={}", call.nth));
        if run.code == Some(0) {
            let release = scene.project.released(scene.version);
            let verified = scene.project.run(&["verify", release.to_str().unwrap()]);
            assert_eq!(verified.code, Some(1), "{}", call.text);
        } else {
            assert_eq!(run.code, Some(2), "{}: {}", call.text, run.err);
            scene.recovers(&call.text);
        }
    }
}
