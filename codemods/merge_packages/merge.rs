//! A merge whose sides are known, from what meets to what is proposed.
//!
//! What becomes of each meeting is settled by others; here stands the order in
//! which it is carried out.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Class, Note, RelPath};
use repot_codemod::{CodemodError, Context, Proposal};
use repot_refer::{EngineError, Options, Relocation, Spot, Union};
use repot_workspace::Place;

use super::beside::Beside;
use super::build::Builds;
use super::inits::Inits;
use super::leftover::{self, Leftover};
use super::meaning::Meanings;
use super::modules::{Modules, Settled, tag};
use super::pairing::{By, Pair, Pairing};
use super::projects::Projects;
use super::record::Record;
use super::side::Side;
use super::suites::Suite;
use super::{dangling, documents, repeated, stars};

/// Files, and those with which they are united.
type Paths = BTreeMap<RelPath, RelPath>;

/// What becomes of everything that meets.
struct Settlement {
    modules: Settled,
    inits: Inits,
    beside: Beside,
}

/// A merge whose sides are known.
pub struct Merge<'a> {
    pub context: &'a Context<'a>,
    pub from: Side,
    pub into: Side,
    pub old: Leftover,
}

impl Merge<'_> {
    /// What the merge changes, and why.
    ///
    /// # Errors
    ///
    /// [`CodemodError`] where the two cannot be merged.
    pub fn propose(&self) -> Result<Proposal, CodemodError> {
        let Settlement { modules, inits, beside } = self.settle()?;
        let starred = stars::follow(self.context.workspace, &inits.aliases);
        let own: BTreeSet<RelPath> = modules.own.keys().cloned().collect();
        let mut meetings = modules.meetings;
        meetings.extend(inits.meetings);
        meetings.extend(beside.meetings);
        let union =
            Union { meetings, carried: beside.carried, folders: beside.folders, aliases: inits.aliases };
        let mut proposal = self.follow(modules.own.values().chain(&beside.places), union)?;
        let why = [modules.evidence, inits.evidence, beside.evidence, std::mem::take(&mut proposal.evidence)];
        proposal.evidence = why.concat();
        proposal.notes.extend(self.lookalikes());
        let sides = (&self.from, &self.into);
        dangling::follow(self.context.workspace, sides, |stem| own.contains(stem), &mut proposal)?;
        for (path, edit, evidence) in starred {
            proposal.evidence.push(evidence);
            proposal.changes_mut(Class::Imports).add_edits(&path, vec![edit])?;
        }
        for (path, edits) in beside.respelled {
            proposal.changes_mut(Class::Imports).add_edits(&path, edits)?;
        }
        self.unite_files((&beside.built, &beside.appended, &beside.project), &mut proposal)?;
        proposal.evidence.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        Ok(proposal)
    }

    /// What becomes of everything that meets.
    fn settle(&self) -> Result<Settlement, CodemodError> {
        let Context { workspace, decided, settings, .. } = *self.context;
        let take: BTreeSet<String> = settings.get_list("take")?.iter().map(|one| one.value.clone()).collect();
        let (from, into) = (&self.from, &self.into);
        let suites = Suite::within(workspace, (from, into), &tag(from, into));
        let modules = Modules { workspace, from, into, take: &take, decided, suites: &suites }.settle();
        let own = modules.own.keys().cloned().collect();
        let meanings = Meanings { workspace, from, into, own, aliased: modules.aliased.clone() };
        let inits = Inits::of(&meanings, decided).map_err(|message| settings.error("from", message, None))?;
        let is_renamed = modules.own.keys().any(|own| suites.iter().all(|suite| suite.from != *own));
        self.check_leftover(!is_renamed && inits.aliases.is_empty())?;
        let beside = Beside::of(workspace, (from, into), (&modules, &suites), decided);
        Ok(Settlement { modules, inits, beside })
    }

    /// What the reference engine makes of the moves: that of the package, and those
    /// of `places`, which go elsewhere.
    fn follow<'p>(
        &self,
        places: impl Iterator<Item = &'p (Place, Spot)>,
        union: Union,
    ) -> Result<Proposal, CodemodError> {
        let relocation = Relocation::new(self.context.workspace, &[]);
        let mut relocation = relocation.map_err(|error| self.refused(error.into()))?;
        let spot = Spot { name: Some(self.into.name.clone()), stem: self.into.folder.clone() };
        relocation.take_along(&self.from.place, spot);
        for (place, spot) in places {
            relocation.take_along(place, spot.clone());
        }
        let following = relocation.uniting(union).follow(&self.options()?);
        let following = following.map_err(|error| self.refused(error))?;
        let mut proposal = Proposal::default();
        proposal.retired = following.retired;
        (proposal.evidence, proposal.notes) = (following.evidence, following.notes);
        for (class, changes) in following.changes {
            *proposal.changes_mut(class) = changes;
        }
        Ok(proposal)
    }

    /// Unites build files, documents and project files, and lets every list name
    /// what it names once.
    fn unite_files(
        &self,
        (built, appended, project): (&Paths, &Paths, &[RelPath]),
        proposal: &mut Proposal,
    ) -> Result<(), CodemodError> {
        let Context { workspace, decided, .. } = *self.context;
        let tag = tag(&self.from, &self.into);
        Builds { workspace, decided, tag: &tag }.settle(built, proposal)?;
        documents::append(workspace, appended, &self.from.name, proposal)?;
        self.settle_package(project, proposal)?;
        let twice = repeated::once(workspace, proposal)?;
        proposal.evidence.extend(twice);
        Ok(())
    }

    /// The folder of the distribution that goes, and that of the target, where the
    /// two differ. One that holds the target does not go.
    fn homes(&self) -> Option<(&RelPath, &RelPath)> {
        let folder = |side: &Side| side.package.map(|id| &self.context.workspace.package(id).folder);
        folder(&self.from).zip(folder(&self.into)).filter(|(from, into)| !into.is_within(from))
    }

    /// Whether what is to stay of the old package can: a shim gives every name as
    /// it was, and nobody looks into an archive.
    fn check_leftover(&self, is_plain: bool) -> Result<(), CodemodError> {
        let error = |message: &str, hint: &str| {
            Err(self.context.settings.error("old", message, Some(hint.to_owned())).into())
        };
        let workspace = self.context.workspace;
        let archive = self.homes().and_then(|(from, _)| leftover::archive(from));
        let is_seen = |path: RelPath| !workspace.shape().excludes(&path);
        match self.old {
            Leftover::Shim if !is_plain => error(
                "a shim cannot stand in for modules and names that are called otherwise in the target",
                "`old = \"remove\"`, or decide the conflicts first",
            ),
            Leftover::Archived if archive.is_none_or(is_seen) => error(
                "the archive would be part of the workspace",
                "add `exclude = [\"archive/**\"]` to `[workspace]`",
            ),
            _ => Ok(()),
        }
    }

    /// The distribution, and what stays of it.
    fn settle_package(&self, project: &[RelPath], proposal: &mut Proposal) -> Result<(), CodemodError> {
        let workspace = self.context.workspace;
        let is_shim = self.old == Leftover::Shim;
        if let Some(homes) = self.homes() {
            Projects { workspace, homes, keeps_source: is_shim, decided: self.context.decided }
                .settle(project, proposal)?;
            if self.old == Leftover::Archived {
                leftover::archive_deleted(homes.0, proposal)?;
            }
        }
        if is_shim {
            let until = self.context.settings.get_str("shim-until")?;
            let until = (!until.is_empty()).then_some(until);
            leftover::leave_shim(workspace, (&self.from, &self.into), until, proposal)?;
        } else if let Some(record) = Record::of(workspace)
            && self.context.settings.get_bool("retire")?
        {
            record.retire(workspace, (&self.from, &self.into), proposal)?;
        }
        Ok(())
    }

    fn refused(&self, error: EngineError) -> CodemodError {
        match error {
            EngineError::Refused(refused) => {
                self.context.settings.error("from", refused.to_string(), None).into()
            }
            EngineError::Tree(error) => error.into(),
        }
    }

    fn options(&self) -> Result<Options, CodemodError> {
        let class = |text: &repot_roadmap::Spanned<String>| {
            Class::ALL.into_iter().find(|class| class.name() == text.value).ok_or_else(|| {
                let names = Class::ALL.map(Class::name).join(", ");
                let message = format!("there is no class `{}`", text.value);
                self.context.settings.error("only", message, Some(format!("the classes are {names}"))).into()
            })
        };
        let classes = self.context.settings.get_list("only")?.iter().map(class);
        let classes = classes.collect::<Result<BTreeSet<Class>, CodemodError>>()?;
        Ok(Options { classes, ..Options::default() })
    }

    /// Files at different paths that look like each other: both stay, and a
    /// person may want one.
    fn lookalikes(&self) -> Vec<Note> {
        let (from, into) =
            ((&self.from.folder, self.from.name.as_str()), (&self.into.folder, self.into.name.as_str()));
        let pairing = Pairing::of(self.context.workspace, from, into);
        let note = |pair: &Pair| {
            let message = match pair.by {
                By::Path => return None,
                By::Content => format!("is {} as {}; both stay", pair.likeness.words(), pair.into),
                By::Symbols(count) => {
                    format!(
                        "defines {count} of the names of {} ({}); both stay",
                        pair.into,
                        pair.likeness.words()
                    )
                }
            };
            Some(Note::about(&pair.from, message))
        };
        pairing.pairs.iter().filter_map(note).collect()
    }
}
