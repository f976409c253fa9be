//! A small tree, plans for it, and what a command says of both.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use repot_change::{
    Class, Content, FileDelta, Plan, PlannedPart, PlannedPhase, PlannedStep, RelPath, Trial, Write,
};
use tempfile::TempDir;

use crate::{Interrupt, Proof, Tree, TrialError, Trying, Watch, prove};

pub(super) fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

/// A tree in a folder of its own, in which there is room beside it.
pub(super) struct Scene {
    home: TempDir,
}

/// A file of a tree: its bytes, or where it leads; and its mode.
pub(super) type Listing = BTreeMap<PathBuf, (Vec<u8>, u32)>;

impl Scene {
    pub(super) fn new() -> Self {
        let scene = Self { home: tempfile::tempdir().unwrap() };
        scene.write("src/a.py", "one\n");
        scene.write("src/b.py", "two\n");
        scene.write("run.sh", "#!/bin/sh\n");
        fs::set_permissions(scene.root().join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(scene.root().join("src/b.py"), fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("src/a.py", scene.root().join("link")).unwrap();
        std::os::unix::fs::symlink(scene.root().join("src"), scene.root().join("absolute")).unwrap();
        scene
    }

    pub(super) fn root(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap().join("tree")
    }

    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let place = self.root().join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    pub(super) fn tree(&self) -> Tree {
        Tree {
            root: self.root(),
            files: ["run.sh", "src/a.py", "src/b.py"].map(path).to_vec(),
            links: ["absolute", "link"].map(path).to_vec(),
            is_in_git: false,
        }
    }

    /// Everything in the tree, and what lies beside it.
    pub(super) fn listing(&self) -> Listing {
        listing(self.home.path())
    }

    /// Tries `plan` with `command`.
    pub(super) fn try_all(&self, plan: &mut Plan, command: &str) -> Result<(), TrialError> {
        self.try_with(plan, &proof(command), &Interrupt::default())
    }

    pub(super) fn try_with(
        &self,
        plan: &mut Plan,
        proof: &Proof,
        interrupt: &Interrupt,
    ) -> Result<(), TrialError> {
        prove(plan, &self.tree(), &|_| vec![proof.clone()], &mut Nobody, interrupt)
    }

    /// What `command` says of the plan of one phase.
    pub(super) fn trial(&self, command: &str) -> Trial {
        let mut plan = plan();
        self.try_all(&mut plan, command).unwrap();
        plan.phases[0].trials[0].clone()
    }
}

pub(super) fn listing(root: &Path) -> Listing {
    let mut found = Listing::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let place = entry.unwrap().path();
            let metadata = fs::symlink_metadata(&place).unwrap();
            let bytes = if metadata.is_dir() {
                folders.push(place.clone());
                Vec::new()
            } else if metadata.is_symlink() {
                fs::read_link(&place).unwrap().into_os_string().into_encoded_bytes()
            } else {
                fs::read(&place).unwrap()
            };
            found
                .insert(place.strip_prefix(root).unwrap().to_owned(), (bytes, metadata.permissions().mode()));
        }
    }
    found
}

pub(super) fn proof(command: &str) -> Proof {
    Proof { command: command.to_owned(), folder: RelPath::root(), limit: None }
}

pub(super) fn limited(command: &str, limit: Duration) -> Proof {
    Proof { limit: Some(limit), ..proof(command) }
}

pub(super) struct Nobody;

impl Watch for Nobody {
    fn begins(&mut self, _: Trying<'_>) {}
    fn goes_on(&mut self, _: Duration, _: &str) {}
    fn ends(&mut self) {}
}

pub(super) fn phase(name: &str, deltas: Vec<FileDelta>) -> PlannedPhase {
    let parts = vec![PlannedPart { class: Class::Imports, deltas }];
    let steps =
        vec![PlannedStep { codemod: "test".to_owned(), parts, evidence: Vec::new(), notes: Vec::new() }];
    let (name, title) = (name.to_owned(), name.to_owned());
    PlannedPhase { name, title, steps, checks: Vec::new(), trials: Vec::new() }
}

pub(super) fn delta(old: Option<(&str, &str)>, new: Option<(&str, &str)>) -> FileDelta {
    let side =
        |side: Option<(&str, &str)>| side.map(|(name, text)| (path(name), Content::plain(text.as_bytes())));
    FileDelta { old: side(old), new: side(new) }
}

/// One phase: an edit, a move with an edit, a new file.
pub(super) fn plan() -> Plan {
    let deltas = vec![
        delta(Some(("src/a.py", "one\n")), Some(("src/a.py", "ONE\n"))),
        delta(Some(("src/b.py", "two\n")), Some(("lib/b.py", "TWO\n"))),
        delta(None, Some(("new/c.py", "three\n"))),
    ];
    Plan { phases: vec![phase("first", deltas)], ..Plan::default() }
}

/// The plan of [`plan`] with a phase that follows.
pub(super) fn plan_of_two() -> Plan {
    let mut plan = plan();
    let deltas = vec![delta(Some(("lib/b.py", "TWO\n")), None)];
    plan.phases.push(phase("empty", Vec::new()));
    plan.phases.push(phase("second", deltas));
    plan
}

pub(super) fn writes(plan: &Plan) -> Vec<Write> {
    plan.phases[0].writes()
}
