//! What git keeps of commits: their trees and the files in them, read from its
//! objects without a checkout.
//!
//! One git answers question after question, and a folder that two commits have
//! in common is read once. What is not here (a partial clone leaves objects
//! with its server) is missing: nothing is ever fetched.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout};
use std::sync::{Arc, Mutex, PoisonError};

use repot_change::RelPath;

use crate::{Git, GitError};

/// The name of an object, in hexadecimal digits.
pub type ObjectId = Arc<str>;

/// A file or a symbolic link of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeEntry {
    /// Where it lies, from the root that git was opened at.
    pub path: RelPath,
    /// Its bytes.
    pub blob: ObjectId,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a tree is; submodules are none, as they belong to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// A file.
    File,
    /// A file that its owner may execute.
    Executable,
    /// A symbolic link.
    Link,
}

/// The files of a commit below the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitTree {
    /// The name of the tree: equal trees have equal names.
    pub id: ObjectId,
    /// Every file and link, in the order of git.
    pub entries: Vec<TreeEntry>,
}

/// One line of a tree object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    name: String,
    id: ObjectId,
    /// `None` for a folder.
    kind: Option<EntryKind>,
}

/// The objects of a repository.
#[derive(Debug)]
pub struct Objects {
    prefix: String,
    pipe: Mutex<Pipe>,
    folders: Mutex<HashMap<ObjectId, Arc<[Line]>>>,
}

/// A git that answers as long as it is asked.
#[derive(Debug)]
struct Pipe {
    child: Child,
    /// `None` once nothing more is asked.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// What git says of one object: its name, its kind, its bytes.
type Answer = (ObjectId, String, Vec<u8>);

impl Git {
    /// The objects of this repository.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git cannot be run.
    pub fn objects(&self) -> Result<Objects, GitError> {
        let mut child = self.start(&["cat-file", "--batch"])?;
        let questions = child.stdin.take();
        let Some(answers) = child.stdout.take().map(BufReader::new) else { return Err(broken("no pipe")) };
        let pipe = Mutex::new(Pipe { child, questions, answers });
        Ok(Objects { prefix: self.prefix.clone(), pipe, folders: Mutex::default() })
    }
}

impl Objects {
    /// The files of `commit` below the root; `None` where the root was no folder
    /// then, or a part of the tree is not here.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git stops answering.
    pub fn tree(&self, commit: &str) -> Result<Option<CommitTree>, GitError> {
        let question = format!("{commit}:{}", self.prefix.trim_end_matches('/'));
        let Some((id, kind, _)) = self.ask(&question)? else { return Ok(None) };
        let mut entries = Vec::new();
        let whole = kind == "tree" && self.walk(&id, &RelPath::root(), &mut entries)?;
        Ok(whole.then_some(CommitTree { id, entries }))
    }

    /// The bytes of a file; `None` when they are not here.
    ///
    /// # Errors
    ///
    /// [`GitError`] when git stops answering.
    pub fn blob(&self, id: &str) -> Result<Option<Vec<u8>>, GitError> {
        Ok(self.ask(id)?.filter(|(_, kind, _)| kind == "blob").map(|(_, _, bytes)| bytes))
    }

    /// Adds what lies below `folder`; `false` when a part of it is missing.
    fn walk(&self, id: &ObjectId, folder: &RelPath, entries: &mut Vec<TreeEntry>) -> Result<bool, GitError> {
        let Some(lines) = self.folder(id)? else { return Ok(false) };
        for line in lines.iter() {
            let Ok(path) = folder.join(&line.name) else { continue };
            match line.kind {
                Some(kind) => entries.push(TreeEntry { path, blob: Arc::clone(&line.id), kind }),
                None if !self.walk(&line.id, &path, entries)? => return Ok(false),
                None => {}
            }
        }
        Ok(true)
    }

    fn folder(&self, id: &ObjectId) -> Result<Option<Arc<[Line]>>, GitError> {
        if let Some(lines) = self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Some(Arc::clone(lines)));
        }
        let Some((_, _, bytes)) = self.ask(id)?.filter(|(_, kind, _)| kind == "tree") else {
            return Ok(None);
        };
        let lines: Arc<[Line]> = lines(&bytes, id.len() / 2).into();
        self.folders
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(Arc::clone(id), Arc::clone(&lines));
        Ok(Some(lines))
    }

    /// What git says to `question`; `None` when there is no such object.
    fn ask(&self, question: &str) -> Result<Option<Answer>, GitError> {
        if question.contains('\n') {
            return Ok(None);
        }
        let mut pipe = self.pipe.lock().unwrap_or_else(PoisonError::into_inner);
        pipe.ask(question).map_err(|error| broken(&error.to_string()))
    }
}

impl Pipe {
    fn ask(&mut self, question: &str) -> std::io::Result<Option<Answer>> {
        if let Some(questions) = &mut self.questions {
            questions.write_all(format!("{question}\n").as_bytes())?;
            questions.flush()?;
        }
        let mut head = String::new();
        if self.answers.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let mut words = head.trim_end().rsplit(' ');
        let (size, kind, id) = (words.next(), words.next(), words.next());
        // Whatever else there is to say of an object, such as `missing`, ends in
        // no number.
        let (Some(Ok(size)), Some(kind), Some(id)) = (size.map(str::parse::<u64>), kind, id) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        (&mut self.answers).take(size + 1).read_to_end(&mut bytes)?;
        match bytes.pop() {
            Some(b'\n') if bytes.len() as u64 == size => Ok(Some((id.into(), kind.to_owned(), bytes))),
            _ => Err(std::io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // Git ends when nothing more can be asked.
        self.questions = None;
        let _ = self.child.wait();
    }
}

/// The lines of a tree object, whose names of objects have `width` bytes; those
/// of submodules, of Repot's own folder, and of names that are no UTF-8 are
/// left out, as they are when a folder is read.
fn lines(mut bytes: &[u8], width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        let (head, rest) = bytes.split_at(end);
        let Some((id, rest)) = rest.get(1..).and_then(|rest| rest.split_at_checked(width)) else { break };
        bytes = rest;
        lines.extend(line(head, id));
    }
    lines
}

fn line(head: &[u8], id: &[u8]) -> Option<Line> {
    let (mode, name) = std::str::from_utf8(head).ok()?.split_once(' ')?;
    let kind = match mode {
        "40000" | "040000" => None,
        "120000" => Some(EntryKind::Link),
        "160000" => return None,
        "100755" => Some(EntryKind::Executable),
        _ => Some(EntryKind::File),
    };
    let is_ours = [".git", ".repot"].iter().any(|own| name.eq_ignore_ascii_case(own));
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    (!is_ours).then(|| Line { name: name.to_owned(), id: id.into(), kind })
}

fn broken(message: &str) -> GitError {
    GitError::Failed { command: "cat-file --batch".to_owned(), message: message.to_owned() }
}
