//! `decouple-domains`: imports that a domain may not have become imports of an
//! interface.
//!
//! Every import that crosses a forbidden border is looked at, symbol by symbol,
//! over all who import it. What is plain data moves to the interface package,
//! from where both sides import it. What would need a person's choice becomes a
//! decision that says why.

mod crossing;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use repot_change::{
    Applicability, Class, DecisionKind, Edits, Evidence, Note, Outcome, PlannedStep, RelPath, TreeError,
};
use repot_codemod::{Codemod, CodemodError, Context, Proposal};
use repot_interface::{Answer, Definition, Foreign, Home, Settled, Strategy, Terms, Trees};
use repot_refer::{Fate, Fates, NewImport, rewrite_statement};
use repot_roadmap::{CodemodSchema, SettingKind, SettingSchema};
use repot_workspace::{ModuleId, Reach, Workspace};

use crate::{border, idle};
use crossing::{Crossing, Want};

/// The codemod.
pub struct DecoupleDomains;

const SETTINGS: &[SettingSchema<'static>] = &[
    SettingSchema {
        name: "strategies",
        kind: SettingKind::List,
        default: "direct, relocate",
        about: "What may be done: `direct`, where a name can be had from a module that may be imported, `relocate` for plain data, `protocol` for a class that only annotations name, and `inject` for what is made or called: it is handed in, typed by a protocol.",
    },
    border::INTERFACES,
    border::MAY_NEED,
    border::DI,
];

impl Codemod for DecoupleDomains {
    fn schema(&self) -> CodemodSchema<'static> {
        CodemodSchema { name: "decouple-domains", settings: SETTINGS }
    }

    fn about(&self) -> &'static str {
        "Turns imports that a domain may not have into imports of an interface that both sides may know."
    }

    fn propose(&self, context: &Context<'_>) -> Result<Proposal, CodemodError> {
        let workspace = context.workspace;
        let (mut crossings, kept) = keep(context, crossing::find(workspace));
        let mut terms = border::terms(context, &border::DEFINED)?;
        for crossing in &crossings {
            let Want::Definition(definition) = &crossing.want else { continue };
            let pinned = border::pin(context, definition, &crossing.evidence.subject);
            terms.pinned.extend(pinned.map(|strategy| (definition.clone(), strategy)));
        }
        let has_symbol = crossings.iter().any(|one| matches!(one.want, Want::Definition(_)));
        let needs_home = terms.allowed.iter().any(|one| *one != Strategy::Direct) || !terms.pinned.is_empty();
        let home = if has_symbol && needs_home { Some(border::home(context)?) } else { None };
        let trees = Trees::new(workspace);
        let settled = match &home {
            Some(home) => {
                let foreign = gather(workspace, home, &crossings);
                repot_interface::settle(&trees, home, &foreign, &terms)?
            }
            None => Settled::default(),
        };
        for crossing in &mut crossings {
            decide(workspace, crossing, &settled, &terms);
        }
        let mut proposal = collect(context, home.as_ref(), crossings, settled)?;
        proposal.evidence.extend(kept);
        Ok(proposal)
    }

    fn conclude(&self, before: &Workspace, after: &Workspace, step: &PlannedStep) -> Vec<Note> {
        idle::offers(before, after, step)
    }
}

/// Takes out what the roadmap keeps as it is, and says so.
fn keep(context: &Context<'_>, crossings: Vec<Crossing>) -> (Vec<Crossing>, Vec<Evidence>) {
    let mut kept = Vec::new();
    let is_open = |crossing: &Crossing| {
        let evidence = &crossing.evidence;
        let module = evidence.subject.split(':').next().unwrap_or_default();
        let Some(reason) = border::kept(context, &[&evidence.subject, module], &evidence.path) else {
            return true;
        };
        kept.push(Evidence {
            rule: "decided in the roadmap".to_owned(),
            outcome: Outcome::Skipped { reason },
            ..evidence.clone()
        });
        false
    };
    let mut crossings = crossings;
    crossings.retain(is_open);
    (crossings, kept)
}

/// The symbols, each with all who may come to import the interface package.
fn gather(workspace: &Workspace, home: &Home, crossings: &[Crossing]) -> Vec<Foreign> {
    let mut foreign: BTreeMap<&Definition, Foreign> = BTreeMap::new();
    for crossing in crossings {
        let Want::Definition(definition) = &crossing.want else { continue };
        let package = crossing.consumer.package;
        if workspace.domains().reach(package, Some(home.package)) == Reach::Forbidden {
            continue;
        }
        let one = foreign.entry(definition).or_insert_with(|| border::foreign(workspace, definition));
        one.consumers.push(crossing.consumer.clone());
    }
    foreign.into_values().collect()
}

