//! The contract: what a codemod is given and what it gives back.
//!
//! A codemod is a pure function from a workspace to a change set and its
//! evidence. It cannot write: nothing it is given, and nothing that its crate
//! may depend on, reaches a disk.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{ChangeSet, Class, Evidence, Note, PlannedStep, RelPath, TreeError};
use repot_roadmap::{CodemodSchema, Decide, SettingError, Settings, Template, Versions};
use repot_workspace::Workspace;
use thiserror::Error;

use crate::Past;

/// A rewrite that can be a step of a roadmap.
pub trait Codemod: Sync {
    /// Its name and settings, as a roadmap spells them.
    fn schema(&self) -> CodemodSchema<'static>;

    /// What it does, as one sentence for people.
    fn about(&self) -> &'static str;

    /// What it would change.
    ///
    /// # Errors
    ///
    /// [`CodemodError`] when it cannot say: a setting that makes no sense in
    /// this workspace, or changes that do not go together. What it will not
    /// change is no error but evidence.
    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError>;

    /// What there is to know once nothing is left for it to change: `step` is
    /// all that it did, over all its looks, and made `after` of `before`.
    fn conclude(&self, before: &Workspace, after: &Workspace, step: &PlannedStep) -> Conclusion {
        let _ = (before, after, step);
        Conclusion::default()
    }
}

/// What there is to know of a step as a whole.
#[derive(Debug, Clone, Default)]
pub struct Conclusion {
    /// What is offered, or left to a person, because of it. It changes nothing.
    pub evidence: Vec<Evidence>,
    /// The same for people, and what else there is to know.
    pub notes: Vec<Note>,
}

/// What a codemod is given.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The tree that the step before it left.
    pub workspace: &'a Workspace,
    /// The step's settings.
    pub settings: &'a Settings,
    /// What people have decided.
    pub decided: &'a [Decide],
    /// What every package must hold, where the roadmap says so.
    pub template: Option<&'a Template>,
    /// What every package asks of others' distributions, where the roadmap says
    /// so.
    pub versions: Option<&'a Versions>,
    /// Who remembers what the tree was, where somebody does.
    pub past: Option<&'a dyn Past>,
    /// Whether this is the first look at the tree. A step runs until nothing is
    /// left; notes of later looks are not listened to.
    pub is_first: bool,
}

/// What a codemod gives back.
///
/// The changes of every class are relative to the same tree, the one that the
/// codemod was given. Several classes may edit one file, in different places;
/// where one of them moves it, the others name it by the path that it leaves.
/// Where one file takes the place of another, both belong to one class.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    parts: BTreeMap<Class, ChangeSet>,
    /// Names that are taken away on purpose, by the file that binds them now: a
    /// symbol that moves and is called otherwise afterwards.
    pub retired: BTreeSet<(RelPath, String)>,
    /// Why, one by one.
    pub evidence: Vec<Evidence>,
    /// What else there is to know.
    pub notes: Vec<Note>,
}

impl Proposal {
    /// The changes of `class`, to be added to.
    pub fn changes_mut(&mut self, class: Class) -> &mut ChangeSet {
        self.parts.entry(class).or_default()
    }

    /// The changes of each class, in the order of the classes.
    pub fn parts(&self) -> impl Iterator<Item = (Class, &ChangeSet)> {
        self.parts.iter().map(|(class, changes)| (*class, changes))
    }

    /// The changes of all classes as one change set.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when two classes do not go together.
    pub fn changes(&self) -> Result<ChangeSet, TreeError> {
        let mut parts = self.parts.values();
        let mut all = parts.next().cloned().unwrap_or_default();
        parts.try_for_each(|part| all.merge(part))?;
        Ok(all)
    }
}

/// Why a codemod cannot say what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodemodError {
    /// A setting makes no sense in this workspace.
    #[error("setting `{}`: {}", .0.setting, .0.message)]
    Setting(#[from] SettingError),
    /// Its changes do not go together.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// The codemods that exist.
#[derive(Clone, Copy)]
pub struct Registry(&'static [&'static dyn Codemod]);

impl Registry {
    /// A registry of `codemods`.
    #[must_use]
    pub const fn new(codemods: &'static [&'static dyn Codemod]) -> Self {
        Self(codemods)
    }

    /// The codemods, in the order in which they are documented.
    pub fn iter(&self) -> impl Iterator<Item = &'static dyn Codemod> {
        self.0.iter().copied()
    }

    /// The codemod called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static dyn Codemod> {
        self.iter().find(|codemod| codemod.schema().name == name)
    }

    /// What a roadmap may say about them.
    #[must_use]
    pub fn schemas(&self) -> Vec<CodemodSchema<'static>> {
        self.iter().map(Codemod::schema).collect()
    }
}
