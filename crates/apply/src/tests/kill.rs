//! Real processes, really killed, at instants that nobody chose.
//!
//! The other laws stop at a call; this one stops inside of them as well. What
//! is checked holds at every instant, so the test does not depend on timing.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::scene;
use crate::Repository;

const ROOT: &str = "REPOT_APPLY_VICTIM";

/// Applies, undoes and redoes without end, in the folder that [`ROOT`] names.
#[test]
#[ignore = "the process that is killed, not a test"]
fn victim() {
    let Some(root) = env::var_os(ROOT) else { return };
    let repository = Repository::open(Path::new(&root)).unwrap();
    let lock = repository.lock().unwrap();
    if repository.log().unwrap().is_empty() {
        repository.apply(&lock, "all", &scene::writes()).unwrap();
    }
    loop {
        if repository.redo(&lock).is_err() {
            repository.undo(&lock, None).unwrap();
        }
    }
}

/// Kills `kills` processes, each ten in one tree, and returns how many of them
/// left something to recover.
fn torture(kills: u64) -> u64 {
    let (mut place, mut recovered) = (scene::place(), 0);
    let before = place.snapshot();
    for kill in 0..kills {
        if kill % 10 == 0 {
            place = scene::place();
        }
        let mut victim = Command::new(env::current_exe().unwrap())
            .args(["--exact", "tests::kill::victim", "--ignored", "--quiet"])
            .env(ROOT, place.root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // From before it begins to some way into it, in steps without a pattern.
        sleep(Duration::from_micros(kill * 7_919 % 60_000));
        victim.kill().unwrap();
        victim.wait().unwrap();
        let repository = place.repository();
        let lock = repository.lock().unwrap();
        recovered += u64::from(repository.recover(&lock).unwrap().is_some());
        place.assert_clean();
        let now = place.snapshot();
        assert!(now == before || now == scene::after(), "kill {kill}: {now:#?}");
    }
    recovered
}

#[test]
fn a_killed_process_leaves_before_or_after() {
    torture(25);
}

#[test]
#[ignore = "takes a minute or two"]
fn a_thousand_killed_processes_leave_before_or_after() {
    let recovered = torture(1_000);
    println!("{recovered} of 1000 were killed in the middle of an operation");
}