/// Says what becomes of one import.
fn decide(workspace: &Workspace, crossing: &mut Crossing, settled: &Settled, terms: &Terms) {
    let reason = match &crossing.want {
        Want::Direct(new) if terms.allowed.contains(&Strategy::Direct) => {
            let new = new.clone();
            return grant(crossing, new, "the name comes from a module that may be imported");
        }
        Want::Direct(_) => "the strategy `direct` would do".to_owned(),
        Want::Other(reason) => reason.clone(),
        Want::Definition(definition) => match settled.verdict(definition, &crossing.consumer) {
            Some(verdict) => {
                let reason = verdict.reason.clone();
                match &verdict.answer {
                    Answer::Import { module, name } => {
                        let new = NewImport::From { module: module.clone(), name: name.clone() };
                        return grant(crossing, new, &reason);
                    }
                    Answer::Gone => return goes(workspace, crossing, &reason),
                    Answer::Open => reason,
                }
            }
            None => {
                let module = workspace.modules().get(definition.module).name.clone().unwrap_or_default();
                format!("`{module}` may not be imported, and neither may the interface package")
            }
        },
    };
    crossing.evidence.rule = reason;
    crossing.evidence.outcome = Outcome::Decision { decision: DecisionKind::Forbidden };
}

/// Says of an import that nothing needs it any longer.
fn goes(workspace: &Workspace, crossing: &mut Crossing, reason: &str) {
    let Want::Definition(definition) = &crossing.want else { return };
    let module = workspace.modules().get(definition.module).name.clone().unwrap_or_default();
    let to = format!("{module}:{}", definition.name);
    crossing.evidence.rule = reason.to_owned();
    crossing.evidence.outcome = Outcome::Rewritten { to, applicability: Applicability::Certain };
    crossing.fate = Some(Fate::Repeated);
}

fn grant(crossing: &mut Crossing, new: NewImport, reason: &str) {
    let to = match &new {
        NewImport::From { module, name } => format!("{module}:{name}"),
        NewImport::Import { module } => module.clone(),
    };
    crossing.evidence.rule = reason.to_owned();
    crossing.evidence.outcome = Outcome::Rewritten { to, applicability: Applicability::Certain };
    crossing.fate = Some(Fate::Goes { new, alias: None });
}

fn collect(
    context: &Context<'_>,
    home: Option<&Home>,
    crossings: Vec<Crossing>,
    settled: Settled,
) -> Result<Proposal, CodemodError> {
    let workspace = context.workspace;
    let mut fates: BTreeMap<ModuleId, BTreeMap<usize, Fates>> = BTreeMap::new();
    let mut consumers = BTreeSet::new();
    for crossing in &crossings {
        let Some(fate) = crossing.fate.clone() else { continue };
        let consumer = &crossing.consumer;
        if !consumer.type_checking && fate != Fate::Repeated {
            consumers.insert(consumer.module);
        }
        let statement = fates.entry(consumer.module).or_default().entry(consumer.statement).or_default();
        statement.insert(consumer.item, fate);
    }
    for (module, statements) in &settled.relocated.pruned {
        for (statement, item) in
            statements.iter().flat_map(|(at, items)| items.iter().map(move |item| (at, item)))
        {
            let fates = fates.entry(*module).or_default().entry(*statement).or_default();
            fates.entry(*item).or_insert(Fate::Repeated);
        }
    }
    let mut proposal = Proposal::default();
    let edited: Vec<(RelPath, Result<Edits, TreeError>)> =
        fates.into_par_iter().map(|(module, fates)| edits(workspace, module, &fates)).collect();
    for (path, edits) in edited {
        proposal.changes_mut(Class::Imports).edit(path, edits?)?;
    }
    if let Some(home) = home {
        border::carry_out(workspace, home, settled, &consumers, &mut proposal)?;
    }
    let evidence: Vec<Evidence> = crossings.into_iter().map(|crossing| crossing.evidence).collect();
    proposal.evidence.extend(evidence);
    Ok(proposal)
}

fn edits(
    workspace: &Workspace,
    module: ModuleId,
    fates: &BTreeMap<usize, Fates>,
) -> (RelPath, Result<Edits, TreeError>) {
    let (file, path) = (workspace.file(module), workspace.modules().get(module).path.clone());
    let source: &[u8] = file.bytes().map_or(&[], |bytes| bytes);
    let imports = fates.iter().filter_map(|(index, fates)| Some((file.imports().get(*index)?, fates)));
    let edits = imports.flat_map(|(statement, fates)| rewrite_statement(source, statement, fates)).collect();
    let edits = Edits::new(edits).map_err(|source| TreeError::Conflict { path: path.clone(), source });
    (path, edits)
}
