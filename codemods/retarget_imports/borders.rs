//! Borders: what may not be imported from where it is, settled symbol by
//! symbol over all who want it.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use repot_change::{Applicability, DecisionKind, Outcome};
use repot_codemod::{CodemodError, Context};
use repot_interface::{
    Answer, Consumer, Definition, Foreign, Home, Settled, Strategy, Terms, Trees, Verdict,
};
use repot_refer::NewImport;
use repot_workspace::{ModuleId, Reach, Workspace};

use crate::border;

use super::ruling::{FileRulings, Judge, Ruling};

/// What one file does with what it may not import, by the ruling: the use, what
/// it uses of the symbol in vain, and what of its instances.
type Looked = Vec<(usize, Consumer, Vec<String>, Vec<String>)>;

/// Settles the forbidden imports by the strategies that are asked for, and says
/// what else changes.
pub fn settle(
    context: &Context<'_>,
    judge: &Judge<'_>,
    files: &mut [FileRulings],
    mut terms: Terms,
) -> Result<Option<(Home, Settled)>, CodemodError> {
    let workspace = context.workspace;
    let is_foreign = |ruling: &Ruling| ruling.foreign.is_some() || ruling.nowhere.is_some();
    pin(context, files, &mut terms);
    let wants_more = terms.allowed.iter().any(|strategy| *strategy != Strategy::Direct);
    let has_foreign = files.iter().flat_map(|file| &file.rulings).any(is_foreign);
    if !has_foreign || (!wants_more && terms.pinned.is_empty() && terms.promised.is_empty()) {
        return Ok(None);
    }
    let home = border::home(context)?;
    let trees = Trees::new(workspace).knowing(meanings(files));
    let looked: Vec<Looked> = files.par_iter().map(|file| look(workspace, judge, &home, file)).collect();
    let foreign = gather(workspace, files, &looked, &terms);
    let settled = repot_interface::settle(&trees, &home, &foreign, &terms)?;
    for (file, looked) in files.iter_mut().zip(looked) {
        for (index, consumer, mut missing, lacking) in looked {
            let ruling = &mut file.rulings[index];
            let definition = ruling.foreign.as_ref();
            let verdict = match definition {
                Some(definition) => settled.verdict(definition, &consumer),
                None => settled.promised(&consumer),
            };
            let Some(verdict) = verdict else {
                if ruling.nowhere.is_some() {
                    continue;
                }
                let first = missing.first().map_or("nobody uses it", String::as_str);
                ruling.evidence.rule = format!("{}; it stays, since {first}", ruling.evidence.rule);
                continue;
            };
            let is_pinned = definition.is_some_and(|one| terms.pinned.contains_key(one));
            match missing.first() {
                Some(first) if verdict.answer != Answer::Open && !is_pinned => {
                    ruling.evidence.rule =
                        format!("{}; {}, but {first}", ruling.evidence.rule, verdict.reason);
                }
                _ => {
                    missing.extend(lacking);
                    grant(ruling, verdict, &home, missing);
                }
            }
        }
    }
    for file in files.iter_mut() {
        for ruling in &mut file.rulings {
            explain(ruling);
            let gone =
                settled.relocated.pruned.get(&file.module).and_then(|gone| gone.get(&ruling.statement));
            if gone.is_some_and(|items| items.contains(&ruling.item)) {
                let reason = "only what moves used it, and it goes".to_owned();
                ruling.evidence.outcome = Outcome::Skipped { reason };
                ruling.new = None;
            }
        }
    }
    Ok(Some((home, settled)))
}

/// Adds what people have decided of the symbols.
fn pin(context: &Context<'_>, files: &[FileRulings], terms: &mut Terms) {
    for ruling in files.iter().flat_map(|file| &file.rulings) {
        if let Some(nowhere) = &ruling.nowhere {
            let pinned = border::pin_of(context, &[&ruling.evidence.subject]);
            terms.promised.extend(pinned.map(|strategy| (nowhere.clone(), strategy)));
        }
        let Some(definition) = &ruling.foreign else { continue };
        let pinned = border::pin(context, definition, &ruling.evidence.subject);
        terms.pinned.extend(pinned.map(|strategy| (definition.clone(), strategy)));
    }
}

/// What every legacy name of the files means, as far as there is one definition
/// behind it.
fn meanings(files: &[FileRulings]) -> HashMap<(ModuleId, usize), Definition> {
    let all = files.iter().flat_map(|file| file.rulings.iter().map(|ruling| (file.module, ruling)));
    let meant = all
        .filter_map(|(module, ruling)| Some(((module, ruling.evidence.span.start), ruling.meant.clone()?)));
    meant.collect()
}

