//! The commits: made before the tree is written, and shown after it.
//!
//! A commit that no reference names is invisible, so all of them are made, with
//! every filter and signature that may fail, while the tree is still as it was.
//! Once the tree is written, a reference is moved and the index is told of the
//! files that the plan wrote, and of no others.

use std::collections::BTreeSet;
use std::path::Path;

use repot_apply::write_new;
use repot_change::{Content, FileDelta, RelPath, Write, writes};

use crate::run::Aside;
use crate::state::reference;
use crate::{Git, GitError};

/// One step of a plan, to be committed.
#[derive(Debug, Clone)]
pub struct Step {
    /// The message of the commit.
    pub message: String,
    /// What the step does: each file before and after, all at the same time.
    pub deltas: Vec<FileDelta>,
}

/// Commits that are made and that nothing shows yet.
#[derive(Debug)]
#[must_use = "the commits are invisible until they are published"]
pub struct Commits<'a> {
    git: &'a Git,
    /// What was checked out when they were made.
    parent: String,
    /// The new branch, if there is to be one.
    branch: Option<String>,
    /// The commits, in order.
    ids: Vec<String>,
    paths: BTreeSet<RelPath>,
}

impl Git {
    /// Makes a commit of each of `steps`, the first on what is checked out, to
    /// be published on it or on the new branch `branch`. Steps that change
    /// nothing are left out. A file that moves and changes so much that git
    /// would not see where it came from moves in a commit of its own first.
    ///
    /// # Errors
    ///
    /// [`GitError`]; nothing was changed then that anybody could see.
    pub fn prepare(
        &self,
        steps: &[Step],
        branch: Option<&str>,
        allow_dirty: bool,
    ) -> Result<Commits<'_>, GitError> {
        let sides = steps.iter().flat_map(|step| &step.deltas).flat_map(|d| d.old.iter().chain(&d.new));
        let paths: BTreeSet<RelPath> = sides.map(|(path, _)| path.clone()).collect();
        let parent = self.check(&paths, allow_dirty)?;
        branch.map(|name| self.check_branch(name)).transpose()?;
        let folder = tempfile::tempdir().map_err(|error| failed("commit", &error))?;
        let index = folder.path().join("index");
        let made =
            Making { git: self, folder: folder.path(), index: &index, head: parent.clone(), ids: Vec::new() };
        let ids = made.all(steps)?;
        Ok(Commits { git: self, parent, branch: branch.map(str::to_owned), ids, paths })
    }
}

impl Commits<'_> {
    /// Shows the commits, once the tree is as they say: moves the reference, and
    /// tells the index of the files. Gives the commits, in order.
    ///
    /// # Errors
    ///
    /// [`GitError::Failed`], with the tree as it is and the reference moved or not.
    pub fn publish(self) -> Result<Vec<String>, GitError> {
        let Some(last) = self.ids.last() else { return Ok(self.ids) };
        let (git, log) = (self.git, "repot: apply");
        match &self.branch {
            None => git.text(&["update-ref", "-m", log, "HEAD", last, &self.parent])?,
            Some(name) => {
                git.text(&["update-ref", "-m", log, &reference(name), last, ""])?;
                git.text(&["symbolic-ref", "-m", log, "HEAD", &reference(name)])?
            }
        };
        let names = self.paths.iter().flat_map(|path| [path.as_str().as_bytes(), b"\0"]).flatten().copied();
        let names: Vec<u8> = names.collect();
        git.run(&["update-index", "--add", "--remove", "-z", "--stdin"], None, &names)?;
        Ok(self.ids)
    }
}

/// Commits under way.
struct Making<'a> {
    git: &'a Git,
    /// A folder of our own: work trees of single steps, and the index.
    folder: &'a Path,
    index: &'a Path,
    /// The commit that the next one follows.
    head: String,
    ids: Vec<String>,
}

