//! The phases of a plan and the commands that are to stay as well as they were.
//!
//! Every run has a copy of its own, made anew in the same place: what a command
//! writes or removes, and what it remembers, is not there for the next one. The
//! run after one phase is the run before the next.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use repot_apply::Scratch;
use repot_change::{Note, Plan, PlannedPhase, RelPath, Trial, Write};

use crate::baseline;
use crate::command::{self, Ending, Order, Ran};
use crate::output::Output;
use crate::reader::Reader;
use crate::renames::Renames;
use crate::steady::Spellings;
use crate::verdict::broken;
use crate::{Interrupt, TrialError};

/// The tree of which copies are made.
#[derive(Debug, Clone)]
pub struct Tree {
    /// The root, absolute.
    pub root: PathBuf,
    /// Every file that belongs to it.
    pub files: Vec<RelPath>,
    /// Every symbolic link that belongs to it.
    pub links: Vec<RelPath>,
    /// Whether git keeps it; then git keeps the copy as well.
    pub is_in_git: bool,
}

/// A command that a phase must not make worse.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Proof {
    /// The command line, as a shell reads it.
    pub command: String,
    /// The folder in which it runs; where the copy has none such, the root.
    pub folder: RelPath,
    /// How long it may take.
    pub limit: Option<Duration>,
}

/// The tree in which a command is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before the phase.
    Before,
    /// After it.
    After,
}

impl Side {
    /// Its name, in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// A run that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct Trying<'a> {
    /// The command line.
    pub command: &'a str,
    /// Before or after.
    pub side: Side,
    /// The name of the phase.
    pub phase: &'a str,
}

/// Somebody who is told how far it is.
pub trait Watch {
    /// A run begins; the copy is made first.
    fn begins(&mut self, trying: Trying<'_>);
    /// It goes on: for how long, and the last line that it printed.
    fn goes_on(&mut self, elapsed: Duration, line: &str);
    /// It has ended.
    fn ends(&mut self);
}

/// Runs, for each phase that changes anything, the commands that `proofs` names
/// in the tree before it and in the tree after it, and adds what came of it to
/// the plan. The tree itself is only read.
///
/// # Errors
///
/// [`TrialError`], when a command says nothing of either tree.
pub fn prove(
    plan: &mut Plan,
    tree: &Tree,
    proofs: &dyn Fn(&PlannedPhase) -> Vec<Proof>,
    watch: &mut dyn Watch,
    interrupt: &Interrupt,
) -> Result<(), TrialError> {
    let listening = interrupt.listen();
    let mut bench = Bench { scratch: Scratch::of(&tree.root)?, tree, watch, interrupt, notes: Vec::new() };
    let outcome = bench.try_phases(plan, proofs);
    let notes = std::mem::take(&mut bench.notes);
    // The copy goes while signals are still taken.
    drop(bench);
    drop(listening);
    if interrupt.is_raised() {
        return Err(TrialError::Interrupted);
    }
    plan.notes.extend(notes);
    outcome
}

/// Where commands are run.
struct Bench<'a> {
    scratch: Scratch,
    tree: &'a Tree,
    watch: &'a mut dyn Watch,
    interrupt: &'a Interrupt,
    notes: Vec<Note>,
}

impl Bench<'_> {
    fn try_phases(
        &mut self,
        plan: &mut Plan,
        proofs: &dyn Fn(&PlannedPhase) -> Vec<Proof>,
    ) -> Result<(), TrialError> {
        // What is known of the tree that the phases so far leave.
        let mut known: HashMap<Proof, Ran> = HashMap::new();
        let mut writes: Vec<Vec<Write>> = Vec::new();
        for phase in plan.phases.iter_mut().filter(|phase| !phase.is_empty()) {
            let earlier = writes.len();
            writes.push(phase.writes());
            let renames = Renames::of(phase, &writes[earlier]);
            let (mut next, mut trials) = (HashMap::new(), Vec::new());
            for proof in proofs(phase) {
                let before = match known.remove(&proof) {
                    Some(before) => before,
                    None => self.run_before(&proof, phase, &writes[..earlier])?,
                };
                let after = self.run(&proof, (phase, Side::After), &writes)?;
                trials.push(Trial {
                    command: proof.command.clone(),
                    before: before.run.clone(),
                    after: after.run.clone(),
                    broken: broken(&before, &after, &renames),
                });
                next.insert(proof, after);
            }
            phase.trials = trials;
            known = next;
        }
        Ok(())
    }

    /// A run before a phase, which must say something of the tree.
    fn run_before(
        &mut self,
        proof: &Proof,
        phase: &PlannedPhase,
        writes: &[Vec<Write>],
    ) -> Result<Ran, TrialError> {
        let ran = self.run(proof, (phase, Side::Before), writes)?;
        let command = proof.command.clone();
        if let Ending::TimedOut(limit) = ran.ending {
            return Err(TrialError::TooSlow { command, limit });
        }
        if matches!(ran.run.status, Some(126 | 127)) {
            let words = ran.run.output.trim().lines().last().unwrap_or_default().to_owned();
            return Err(TrialError::NotFound { command, words });
        }
        if ran.printed.names_original {
            let message = format!(
                "`{command}` names files of the tree itself, not of its copy: what it found may not be about \
                 the plan (an editable install, an absolute path)"
            );
            self.notes.push(Note { path: None, line: None, message });
        }
        Ok(ran)
    }

    fn run(
        &mut self,
        proof: &Proof,
        (phase, side): (&PlannedPhase, Side),
        writes: &[Vec<Write>],
    ) -> Result<Ran, TrialError> {
        self.watch.begins(Trying { command: &proof.command, side, phase: &phase.name });
        let interrupt = self.interrupt;
        self.scratch.fill((&self.tree.files, &self.tree.links), writes, &|| !interrupt.is_raised())?;
        if self.tree.is_in_git && !interrupt.is_raised() {
            baseline::make(self.scratch.root(), interrupt);
        }
        let (order, output) = self.order(proof, side);
        let start = |source| TrialError::Start { command: proof.command.clone(), source };
        if interrupt.is_raised() {
            return Err(TrialError::Interrupted);
        }
        let ran = command::run(&order, output, interrupt, &mut |elapsed, line| {
            self.watch.goes_on(elapsed, line);
        });
        self.watch.ends();
        match ran.map_err(start)? {
            Ran { ending: Ending::Interrupted, .. } => Err(TrialError::Interrupted),
            ran => Ok(ran),
        }
    }

    fn order<'p>(&self, proof: &'p Proof, side: Side) -> (Order<'p>, Output) {
        let root = self.scratch.root();
        let inner = root.join(proof.folder.as_str());
        let (folder, place) =
            if inner.is_dir() { (inner, proof.folder.clone()) } else { (root.to_owned(), RelPath::root()) };
        let variables = vec![
            ("REPOT_ROOT", self.tree.root.clone()),
            ("REPOT_SIDE", PathBuf::from(side.name())),
            ("TMPDIR", self.scratch.temporary()),
        ];
        let output =
            Output::new(Spellings::of(root), spellings_of_original(&self.tree.root), Reader::new(place));
        (Order { line: &proof.command, folder, variables, limit: proof.limit, with_complaints: true }, output)
    }
}

/// The root of the tree occurs in what a command prints of it only below.
fn spellings_of_original(root: &Path) -> Spellings {
    Spellings::of(&root.join(""))
}
