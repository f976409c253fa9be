//! `retarget-imports`: legacy imports become imports of the real modules.
//!
//! Strategy *direct*: an import is rewritten where exactly one module is meant,
//! the importer may import it, and a statement can name it. Other strategies,
//! where they are asked for, put an interface between two domains that may not
//! import each other. Everything else stays as it was and becomes a decision.
//! The work goes in passes: every legacy name gets a [`ruling::Ruling`]; rulings
//! that together would make packages import each other in a circle are taken
//! back; what may not be imported is settled symbol by symbol; what is left is
//! written into the statements.

mod borders;
mod circles;
mod drift;
mod merge;
mod past;
mod pins;
mod question;
mod rewrite;
mod ruling;
mod uses;

use std::collections::BTreeSet;

use memchr::memmem::Finder;
use rayon::prelude::*;
use repot_change::{Class, Edits, Note, PlannedStep, RelPath, TreeError};
use repot_codemod::{Codemod, CodemodError, Conclusion, Context, Proposal};
use repot_interface::{Home, Settled, Strategy};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema};
use repot_workspace::{Form, ModuleId, Workspace};

use crate::{border, idle};
use ruling::{FileRulings, Judge, Ruling};

/// The codemod.
pub struct RetargetImports;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "form",
        kind: SettingKind::OneOf(&["habit", "absolute", "relative"]),
        default: "habit",
        about: "How imports within one package are written: as the package writes most of its own, or always so.",
    },
    SettingSchema {
        name: "roots",
        kind: SettingKind::List,
        default: "",
        about: "The legacy roots to retarget; without any, all of the workspace's.",
    },
    SettingSchema {
        name: "strategies",
        kind: SettingKind::List,
        default: "direct",
        about: "What may be done: `direct`, and for what a domain may not import `relocate` for plain data, `protocol` for a class that only annotations name, `inject` for what is made or called, and `contract` for what nobody defines.",
    },
    border::INTERFACES,
    border::MAY_NEED,
    border::DI,
    SettingSchema {
        name: "resurrect",
        kind: SettingKind::OneOf(&["offer", "never"]),
        default: "offer",
        about: "Whether what nobody defines any longer, but an earlier commit did, is left to a person instead of getting a contract.",
    },
];

impl Codemod for RetargetImports {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "retarget-imports", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Turns imports of a legacy root into imports of the modules that really define the names."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let roots = roots(context)?;
        let judge = Judge::new(context, &roots, form(context)?);
        let importers = importers(context.workspace, &roots);
        let mut files: Vec<FileRulings> =
            importers.into_par_iter().map(|module| judge.rule(module)).collect();
        files.retain(|file| file.is_broken || !file.rulings.is_empty());
        circles::take_back(context.workspace, &mut files);
        let terms = border::terms(context, &Strategy::ALL)?;
        let notes = past::offer(context, &mut files, &terms);
        let settled = borders::settle(context, &judge, &mut files, terms)?;
        let mut proposal = collect(context.workspace, files, settled)?;
        proposal.notes.extend(notes);
        Ok(proposal)
    }

    fn conclude(&self, before: &Workspace, after: &Workspace, step: &PlannedStep) -> Conclusion {
        idle::offers(before, after, step)
    }
}

fn roots(context: &Context<'_>) -> Result<Vec<String>, CodemodError> {
    let known = &context.workspace.shape().legacy_roots;
    let wanted = context.settings.get_list("roots")?;
    match wanted.iter().find(|root| !known.contains(&root.value)) {
        Some(stranger) => {
            let message = format!("`{}` is not among the workspace's legacy-roots", stranger.value);
            Err(context.settings.error("roots", message, None).into())
        }
        None if wanted.is_empty() => Ok(known.clone()),
        None => Ok(wanted.iter().map(|root| root.value.clone()).collect()),
    }
}

/// The form that the settings fix; `None` leaves it to each package's habit.
fn form(context: &Context<'_>) -> Result<Option<Form>, CodemodError> {
    Ok(match context.settings.get_str("form")? {
        "absolute" => Some(Form::Absolute),
        "relative" => Some(Form::Relative),
        _ => None,
    })
}

/// The modules that mention a legacy root. What should be left alone is
/// excluded from the workspace, and so is no module.
fn importers(workspace: &Workspace, roots: &[String]) -> Vec<ModuleId> {
    let finders: Vec<Finder<'_>> = roots.iter().map(Finder::new).collect();
    let mentions = |id: &ModuleId| finders.iter().any(|finder| workspace.file(*id).mentions(finder));
    let all: Vec<ModuleId> = workspace.modules().iter().map(|(id, _)| id).collect();
    all.into_par_iter().filter(mentions).collect()
}

fn collect(
    workspace: &Workspace,
    mut files: Vec<FileRulings>,
    settled: Option<(Home, Settled)>,
) -> Result<Proposal, CodemodError> {
    let pruned = settled.as_ref().map(|(_, settled)| settled.relocated.pruned.clone());
    let mut pruned = pruned.unwrap_or_default();
    for (module, ruling) in files.iter().flat_map(|file| file.rulings.iter().map(|one| (file.module, one))) {
        if ruling.is_gone {
            pruned.entry(module).or_default().entry(ruling.statement).or_default().insert(ruling.item);
        }
    }
    let known: BTreeSet<ModuleId> = files.iter().map(|file| file.module).collect();
    let others = pruned.keys().filter(|module| !known.contains(module));
    files.extend(others.map(|module| FileRulings { module: *module, rulings: Vec::new(), is_broken: false }));
    let edited: Vec<(RelPath, Result<Edits, TreeError>)> = files
        .par_iter()
        .map(|file| {
            let path = workspace.modules().get(file.module).path.clone();
            let none = rewrite::Pruned::new();
            let edits = rewrite::rewrite(workspace, file, pruned.get(&file.module).unwrap_or(&none));
            (path.clone(), edits.map_err(|source| TreeError::Conflict { path, source }))
        })
        .collect();
    let mut proposal = Proposal::default();
    for (path, edits) in edited {
        proposal.changes_mut(Class::Imports).edit(path, edits?)?;
    }
    if let Some((home, settled)) = settled {
        let reaches = |ruling: &Ruling| {
            ruling.new.is_some() && ruling.at_run_time && ruling.package == Some(home.package)
        };
        let consumers = files.iter().filter(|file| file.rulings.iter().any(reaches));
        let consumers = consumers.map(|file| file.module).collect();
        border::carry_out(workspace, &home, settled, &consumers, &mut proposal)?;
    }
    for file in files {
        if file.is_broken {
            let path = &workspace.modules().get(file.module).path;
            proposal
                .notes
                .push(Note::about(path, "does not parse; only what can be read of it was looked at"));
        }
        proposal.evidence.extend(file.rulings.into_iter().map(|ruling| ruling.evidence));
    }
    Ok(proposal)
}
