//! Signals in the middle of a trial, sent to a real process.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::laws::runs;
use super::scene::{Scene, plan, proof};
use crate::{Interrupt, TrialError};

const BESIDE: &str = "REPOT_TRIAL_VICTIM";

/// Tries a plan with a command that does not end, and says how that ended.
#[test]
#[ignore = "the process that gets the signal, not a test"]
fn victim() {
    let Some(beside) = env::var_os(BESIDE).map(PathBuf::from) else { return };
    let scene = Scene::new();
    let before = scene.listing();
    let command = format!("echo $$ > '{0}/id.new'; mv '{0}/id.new' '{0}/id'; sleep 1000", beside.display());
    let interrupt = Interrupt::of_process().unwrap();
    let outcome = scene.try_with(&mut plan(), &proof(&command), &interrupt);
    assert!(matches!(outcome, Err(TrialError::Interrupted)), "{outcome:?}");
    assert_eq!(scene.listing(), before);
    fs::write(beside.join("told"), "").unwrap();
    // From here on a signal does what it always did.
    sleep(Duration::from_secs(1000));
}

/// A victim, which goes with the test even when that fails.
struct Victim(Child);

impl Drop for Victim {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Waits for `file`, though not for ever.
fn wait_for(file: &Path) {
    let appeared = (0..12_000).any(|_| {
        sleep(Duration::from_millis(5));
        file.exists()
    });
    assert!(appeared, "{} never came", file.display());
}

/// What is left of a trial that got `signal`, and how its process ended when it
/// got another one afterwards.
fn interrupted_by(signal: Signal) -> (Vec<String>, ExitStatus) {
    let beside = tempfile::tempdir().unwrap();
    let temporary = beside.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    let victim = Command::new(env::current_exe().unwrap())
        .args(["--exact", "tests::signals::victim", "--ignored", "--quiet"])
        .env(BESIDE, beside.path())
        .env("TMPDIR", &temporary)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut victim = Victim(victim);
    let id = Pid::from_raw(i32::try_from(victim.0.id()).unwrap()).unwrap();
    wait_for(&beside.path().join("id"));
    kill_process(id, signal).unwrap();
    wait_for(&beside.path().join("told"));
    assert!(!runs(&beside.path().join("id")));
    let left = fs::read_dir(&temporary).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left = left.filter(|name| name.starts_with("repot-trial-")).collect();
    kill_process(id, signal).unwrap();
    (left, victim.0.wait().unwrap())
}

#[test]
fn a_signal_ends_the_command_and_removes_the_copy() {
    use std::os::unix::process::ExitStatusExt as _;
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let (left, status) = interrupted_by(signal);
        assert_eq!(left, [""; 0], "{signal:?}");
        assert_eq!(status.signal(), Some(signal.as_raw()), "{signal:?}");
    }
}

#[test]
fn an_interrupt_before_the_first_run_copies_nothing() {
    let scene = Scene::new();
    let interrupt = Interrupt::default();
    interrupt.raise();
    let ran = scene.beside("ran");
    let outcome = scene.try_with(&mut plan(), &proof(&format!("touch '{}'", ran.display())), &interrupt);
    assert!(matches!(outcome, Err(TrialError::Interrupted)), "{outcome:?}");
    assert!(!ran.exists());
}
