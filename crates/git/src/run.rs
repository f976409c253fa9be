//! One git command: its input, its output, its failure.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{Git, GitError};

/// What a git that runs another program, such as a hook, tells it; a command
/// that is started below one must not mistake it for its own.
const INHERITED: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/// Another index and work tree than those of the repository.
#[derive(Debug, Clone, Copy)]
pub struct Aside<'a> {
    pub index: &'a Path,
    pub work_tree: &'a Path,
}

impl Git {
    /// What `git ARGUMENTS` prints, without its last line end.
    pub(crate) fn text(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.run(arguments, None, &[])?;
        Ok(String::from_utf8_lossy(&output).trim_end_matches('\n').to_owned())
    }

    /// As [`Self::text`]; `None` where git fails without a word, as its
    /// questions do whose answer is no.
    pub(crate) fn find(&self, arguments: &[&str]) -> Result<Option<String>, GitError> {
        match self.text(arguments) {
            Ok(text) => Ok(Some(text)),
            Err(GitError::Failed { message, .. }) if message.is_empty() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Runs `git ARGUMENTS` with `input`, on the repository's own index and work
    /// tree or on others.
    pub(crate) fn run(
        &self,
        arguments: &[&str],
        aside: Option<Aside<'_>>,
        input: &[u8],
    ) -> Result<Vec<u8>, GitError> {
        let mut command = self.command(arguments);
        if let Some(Aside { index, work_tree }) = aside {
            command.env("GIT_INDEX_FILE", index).env("GIT_WORK_TREE", work_tree);
        }
        command.stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| not_started(arguments, &error))?;
        let feed = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // Git may print before it has read everything.
            scope.spawn(move || feed.map(|mut feed| feed.write_all(input)));
            child.wait_with_output()
        });
        let output = output.map_err(|error| failed(arguments, error.to_string()))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(failed(arguments, String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }

    /// Starts `git ARGUMENTS`, which is asked and answers; what it says beside
    /// that goes nowhere.
    pub(crate) fn start(&self, arguments: &[&str]) -> Result<Child, GitError> {
        let mut command = self.command(arguments);
        // What a partial clone left with its server stays there.
        command.env("GIT_NO_LAZY_FETCH", "1");
        command.stderr(Stdio::null()).spawn().map_err(|error| not_started(arguments, &error))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in INHERITED {
            command.env_remove(name);
        }
        command.arg("-C").arg(&self.root).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        command
    }
}

fn failed(arguments: &[&str], message: String) -> GitError {
    let command = arguments.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    GitError::Failed { command, message }
}

fn not_started(arguments: &[&str], error: &io::Error) -> GitError {
    match error.kind() {
        io::ErrorKind::NotFound => GitError::Missing,
        _ => failed(arguments, error.to_string()),
    }
}
