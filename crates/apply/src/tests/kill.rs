//! Real processes, really killed, at instants that nobody chose.
//!
//! The other laws stop at a call; this one stops inside of them as well. What
//! is checked holds at every instant, so the test does not depend on timing.

use std::env;
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::ops::Range;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::thread::{scope, sleep};
use std::time::Duration;

use super::{Place, scene};
use crate::{OperationKind, Repository};

const ROOT: &str = "REPOT_APPLY_VICTIM";
const KILLS: &str = "REPOT_KILLS";
/// How many trees are worked on, and processes killed, at the same time.
const LANES: u64 = 4;
const SIGKILL: i32 = 9;

/// Recovers, then applies, undoes, redoes and prunes without end, in the folder
/// that [`ROOT`] names.
#[test]
#[ignore = "the process that is killed, not a test"]
fn victim() {
    let Some(root) = env::var_os(ROOT) else { return };
    let repository = Repository::open(Path::new(&root)).unwrap();
    let lock = repository.lock().unwrap();
    io::stderr().write_all(b".").unwrap();
    repository.recover(&lock).unwrap();
    // Each process begins elsewhere in the circle.
    for turn in process::id().. {
        if repository.undo(&lock, None).is_err() && (turn % 4 < 2 || repository.redo(&lock).is_err()) {
            repository.apply(&lock, "all", &scene::writes()).unwrap();
        }
        if turn % 5 == 0 {
            repository.prune(&lock, 3).unwrap();
        }
    }
}

/// In the middle of what the processes were killed.
#[derive(Debug, Default)]
struct Tally {
    applies: u64,
    undos: u64,
    redos: u64,
    recoveries: u64,
    /// Before, between, or while the journal was pruned.
    others: u64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.applies += other.applies;
        self.undos += other.undos;
        self.redos += other.redos;
        self.recoveries += other.recoveries;
        self.others += other.others;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { applies, undos, redos, recoveries, others } = self;
        let kills = applies + undos + redos + recoveries + others;
        write!(
            f,
            "{kills} processes killed: {applies} while applying, {undos} while undoing, {redos} while redoing, \
             {recoveries} while recovering, {others} at other times"
        )
    }
}

/// Starts a process in `place` and kills it `after` it has begun.
fn kill(place: &Place, after: Duration) {
    let mut victim = Command::new(env::current_exe().unwrap())
        .args(["--exact", "tests::kill::victim", "--ignored", "--quiet", "--nocapture"])
        .env(ROOT, place.root())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut messages = victim.stderr.take().unwrap();
    messages.read_exact(&mut [0]).unwrap();
    sleep(after);
    victim.kill().unwrap();
    let status = victim.wait().unwrap();
    let mut text = String::new();
    messages.read_to_string(&mut text).unwrap();
    assert_eq!(status.signal(), Some(SIGKILL), "it ended by itself: {text}");
}

/// Kills one process for each of `kills`, ten in one tree. Every other one that
/// was in the middle of something is recovered by the process after it, which
/// is killed meanwhile.
fn torture(kills: Range<u64>) -> Tally {
    let mut place = scene::place();
    let (before, after) = (place.snapshot(), scene::after());
    let mut tally = Tally::default();
    let mut pending = None;
    for kill_number in kills {
        if kill_number % 10 == 0 {
            place = scene::place();
            pending = None;
        }
        // Steps without a pattern, from before the work begins to some way into
        // it; recovery does not take as long.
        let most = if pending.is_some() { 1_500 } else { 20_000 };
        kill(&place, Duration::from_micros(kill_number * 7_919 % most));
        let repository = place.repository();
        let stopped = repository.unfinished().unwrap();
        let count = match stopped.as_ref().map(|operation| operation.kind) {
            Some(_) if pending == stopped => &mut tally.recoveries,
            Some(OperationKind::Apply) => &mut tally.applies,
            Some(OperationKind::Undo { .. }) => &mut tally.undos,
            Some(OperationKind::Redo { .. }) => &mut tally.redos,
            None => &mut tally.others,
        };
        *count += 1;
        pending = stopped.filter(|_| kill_number % 2 == 0 && kill_number % 10 < 8);
        if pending.is_some() {
            continue;
        }
        let lock = repository.lock().unwrap();
        repository.recover(&lock).unwrap();
        place.assert_clean();
        let now = place.snapshot();
        assert!(now == before || now == after, "kill {kill_number}: {now:#?}");
    }
    tally
}

/// [`torture`] in several trees at the same time.
fn torture_all(kills: u64) -> Tally {
    let lane = kills.div_ceil(LANES);
    scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|at| scope.spawn(move || torture(at * lane..kills.min((at + 1) * lane))))
            .collect();
        let mut tally = Tally::default();
        lanes.into_iter().for_each(|lane| tally.add(&lane.join().unwrap()));
        tally
    })
}

#[test]
fn a_hundred_killed_processes_leave_before_or_after() {
    println!("{}", torture_all(100));
}

#[test]
#[ignore = "takes a minute: `just torture`"]
fn a_thousand_killed_processes_leave_before_or_after() {
    let kills = env::var(KILLS).map_or(1_000, |text| text.parse().unwrap());
    println!("{}", torture_all(kills));
}