impl Making<'_> {
    fn all(mut self, steps: &[Step]) -> Result<Vec<String>, GitError> {
        let head = self.head.clone();
        self.git.run(&["read-tree", &head], Some(self.aside(self.folder)), &[])?;
        for step in steps {
            self.step(step)?;
        }
        Ok(self.ids)
    }

    fn aside<'p>(&'p self, work_tree: &'p Path) -> Aside<'p> {
        Aside { index: self.index, work_tree }
    }

    fn step(&mut self, step: &Step) -> Result<(), GitError> {
        if step.deltas.iter().all(|delta| delta.old == delta.new) {
            return Ok(());
        }
        let before = self.head.clone();
        let tree = self.tree(&writes(&step.deltas))?;
        if self.loses_a_move(&before, &tree, &step.deltas)? {
            self.git.run(&["read-tree", &before], Some(self.aside(self.folder)), &[])?;
            let moves = self.tree(&writes(&moves_alone(&step.deltas)))?;
            self.commit(&moves, &moves_message(&step.message))?;
            self.git.run(&["read-tree", &tree], Some(self.aside(self.folder)), &[])?;
        }
        self.commit(&tree, &step.message)
    }

    /// The tree that `writes` make of the index. The files are laid out in a
    /// folder of their own, so that git filters them as it does a work tree.
    fn tree(&self, writes: &[Write]) -> Result<String, GitError> {
        let folder = tempfile::tempdir_in(self.folder).map_err(|error| failed("add", &error))?;
        let file = |write: &Write| Some((write.path.clone(), write.content.clone()?));
        let files: Vec<(RelPath, Content)> = writes.iter().filter_map(file).collect();
        let top = folder.path().join(&self.git.prefix);
        write_new(&top, files)?;
        let name =
            |write: &Write| [self.git.prefix.as_bytes(), write.path.as_str().as_bytes(), b"\0"].concat();
        // What goes comes first, so that a file may take a folder's place.
        let (kept, gone): (Vec<_>, Vec<_>) = writes.iter().partition(|write| write.content.is_some());
        let names: Vec<u8> = gone.into_iter().chain(kept).flat_map(name).collect();
        let add = ["update-index", "--add", "--remove", "-z", "--stdin"];
        let top_of_tree = Git { root: folder.path().to_owned(), prefix: String::new() };
        let git_dir = self.git.text(&["rev-parse", "--absolute-git-dir"])?;
        let add: Vec<&str> = ["--git-dir", &git_dir].into_iter().chain(add).collect();
        top_of_tree.run(&add, Some(self.aside(folder.path())), &names)?;
        let tree = self.git.run(&["write-tree"], Some(self.aside(folder.path())), &[])?;
        Ok(String::from_utf8_lossy(&tree).trim().to_owned())
    }

    /// Whether git would take a moved file for one that goes and one that comes.
    fn loses_a_move(&self, before: &str, tree: &str, deltas: &[FileDelta]) -> Result<bool, GitError> {
        let mut moves: BTreeSet<_> = deltas.iter().filter_map(FileDelta::moved).collect();
        // An empty file has no content by which it could be followed.
        moves.retain(|(to, _)| {
            let content = deltas.iter().find_map(|delta| delta.new.as_ref().filter(|(path, _)| path == *to));
            content.is_some_and(|(_, content)| !content.bytes.is_empty())
        });
        if moves.is_empty() {
            return Ok(false);
        }
        let arguments = ["diff-tree", "-r", "-z", "-M", "--name-status", "--diff-filter=R", before, tree];
        let output = self.git.run(&arguments, None, &[])?;
        let fields: Vec<&[u8]> = output.split(|byte| *byte == 0).collect();
        let name = |path: &RelPath| [self.git.prefix.as_bytes(), path.as_str().as_bytes()].concat();
        let seen: BTreeSet<_> =
            fields.chunks_exact(3).map(|row| (row[2].to_vec(), row[1].to_vec())).collect();
        Ok(moves.iter().any(|(to, from)| !seen.contains(&(name(to), name(from)))))
    }

    fn commit(&mut self, tree: &str, message: &str) -> Result<(), GitError> {
        let sign = self.git.find(&["config", "--type=bool", "commit.gpgSign"])?;
        let mut arguments = vec!["commit-tree", tree, "-p", &self.head, "-F", "-"];
        arguments.extend((sign.as_deref() == Some("true")).then_some("-S"));
        let id = self.git.run(&arguments, None, message.as_bytes())?;
        self.head = String::from_utf8_lossy(&id).trim().to_owned();
        self.ids.push(self.head.clone());
        Ok(())
    }
}

/// The moves of `deltas`, with the bytes before; what else stands where a file
/// goes to is not touched.
fn moves_alone(deltas: &[FileDelta]) -> Vec<FileDelta> {
    let moved = deltas.iter().filter_map(|delta| {
        let (to, _) = delta.moved()?;
        let (from, content) = delta.old.clone()?;
        Some(FileDelta { old: Some((from, content.clone())), new: Some((to.clone(), content)) })
    });
    moved.collect()
}

/// The message of a commit that holds only the moves of another one.
fn moves_message(message: &str) -> String {
    let subject = message.lines().next().unwrap_or_default();
    format!(
        "{subject}: the moves alone\n\nSo that git follows each file; what changes in them is the next commit.\n"
    )
}

fn failed(command: &str, error: &std::io::Error) -> GitError {
    GitError::Failed { command: command.to_owned(), message: error.to_string() }
}