/// Says of a forbidden import why no strategy looks at it.
fn explain(ruling: &mut Ruling) {
    let is_forbidden = ruling.evidence.outcome == Outcome::Decision { decision: DecisionKind::Forbidden };
    if is_forbidden && ruling.meant.is_none() {
        ruling.evidence.rule = format!("{}; a whole module is imported", ruling.evidence.rule);
    }
}

fn look(workspace: &Workspace, judge: &Judge<'_>, home: &Home, file: &FileRulings) -> Looked {
    if file.rulings.iter().all(|ruling| ruling.foreign.is_none() && ruling.nowhere.is_none()) {
        return Vec::new();
    }
    let module = workspace.modules().get(file.module);
    let is_shut = workspace.domains().reach(module.package, Some(home.package)) == Reach::Forbidden;
    let tree = workspace.syntax(file.module);
    let scopes = tree.scopes();
    let mut looked = Vec::new();
    for (index, ruling) in file.rulings.iter().enumerate() {
        let statement = tree.imports().get(ruling.statement).filter(|one| !tree.is_broken(one.span));
        let item = statement.and_then(|statement| statement.items().get(ruling.item));
        let (Some(statement), Some(item)) = (statement, item) else { continue };
        let is_wanted = (ruling.foreign.is_some() && !is_shut) || ruling.nowhere.is_some();
        if !is_wanted {
            continue;
        }
        let consumer = Consumer {
            module: file.module,
            path: module.path.clone(),
            package: module.package,
            line: ruling.evidence.line,
            statement: ruling.statement,
            item: ruling.item,
            type_checking: statement.context.type_checking,
            usage: scopes.usage(statement, item),
        };
        let missing = ruling.foreign.as_ref().map(|one| judge.missing(&tree, &scopes, ruling, one));
        let lacking = ruling.foreign.as_ref().map(|one| judge.lacking(&tree, &consumer.usage.members, one));
        looked.push((index, consumer, missing.unwrap_or_default(), lacking.unwrap_or_default()));
    }
    looked
}

/// The foreign symbols with all their consumers. One that uses what the symbol
/// does not have counts only when a person has decided.
fn gather(workspace: &Workspace, files: &[FileRulings], looked: &[Looked], terms: &Terms) -> Vec<Foreign> {
    let mut foreign: BTreeMap<&Definition, Foreign> = BTreeMap::new();
    let mut nowhere: BTreeMap<&(String, String), Foreign> = BTreeMap::new();
    for (file, looked) in files.iter().zip(looked) {
        for (index, consumer, missing, _) in looked {
            let ruling = &file.rulings[*index];
            if let Some(key) = &ruling.nowhere {
                let one = nowhere.entry(key).or_insert_with(|| undefined(key));
                one.consumers.push(consumer.clone());
            }
            let Some(definition) = &ruling.foreign else { continue };
            if !missing.is_empty() && !terms.pinned.contains_key(definition) {
                continue;
            }
            let one = foreign.entry(definition).or_insert_with(|| border::foreign(workspace, definition));
            one.consumers.push(consumer.clone());
        }
    }
    foreign.into_values().chain(nowhere.into_values()).collect()
}

/// A symbol that nobody defines, without anybody who uses it yet.
fn undefined((module, name): &(String, String)) -> Foreign {
    Foreign { module: module.clone(), name: name.clone(), definition: None, consumers: Vec::new() }
}

fn grant(ruling: &mut Ruling, verdict: &Verdict, home: &Home, missing: Vec<String>) {
    ruling.evidence.rule = format!("{}; {}", ruling.evidence.rule, verdict.reason);
    let (to, new) = match (&verdict.answer, &ruling.foreign) {
        (Answer::Import { module, name }, _) => {
            let new = NewImport::From { module: module.clone(), name: name.clone() };
            (format!("{module}:{name}"), Some(new))
        }
        (Answer::Gone, Some(definition)) => (definition.name.clone(), None),
        (Answer::Gone, None) | (Answer::Open, _) => return,
    };
    ruling.evidence.warnings.extend(missing);
    let is_sure = ruling.evidence.warnings.is_empty();
    let applicability = if is_sure { Applicability::Certain } else { Applicability::Review };
    ruling.evidence.outcome = Outcome::Rewritten { to, applicability };
    ruling.is_gone = new.is_none();
    ruling.new = new;
    let is_home = |module: &str| module.starts_with(&format!("{}.", home.name));
    let goes_home = matches!(&ruling.new, Some(NewImport::From { module, .. }) if is_home(module));
    ruling.package = if goes_home { Some(home.package) } else { None };
}
