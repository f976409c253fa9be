//! One command: its processes, its time, and its end.
//!
//! It runs in a process group of its own, and the group never outlives it: not
//! when it ends by itself and leaves something running, not when its time is
//! up, not when a signal comes.

use std::io::{self, PipeReader, Read as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use repot_change::Run;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::interrupt::Interrupt;
use crate::output::{Output, Printed};

/// How often it is looked whether the command has ended.
const LOOK: Duration = Duration::from_millis(20);

/// How long processes have to end once they were asked to.
const GRACE: Duration = Duration::from_secs(2);

/// How long output is waited for that a process holds back which left the group.
const REST: Duration = Duration::from_secs(2);

/// How long output is read that such a process goes on to write.
const LEFT: Duration = Duration::from_secs(10);

/// The size of a part of the output.
const PART: usize = 64 << 10;

/// Variables by which git would look somewhere else than in the copy; a hook
/// sets them.
const GIT: &[&str] = &[
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
];

/// A command line and the surroundings in which it runs.
#[derive(Debug)]
pub(crate) struct Order<'a> {
    /// The command line, as a shell reads it.
    pub(crate) line: &'a str,
    /// The folder in which it runs.
    pub(crate) folder: PathBuf,
    /// Variables that are set for it.
    pub(crate) variables: Vec<(&'static str, PathBuf)>,
    /// How long it may take.
    pub(crate) limit: Option<Duration>,
    /// Whether what it writes to its error output is read as well.
    pub(crate) with_complaints: bool,
}

/// How a command came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By itself, or by a signal that is none of ours.
    Own,
    /// Its time was up.
    TimedOut(Duration),
    /// The trial was interrupted.
    Interrupted,
}

/// A command that has run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) run: Run,
    pub(crate) printed: Printed,
    pub(crate) ending: Ending,
}

impl Ran {
    /// Whether the command says that all is well.
    pub(crate) fn succeeded(&self) -> bool {
        self.ending == Ending::Own && self.run.status == Some(0)
    }
}

/// The command of `order` that a shell is to run, without an input.
fn shell(order: &Order<'_>) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(order.line).current_dir(&order.folder).stdin(Stdio::null());
    for name in GIT.iter().chain(&["OLDPWD"]) {
        command.env_remove(name);
    }
    command.env("PWD", &order.folder).envs(order.variables.iter().cloned());
    command.process_group(0);
    command
}

/// Runs `order` to its end. `waits` is told from time to time how long it has
/// taken so far, and the last line.
pub(crate) fn run(
    order: &Order<'_>,
    mut output: Output,
    interrupt: &Interrupt,
    waits: &mut dyn FnMut(Duration, &str),
) -> io::Result<Ran> {
    let (reader, writer) = io::pipe()?;
    let mut command = shell(order);
    let complaints = if order.with_complaints { writer.try_clone()?.into() } else { Stdio::null() };
    command.stdout(writer).stderr(complaints);
    let began = Instant::now();
    let child = command.spawn()?;
    // It holds the ends of the pipe that only the child shall hold.
    drop(command);
    let group = Group(child);
    let parts = read_parts(reader);
    let ending = loop {
        take(&parts, &mut output, LOOK);
        let elapsed = began.elapsed();
        if group.has_ended()? {
            break Ending::Own;
        }
        if interrupt.is_raised() {
            break Ending::Interrupted;
        }
        if let Some(limit) = order.limit.filter(|limit| elapsed >= *limit) {
            break Ending::TimedOut(limit);
        }
        waits(elapsed, output.last_line());
    };
    let elapsed = began.elapsed();
    let status = group.end(|| {
        take(&parts, &mut output, LOOK);
    })?;
    // What was printed is read, however long that takes; what is printed for
    // ever is not.
    let until = Instant::now() + LEFT;
    while Instant::now() < until && take(&parts, &mut output, REST) {}
    let printed = output.finish();
    let status = status.code().filter(|_| ending == Ending::Own && status.signal().is_none());
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let run = Run { status, milliseconds, output: printed.text.clone() };
    Ok(Ran { run, printed, ending })
}

/// The parts of the output, read by a thread of their own; few at a time, so
/// that a command that prints faster than it is read has to wait.
fn read_parts(mut reader: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, receiver) = sync_channel(8);
    thread::spawn(move || {
        let mut buffer = vec![0; PART];
        loop {
            match reader.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) => return,
                Ok(count) if sender.send(buffer[..count].to_vec()).is_err() => return,
                Ok(_) => {}
            }
        }
    });
    receiver
}

/// Takes the next part of the output, if one comes while `patience` lasts, and
/// says so.
fn take(parts: &Receiver<Vec<u8>>, output: &mut Output, patience: Duration) -> bool {
    match parts.recv_timeout(patience) {
        Ok(part) => {
            output.push(&part);
            return true;
        }
        Err(RecvTimeoutError::Timeout) => {}
        // A command may go on for long after it closed its output.
        Err(RecvTimeoutError::Disconnected) => thread::sleep(LOOK / 10),
    }
    false
}

/// A command and all processes that it started.
struct Group(Child);

impl Group {
    fn id(&self) -> Option<Pid> {
        i32::try_from(self.0.id()).ok().and_then(Pid::from_raw)
    }

    /// Whether the command has ended. It stays a zombie, so that the number of
    /// its group cannot become another's.
    fn has_ended(&self) -> io::Result<bool> {
        let Some(id) = self.id() else { return Ok(true) };
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        Ok(waitid(WaitId::Pid(id), options)?.is_some())
    }

    fn signal(&self, signal: Signal) {
        // The only failure is that nobody is left.
        let _ = self.id().map(|id| kill_process_group(id, signal));
    }

    /// Ends what still runs: asked first, then not asked any more.
    fn end(mut self, mut meanwhile: impl FnMut()) -> io::Result<ExitStatus> {
        let until = Instant::now() + GRACE;
        if !self.has_ended()? {
            self.signal(Signal::TERM);
        }
        while !self.has_ended()? && Instant::now() < until {
            meanwhile();
        }
        self.signal(Signal::KILL);
        self.0.wait()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Where the way here was an error, nobody has ended it yet.
        if matches!(self.0.try_wait(), Ok(None)) {
            self.signal(Signal::KILL);
            drop(self.0.wait());
        }
    }
}
