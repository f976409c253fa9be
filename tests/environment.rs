//! A closed environment: a tree of its own, no terminal, no settings from
//! outside, and paths that read the same on every machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repot_cli::{Environment, ExitStatus};
use tempfile::TempDir;

/// A tree in which commands are run.
pub struct Tree {
    folder: TempDir,
}

/// What came of one command.
pub struct Outcome {
    /// How it ended.
    pub status: ExitStatus,
    /// Its results.
    pub out: String,
    /// Its messages.
    pub err: String,
}

impl Outcome {
    /// Everything that a person sees, for a snapshot.
    pub fn transcript(&self) -> String {
        let part = |name: &str, text: &str| match text.is_empty() {
            true => String::new(),
            false => format!("── {name}\n{}\n", text.trim_end()),
        };
        format!("status {}\n{}{}", self.status.code(), part("stdout", &self.out), part("stderr", &self.err))
    }
}

impl Tree {
    /// An empty tree.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A tree with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let tree = Self::empty();
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// A copy of the demo monorepo, its bytes passed through `change`.
    pub fn demo_with(change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> Self {
        let tree = Self::empty();
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo");
        for (path, bytes) in files_below(&demo) {
            tree.write(&path, change(&path, bytes));
        }
        tree
    }

    /// A copy of the demo monorepo.
    pub fn demo() -> Self {
        Self::demo_with(|_, bytes| bytes)
    }

    /// The root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes one file.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of one file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// Every file of the tree but those of the journal.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = files_below(self.root());
        files.retain(|path, _| !path.starts_with(".repot/"));
        files
    }

    /// Runs a command at the root, as a script without a terminal would.
    pub fn run(&self, args: &[&str]) -> Outcome {
        self.run_answering(args, None)
    }

    /// Runs a command; with an answer there is a terminal on which it is given.
    pub fn run_answering(&self, args: &[&str], answer: Option<&str>) -> Outcome {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut input = answer.unwrap_or_default().as_bytes();
        let status = repot_cli::run(Environment {
            args: std::iter::once("repot").chain(args.iter().copied()).map(Into::into).collect(),
            current_dir: PathBuf::from(self.root()),
            no_color: false,
            force_color: false,
            asks: answer.is_some(),
            out_is_terminal: false,
            err_is_terminal: false,
            input: &mut input,
            out: &mut out,
            err: &mut err,
        });
        Outcome { status, out: self.readable(&out), err: self.readable(&err) }
    }

    /// Text with the root spelled the same on every machine.
    fn readable(&self, text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text);
        let real = self.root().canonicalize().unwrap();
        let text = text.replace(&real.display().to_string(), "[ROOT]");
        text.replace(&self.root().display().to_string(), "[ROOT]")
    }
}

fn files_below(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if path.file_name().is_some_and(|name| name != "__pycache__") {
                    folders.push(path);
                }
            } else {
                let below = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(below, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Runs git in the folder `root`, and says what it printed.
pub fn git(root: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"];
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(identity)
        .args(arguments)
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// Makes a repository of `tree` with one commit.
pub fn commit_all(tree: &Tree) {
    git(tree.root(), &["init", "-q", "-b", "main"]);
    git(tree.root(), &["config", "user.name", "T"]);
    git(tree.root(), &["config", "user.email", "t@example.org"]);
    git(tree.root(), &["add", "-A"]);
    git(tree.root(), &["commit", "-qm", "first"]);
}
