//! `merge-packages`: two packages become one, and every conflict is decided in
//! the open.
//!
//! Most of a merge are moves, which the reference engine makes. What meets at
//! one place is settled here: files that say the same become one, files with
//! different names stand behind each other, and what differs is kept apart under
//! a name of its own and asked about. Nothing is lost without being listed.

mod beside;
mod build;
mod dangling;
mod documents;
mod evidence;
mod inits;
mod known;
#[cfg(test)]
mod laws;
mod leftover;
mod likeness;
mod lists;
mod meaning;
mod modules;
mod pairing;
mod projects;
mod record;
mod repeated;
mod side;
mod stars;
mod suites;
mod taken;

use std::collections::BTreeSet;

use repot_change::{Class, Note, RelPath};
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_refer::{EngineError, Options, Relocation, Shim, Spot, Union};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema};
use repot_workspace::Workspace;

use beside::Beside;
use build::Builds;
use inits::Inits;
use leftover::Leftover;
use meaning::Meanings;
use modules::Modules;
use pairing::{By, Pairing};
use projects::Projects;
use record::Record;
use side::Side;

/// The codemod.
pub struct MergePackages;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "from",
        kind: SettingKind::Text,
        default: "",
        about: "The package that goes: its import name, its name, or its folder.",
    },
    SettingSchema {
        name: "into",
        kind: SettingKind::Text,
        default: "",
        about: "The package that it goes into.",
    },
    SettingSchema {
        name: "take",
        kind: SettingKind::List,
        default: "",
        about: "Modules of which the source's takes the place of the target's, by their dotted name below the package, such as `server`.",
    },
    SettingSchema {
        name: "only",
        kind: SettingKind::List,
        default: "imports,strings,config,docs",
        about: "The classes of references that follow: `imports`, `strings`, `config`, `docs`, `prose`.",
    },
    SettingSchema {
        name: "old",
        kind: SettingKind::OneOf(Leftover::NAMES),
        default: "remove",
        about: "What stays of the old package: nothing, `archive/NAME/` with what is not in the target, or a shim under the old name.",
    },
    SettingSchema {
        name: "shim-until",
        kind: SettingKind::Text,
        default: "",
        about: "The day on which the shim goes, such as `2027-06-30`; its warning says it.",
    },
    SettingSchema {
        name: "retire",
        kind: SettingKind::Bool,
        default: "true",
        about: "Whether the roadmap is told that the old package is retired, so that `check` finds it when it comes back.",
    },
];

impl Codemod for MergePackages {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "merge-packages", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Merges one package into another; what differs is kept apart and asked about."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let (from, into) = (side(context, "from")?, side(context, "into")?);
        let Some(from) = from else { return known::gone(context, into.as_ref()) };
        let into = into.ok_or_else(|| known::no_target(context))?;
        if is_shim(context, &from, &into) {
            let message =
                format!("`{}` only stands in for `{}`; nothing is left to merge", from.name, into.name);
            return Ok(known::passed_over(message));
        }
        check(context, &from, &into)?;
        let old = Leftover::named(context.settings.get_str("old")?);
        Merge { context, from, into, old }.propose()
    }
}

/// Whether `text` names a package that could be merged, or several.
#[must_use]
pub fn is_package(workspace: &Workspace, text: &str) -> bool {
    !matches!(Side::find(workspace, text), Ok(None))
}

fn side(context: &Context<'_>, setting: &str) -> Result<Option<Side>, CodemodError> {
    let text = context.settings.get_str(setting)?;
    if text.is_empty() {
        let message = format!("`{setting}` names no package");
        return Err(context.settings.error(setting, message, None).into());
    }
    let error = |message: String| context.settings.error(setting, message, None).into();
    Side::find(context.workspace, text).map_err(error)
}

fn is_shim(context: &Context<'_>, from: &Side, into: &Side) -> bool {
    let init = from.folder.join("__init__.py").ok();
    let content = init.and_then(|init| context.workspace.snapshot().content(&init));
    content.is_some_and(|content| Shim::stands_in(&content.bytes, &into.name))
}

fn check(context: &Context<'_>, from: &Side, into: &Side) -> Result<(), CodemodError> {
    let error = |message: String| Err(context.settings.error("from", message, None).into());
    if from.folder == into.folder {
        return error(format!("`{}` would be merged into itself", from.name));
    }
    if into.folder.is_within(&from.folder) {
        return error(format!("`{}` holds `{}`; merge the other way round", from.name, into.name));
    }
    Ok(())
}

/// A merge whose sides are known.
struct Merge<'a> {
    context: &'a Context<'a>,
    from: Side,
    into: Side,
    old: Leftover,
}

impl Merge<'_> {
    fn propose(&self) -> Result<Proposal, CodemodError> {
        let (workspace, decided) = (self.context.workspace, self.context.decided);
        let take: BTreeSet<String> =
            self.context.settings.get_list("take")?.iter().map(|one| one.value.clone()).collect();
        let modules =
            Modules { workspace, from: &self.from, into: &self.into, take: &take, decided }.settle();
        let own = modules.own.keys().cloned().collect();
        let meanings = Meanings { workspace, from: &self.from, into: &self.into, own };
        let refuse = |message: String| self.context.settings.error("from", message, None);
        let inits = Inits::of(&meanings, decided).map_err(refuse)?;
        let is_plain = modules.own.is_empty() && inits.aliases.is_empty();
        self.check_leftover(is_plain)?;
        let beside = Beside::of(workspace, (&self.from, &self.into), &modules, decided);
        let mut relocation = Relocation::new(workspace, &[]).map_err(|error| self.refused(error.into()))?;
        let spot = Spot { name: Some(self.into.name.clone()), stem: self.into.folder.clone() };
        relocation.take_along(&self.from.place, spot);
        for (place, spot) in modules.own.values().chain(&beside.places) {
            relocation.take_along(place, spot.clone());
        }
        let mut meetings = modules.meetings;
        meetings.extend(inits.meetings);
        meetings.extend(beside.meetings);
        let starred = stars::follow(workspace, &inits.aliases);
        let union =
            Union { meetings, carried: beside.carried, folders: beside.folders, aliases: inits.aliases };
        let following = relocation.uniting(union).follow(&self.options()?);
        let following = following.map_err(|error| self.refused(error))?;
        let mut proposal = Proposal::default();
        proposal.retired = following.retired;
        proposal.evidence = [modules.evidence, inits.evidence, beside.evidence, following.evidence].concat();
        proposal.notes = following.notes;
        proposal.notes.extend(self.lookalikes());
        for (class, changes) in following.changes {
            *proposal.changes_mut(class) = changes;
        }
        let sides = (&self.from, &self.into);
        dangling::follow(workspace, sides, |stem| modules.own.contains_key(stem), &mut proposal)?;
        for (path, edit, evidence) in starred {
            proposal.evidence.push(evidence);
            proposal.changes_mut(Class::Imports).add_edits(&path, vec![edit])?;
        }
        for (path, edits) in beside.respelled {
            proposal.changes_mut(Class::Imports).add_edits(&path, edits)?;
        }
        let tag = modules::tag(&self.from, &self.into);
        Builds { workspace, decided, tag: &tag }.settle(&beside.built, &mut proposal)?;
        documents::append(workspace, &beside.appended, &self.from.name, &mut proposal)?;
        self.settle_package(&beside.project, &mut proposal)?;
        let twice = repeated::once(workspace, &mut proposal)?;
        proposal.evidence.extend(twice);
        proposal.evidence.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        Ok(proposal)
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
        let note = |pair: &pairing::Pair| {
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
