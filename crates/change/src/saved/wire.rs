//! A saved plan as JSON: contents stand once, in a table, and deltas name them
//! by their place in it.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::{Basis, SavedPlan, SavedPlanError, damaged};
use crate::{
    Check, Class, Content, Evidence, FileDelta, Note, Plan, PlannedPart, PlannedPhase, PlannedStep, RelPath,
    Reliance, Trial,
};

#[derive(Serialize, Deserialize)]
pub struct Body {
    basis: Basis,
    phases: Vec<Phase>,
    notes: Vec<Note>,
    relies_on: Vec<Reliance>,
    contents: Vec<Bytes>,
}

#[derive(Serialize, Deserialize)]
struct Phase {
    name: String,
    title: String,
    steps: Vec<Step>,
    checks: Vec<Check>,
    trials: Vec<Trial>,
}

#[derive(Serialize, Deserialize)]
struct Step {
    codemod: String,
    parts: Vec<Part>,
    evidence: Vec<Evidence>,
    notes: Vec<Note>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    class: Class,
    deltas: Vec<Delta>,
}

#[derive(Serialize, Deserialize)]
struct Delta {
    old: Option<Side>,
    new: Option<Side>,
}

#[derive(Serialize, Deserialize)]
struct Side {
    path: RelPath,
    content: usize,
    executable: bool,
}

/// A file's bytes: as text where they are text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
}

impl Bytes {
    fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Base64 { base64: BASE64_STANDARD.encode(bytes) },
        }
    }

    fn read(self) -> Result<Arc<[u8]>, SavedPlanError> {
        match self {
            Self::Text(text) => Ok(text.into_bytes().into()),
            Self::Base64 { base64 } => {
                BASE64_STANDARD.decode(base64).map(Arc::from).map_err(|error| damaged(error.to_string()))
            }
        }
    }
}

/// The table of contents, each once, an old one before its new one: so what
/// they have in common is near, and packs well.
#[derive(Default)]
struct Table {
    places: HashMap<Arc<[u8]>, usize>,
    contents: Vec<Bytes>,
}

impl Table {
    fn phase(&mut self, phase: &PlannedPhase) -> Phase {
        Phase {
            name: phase.name.clone(),
            title: phase.title.clone(),
            steps: phase.steps.iter().map(|step| self.step(step)).collect(),
            checks: phase.checks.clone(),
            trials: phase.trials.clone(),
        }
    }

    fn step(&mut self, step: &PlannedStep) -> Step {
        Step {
            codemod: step.codemod.clone(),
            parts: step.parts.iter().map(|part| self.part(part)).collect(),
            evidence: step.evidence.clone(),
            notes: step.notes.clone(),
        }
    }

    fn part(&mut self, part: &PlannedPart) -> Part {
        let mut delta = |delta: &FileDelta| Delta {
            old: delta.old.as_ref().map(|side| self.side(side)),
            new: delta.new.as_ref().map(|side| self.side(side)),
        };
        Part { class: part.class, deltas: part.deltas.iter().map(&mut delta).collect() }
    }

    fn side(&mut self, (path, content): &(RelPath, Content)) -> Side {
        let next = self.contents.len();
        let place = *self.places.entry(Arc::clone(&content.bytes)).or_insert(next);
        if place == next {
            self.contents.push(Bytes::of(&content.bytes));
        }
        Side { path: path.clone(), content: place, executable: content.executable }
    }
}

impl Body {
    /// The plan, to be written.
    pub fn of(saved: &SavedPlan) -> Self {
        let mut table = Table::default();
        Self {
            basis: saved.basis.clone(),
            phases: saved.plan.phases.iter().map(|phase| table.phase(phase)).collect(),
            notes: saved.plan.notes.clone(),
            relies_on: saved.plan.relies_on.clone(),
            contents: table.contents,
        }
    }

    /// The plan that was read.
    pub fn into_saved(self) -> Result<SavedPlan, SavedPlanError> {
        let contents: Vec<_> = self.contents.into_iter().map(Bytes::read).collect::<Result<_, _>>()?;
        let phases = self.phases.into_iter().map(|phase| phase.read(&contents));
        let plan =
            Plan { phases: phases.collect::<Result<_, _>>()?, notes: self.notes, relies_on: self.relies_on };
        Ok(SavedPlan { plan, basis: self.basis })
    }
}

impl Phase {
    fn read(self, contents: &[Arc<[u8]>]) -> Result<PlannedPhase, SavedPlanError> {
        let Self { name, title, steps, checks, trials } = self;
        let steps = steps.into_iter().map(|step| step.read(contents)).collect::<Result<_, _>>()?;
        Ok(PlannedPhase { name, title, steps, checks, trials })
    }
}

impl Step {
    fn read(self, contents: &[Arc<[u8]>]) -> Result<PlannedStep, SavedPlanError> {
        let Self { codemod, parts, evidence, notes } = self;
        let parts = parts.into_iter().map(|part| part.read(contents)).collect::<Result<_, _>>()?;
        Ok(PlannedStep { codemod, parts, evidence, notes })
    }
}

impl Part {
    fn read(self, contents: &[Arc<[u8]>]) -> Result<PlannedPart, SavedPlanError> {
        let read = |side: Option<Side>| side.map(|side| side.read(contents)).transpose();
        let delta = |delta: Delta| Ok(FileDelta { old: read(delta.old)?, new: read(delta.new)? });
        let deltas = self.deltas.into_iter().map(delta).collect::<Result<_, _>>()?;
        Ok(PlannedPart { class: self.class, deltas })
    }
}

impl Side {
    fn read(self, contents: &[Arc<[u8]>]) -> Result<(RelPath, Content), SavedPlanError> {
        let missing = || damaged(format!("{}: its content is missing", self.path));
        let bytes = contents.get(self.content).ok_or_else(missing)?;
        Ok((self.path, Content { bytes: Arc::clone(bytes), executable: self.executable }))
    }
}
