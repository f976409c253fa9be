//! Borders: what may not be imported from where it is, settled symbol by
//! symbol over all who want it.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use repot_change::{Applicability, Outcome};
use repot_codemod::{CodemodError, Context};
use repot_interface::{Consumer, Definition, Foreign, Home, Relocated, Strategy, Terms, Trees, Verdict};
use repot_refer::NewImport;
use repot_workspace::{Reach, Workspace};

use super::ruling::{FileRulings, Judge, Ruling};

/// What one file does with what it may not import, by the ruling: the use, and
/// what it uses in vain.
type Looked = Vec<(usize, Consumer, Vec<String>)>;

/// Settles the forbidden imports by the strategies that are asked for, and says
/// what moves.
pub fn settle(
    context: &Context<'_>,
    judge: &Judge<'_>,
    files: &mut [FileRulings],
) -> Result<Relocated, CodemodError> {
    let workspace = context.workspace;
    let mut terms = Terms { allowed: allowed(context)?, pinned: BTreeMap::new() };
    let is_foreign = |ruling: &Ruling| ruling.foreign.is_some();
    for ruling in files.iter().flat_map(|file| &file.rulings) {
        let pinned = ruling.foreign.as_ref().zip(pin(context, workspace, ruling));
        terms.pinned.extend(pinned.map(|(definition, strategy)| (definition.clone(), strategy)));
    }
    let wants_more = terms.allowed.iter().any(|strategy| *strategy != Strategy::Direct);
    let has_foreign = files.iter().flat_map(|file| &file.rulings).any(is_foreign);
    if !has_foreign || (!wants_more && terms.pinned.is_empty()) {
        return Ok(Relocated::default());
    }
    let home = home(context)?;
    let trees = Trees::new(workspace);
    let looked: Vec<Looked> = files.par_iter().map(|file| look(workspace, judge, &home, file)).collect();
    let foreign = gather(workspace, files, &looked, &terms);
    let settled = repot_interface::settle(&trees, &home, &foreign, &terms)?;
    for (file, looked) in files.iter_mut().zip(looked) {
        for (index, _, missing) in looked {
            let ruling = &mut file.rulings[index];
            let verdict = ruling.foreign.as_ref().and_then(|definition| settled.verdicts.get(definition));
            match verdict {
                Some(verdict) => grant(ruling, verdict, &home, missing),
                None => {
                    let missing =
                        missing.first().map_or("its users use what it does not have", String::as_str);
                    ruling.evidence.rule = format!("{}; it cannot move: {missing}", ruling.evidence.rule);
                }
            }
        }
    }
    Ok(settled.relocated)
}

fn allowed(context: &Context<'_>) -> Result<BTreeSet<Strategy>, CodemodError> {
    const KNOWN: [Strategy; 2] = [Strategy::Direct, Strategy::Relocate];
    let mut allowed = BTreeSet::new();
    for item in context.settings.get_list("strategies")? {
        let Some(strategy) = Strategy::named(&item.value).filter(|strategy| KNOWN.contains(strategy)) else {
            let names = KNOWN.map(Strategy::name);
            let hint =
                repot_roadmap::nearest(&item.value, names).map(|name| format!("did you mean `{name}`?"));
            let message = format!("there is no strategy `{}`; there are {}", item.value, names.join(", "));
            return Err(context.settings.error("strategies", message, hint).into());
        };
        allowed.insert(strategy);
    }
    Ok(allowed)
}

fn home(context: &Context<'_>) -> Result<Home, CodemodError> {
    let needs = context.settings.get_list("may-need")?.iter().map(|item| item.value.clone());
    let needs: Vec<String> = needs.collect();
    Home::find(context.workspace, context.settings.get_str("interfaces")?, &needs)
        .map_err(|none| context.settings.error("interfaces", none.message(), Some(none.hint())).into())
}

/// The strategy that the roadmap pins for a symbol, by the name that the
/// importer uses or by the one that it has.
fn pin(context: &Context<'_>, workspace: &Workspace, ruling: &Ruling) -> Option<Strategy> {
    let definition = ruling.foreign.as_ref()?;
    let module = workspace.modules().get(definition.module).name.as_deref().unwrap_or_default();
    let real = format!("{module}:{}", definition.name);
    let names = |symbol: &String| *symbol == ruling.evidence.subject || *symbol == real;
    let pin = context.decided.iter().rfind(|pin| names(&pin.symbol.value) && pin.target.is_none())?;
    Strategy::named(&pin.strategy.as_ref()?.value)
}

fn look(workspace: &Workspace, judge: &Judge<'_>, home: &Home, file: &FileRulings) -> Looked {
    if file.rulings.iter().all(|ruling| ruling.foreign.is_none()) {
        return Vec::new();
    }
    let module = workspace.modules().get(file.module);
    if workspace.domains().reach(module.package, Some(home.package)) == Reach::Forbidden {
        return Vec::new();
    }
    let tree = workspace.file(file.module).parse();
    let scopes = tree.scopes();
    let mut looked = Vec::new();
    for (index, ruling) in file.rulings.iter().enumerate() {
        let statement = tree.imports().get(ruling.statement).filter(|one| !tree.is_broken(one.span));
        let item = statement.and_then(|statement| statement.items().get(ruling.item));
        let (Some(definition), Some(statement), Some(item)) = (&ruling.foreign, statement, item) else {
            continue;
        };
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
        looked.push((index, consumer, judge.missing(&tree, &scopes, ruling, definition)));
    }
    looked
}

/// The foreign symbols with all their consumers. One of which somebody uses what
/// it does not have is left to a person, unless the roadmap says otherwise.
fn gather(workspace: &Workspace, files: &[FileRulings], looked: &[Looked], terms: &Terms) -> Vec<Foreign> {
    let mut foreign: BTreeMap<Definition, Foreign> = BTreeMap::new();
    let mut drifted = BTreeSet::new();
    for (file, looked) in files.iter().zip(looked) {
        for (index, consumer, missing) in looked {
            let Some(definition) = &file.rulings[*index].foreign else { continue };
            if !missing.is_empty() && !terms.pinned.contains_key(definition) {
                drifted.insert(definition.clone());
            }
            let one = foreign.entry(definition.clone()).or_insert_with(|| Foreign {
                module: workspace.modules().get(definition.module).name.clone().unwrap_or_default(),
                name: definition.name.clone(),
                definition: Some(definition.clone()),
                consumers: Vec::new(),
            });
            one.consumers.push(consumer.clone());
        }
    }
    foreign.retain(|definition, _| !drifted.contains(definition));
    foreign.into_values().collect()
}

fn grant(ruling: &mut Ruling, verdict: &Verdict, home: &Home, missing: Vec<String>) {
    ruling.evidence.rule = format!("{}; {}", ruling.evidence.rule, verdict.reason);
    let (Some(module), Some(definition)) = (&verdict.module, &ruling.foreign) else { return };
    ruling.evidence.warnings.extend(missing);
    let is_sure = ruling.evidence.warnings.is_empty();
    let applicability = if is_sure { Applicability::Certain } else { Applicability::Review };
    ruling.evidence.outcome =
        Outcome::Rewritten { to: format!("{module}:{}", definition.name), applicability };
    ruling.new = Some(NewImport::From { module: module.clone(), name: definition.name.clone() });
    ruling.package = Some(home.package);
}
