//! Work in parallel, results in order, memory bounded.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Pieces of one item that may wait to be emitted before its thread waits too.
const PIECES: usize = 4;

struct State<I, R> {
    work: I,
    next_in: u64,
    next_out: u64,
    exhausted: bool,
    running: usize,
    stopped: bool,
    ready: BTreeMap<u64, VecDeque<R>>,
    done: BTreeSet<u64>,
}

/// Runs `process` over `work` on `jobs` threads and hands the results to `emit` on the calling
/// thread in the order of the work. At most `2 × jobs` results wait at any time, so memory does not
/// depend on how much work there is. `work.next()` runs under a lock: it may block on a sequential
/// decoder while other threads process what it gave before.
///
/// # Errors
/// The first error of `emit`; the threads then stop after their current item.
pub fn ordered<W, R, S, E>(
    jobs: usize,
    work: impl Iterator<Item = W> + Send,
    make_state: impl Fn() -> S + Sync,
    process: impl Fn(&mut S, W) -> R + Sync,
    emit: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    W: Send,
    R: Send,
{
    streamed(
        jobs,
        work,
        make_state,
        |state, item, send| send(process(state, item)),
        emit,
    )
}

/// Like [`ordered`], for work of which one item may give more than should be held: `process` sends
/// its result in pieces, and waits while a few of them have not been emitted.
///
/// # Errors
/// The first error of `emit`; what is sent after it is dropped.
pub fn streamed<W, R, S, E>(
    jobs: usize,
    work: impl Iterator<Item = W> + Send,
    make_state: impl Fn() -> S + Sync,
    process: impl Fn(&mut S, W, &mut dyn FnMut(R)) + Sync,
    mut emit: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    W: Send,
    R: Send,
{
    let jobs = jobs.max(1);
    if jobs == 1 {
        let mut state = make_state();
        for item in work {
            let mut result = Ok(());
            process(&mut state, item, &mut |piece| {
                if result.is_ok() {
                    result = emit(piece);
                }
            });
            result?;
        }
        return Ok(());
    }
    let window = 2 * jobs as u64;
    let shared = Mutex::new(State {
        work,
        next_in: 0,
        next_out: 0,
        exhausted: false,
        running: 0,
        stopped: false,
        ready: BTreeMap::new(),
        done: BTreeSet::new(),
    });
    // Workers wait for room, the caller for the next result.
    let room = Condvar::new();
    let result = Condvar::new();
    let lock = || shared.lock().unwrap_or_else(PoisonError::into_inner);
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                let mut local = make_state();
                loop {
                    let mut state = lock();
                    while !state.stopped && !state.exhausted && state.next_in >= state.next_out + window {
                        state = wait(&room, state);
                    }
                    if state.stopped || state.exhausted {
                        break;
                    }
                    let Some(item) = state.work.next() else {
                        state.exhausted = true;
                        room.notify_all();
                        result.notify_all();
                        break;
                    };
                    let number = state.next_in;
                    state.next_in += 1;
                    state.running += 1;
                    drop(state);
                    // A panic in a worker must not leave the others waiting for ever.
                    let guard = Running {
                        shared: &shared,
                        room: &room,
                        result: &result,
                        number,
                    };
                    // The item whose turn it is waits for the caller only, so that there is always
                    // somebody who goes on.
                    process(&mut local, item, &mut |piece| {
                        let mut state = lock();
                        while !state.stopped && state.ready.get(&number).is_some_and(|q| q.len() >= PIECES) {
                            state = wait(&room, state);
                        }
                        if !state.stopped {
                            state.ready.entry(number).or_default().push_back(piece);
                            drop(state);
                            result.notify_all();
                        }
                    });
                    drop(guard);
                }
            });
        }
        loop {
            let mut state = lock();
            let piece = loop {
                let next = state.next_out;
                if let Some(piece) = state.ready.get_mut(&next).and_then(VecDeque::pop_front) {
                    break Some(piece);
                }
                if state.done.remove(&next) {
                    state.ready.remove(&next);
                    state.next_out += 1;
                    room.notify_all();
                    continue;
                }
                if state.running == 0 && (state.exhausted || state.stopped) {
                    break None;
                }
                state = wait(&result, state);
            };
            let Some(piece) = piece else { return Ok(()) };
            drop(state);
            room.notify_all();
            if let Err(error) = emit(piece) {
                lock().stopped = true;
                room.notify_all();
                return Err(error);
            }
        }
    })
}

fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

struct Running<'a, I, R> {
    shared: &'a Mutex<State<I, R>>,
    room: &'a Condvar,
    result: &'a Condvar,
    number: u64,
}

impl<I, R> Drop for Running<'_, I, R> {
    fn drop(&mut self) {
        let mut state = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        state.running -= 1;
        state.done.insert(self.number);
        if std::thread::panicking() {
            state.stopped = true;
        }
        drop(state);
        self.room.notify_all();
        self.result.notify_all();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn results_come_in_order_for_any_number_of_threads() {
        for jobs in [1, 2, 3, 8] {
            let mut seen = Vec::new();
            ordered(
                jobs,
                0..1000u64,
                || (),
                |(), n| {
                    if n % 7 == 0 {
                        std::thread::yield_now();
                    }
                    n * n
                },
                |square| {
                    seen.push(square);
                    Ok::<_, ()>(())
                },
            )
            .unwrap();
            assert_eq!(seen, (0..1000u64).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_stops_the_work() {
        let processed = AtomicUsize::new(0);
        let result = ordered(
            4,
            0..1_000_000u64,
            || (),
            |(), n| {
                processed.fetch_add(1, Ordering::Relaxed);
                n
            },
            |n| if n == 10 { Err("full") } else { Ok(()) },
        );
        assert_eq!(result, Err("full"));
        assert!(processed.load(Ordering::Relaxed) < 1000);
    }

    #[test]
    fn waiting_results_are_bounded() {
        let started = AtomicUsize::new(0);
        let emitted = AtomicUsize::new(0);
        ordered(
            4,
            0..200u64,
            || (),
            |(), n| {
                started.fetch_add(1, Ordering::SeqCst);
                n
            },
            |_| {
                std::thread::sleep(std::time::Duration::from_micros(200));
                let ahead = started.load(Ordering::SeqCst) - emitted.fetch_add(1, Ordering::SeqCst);
                assert!(ahead <= 9, "{ahead} results ahead");
                Ok::<_, ()>(())
            },
        )
        .unwrap();
    }

    #[test]
    fn pieces_come_in_order_and_a_thread_waits_with_its_own() {
        let sent = AtomicUsize::new(0);
        let emitted = AtomicUsize::new(0);
        for jobs in [1, 2, 4] {
            let mut seen = Vec::new();
            streamed(
                jobs,
                0..40u64,
                || (),
                |(), n, send| {
                    for piece in 0..n {
                        sent.fetch_add(1, Ordering::SeqCst);
                        send((n, piece));
                    }
                },
                |piece| {
                    let ahead = sent.load(Ordering::SeqCst) - emitted.fetch_add(1, Ordering::SeqCst);
                    assert!(ahead <= 2 * 4 * (PIECES + 1), "{ahead} pieces ahead");
                    seen.push(piece);
                    Ok::<_, ()>(())
                },
            )
            .unwrap();
            let expected: Vec<_> = (0..40)
                .flat_map(|n| (0..n).map(move |piece| (n, piece)))
                .collect();
            assert_eq!(seen, expected);
        }
    }
}
