//! What one command prints about the tree: for a figure that only another tool
//! knows.
//!
//! It runs in the tree itself and not in a copy: what such tools look at, built
//! code and reports, is mostly ignored by git. Whether it may run at all is
//! decided elsewhere, and so is what its output means.

use std::path::Path;
use std::time::Duration;

use repot_change::RelPath;

use crate::command::{Ending, Order, run};
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::reader::Reader;
use crate::steady::Spellings;

/// How many bytes of what it prints are kept.
const KEPT: usize = 16 << 20;

/// A question that a command answers.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The command line, as a shell reads it.
    pub command: &'a str,
    /// How long it may take.
    pub limit: Duration,
    /// Whether what it complains of belongs to the answer.
    pub with_complaints: bool,
    /// The exit statuses with which the answer counts.
    pub statuses: &'a [i32],
}

/// What the command of `question` prints when it is run in the folder `root`.
///
/// # Errors
///
/// Why there is no answer, as a clause: it does not end, cannot be started, or
/// ends with another status.
pub fn answer(question: &Question<'_>, root: &Path, interrupt: &Interrupt) -> Result<String, String> {
    let _listening = interrupt.listen();
    let order = Order {
        line: question.command,
        folder: root.to_owned(),
        variables: Vec::new(),
        limit: Some(question.limit),
        with_complaints: question.with_complaints,
    };
    // Nothing is a copy of anything here, so that no path is spelled otherwise.
    let nowhere = || Spellings::of(&root.join(".repot/no-copy"));
    let output = Output::new(nowhere(), nowhere(), Reader::new(RelPath::root())).keeping(KEPT);
    let command = question.command;
    let ran = run(&order, output, interrupt, &mut |_, _| {})
        .map_err(|error| format!("`{command}` cannot be started: {error}"))?;
    match (ran.ending, ran.run.status) {
        (Ending::TimedOut(limit), _) => Err(format!("`{command}` did not end within {limit:?}")),
        (Ending::Interrupted, _) => Err(format!("`{command}` was interrupted")),
        (Ending::Own, None) => Err(format!("`{command}` was killed")),
        (Ending::Own, Some(status)) if !question.statuses.contains(&status) => {
            Err(format!("`{command}` ended with status {status}"))
        }
        (Ending::Own, Some(_)) => Ok(ran.printed.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(command: &str, with_complaints: bool, statuses: &[i32]) -> Result<String, String> {
        let tree = tempfile::tempdir().unwrap();
        let interrupt = Interrupt::of_process().unwrap();
        let limit = Duration::from_millis(if command.starts_with("sleep") { 50 } else { 60_000 });
        answer(&Question { command, limit, with_complaints, statuses }, tree.path(), &interrupt)
    }

    #[test]
    fn a_command_answers_or_there_is_a_reason() {
        assert_eq!(asked("echo 3; echo 4 >&2", false, &[0]), Ok("3\n".to_owned()));
        assert_eq!(asked("echo 4 >&2; exit 1", true, &[0, 1]), Ok("4\n".to_owned()));
        let refused = |command: &str| asked(command, false, &[0]).unwrap_err();
        assert_eq!(refused("echo 3; exit 2"), "`echo 3; exit 2` ended with status 2");
        assert_eq!(refused("sleep 60"), "`sleep 60` did not end within 50ms");
        assert_eq!(refused("kill -9 $$"), "`kill -9 $$` was killed");
        assert!(refused("no-such-command").ends_with("ended with status 127"));
    }

    #[test]
    fn a_long_answer_is_whole() {
        let long = asked("seq 1 200000", false, &[0]).unwrap();
        assert!(long.starts_with("1\n2\n") && long.ends_with("\n200000\n"), "{}", long.len());
    }
}
