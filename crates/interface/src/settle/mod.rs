//! Foreign symbols are settled together: each gets one strategy, and what the
//! strategies write is gathered.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::TreeError;

use crate::choose::without_moving;
use crate::home::Home;
use crate::relocate::{Mover, Relocated};
use crate::trees::Trees;
use crate::{Definition, Foreign, Strategy};

/// What came of one foreign symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its strategy, or the one that would fit.
    pub strategy: Option<Strategy>,
    /// The dotted module from which consumers import it from now on; `None` when
    /// a person has to decide.
    pub module: Option<String>,
    /// Why, as a phrase.
    pub reason: String,
}

/// What came of all of them.
#[derive(Debug, Default)]
pub struct Settled {
    /// The verdicts, by definition.
    pub verdicts: BTreeMap<Definition, Verdict>,
    /// What moves.
    pub relocated: Relocated,
}

/// What may be done.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The strategies that are wanted.
    pub allowed: BTreeSet<Strategy>,
    /// The strategies that people have decided on.
    pub pinned: BTreeMap<Definition, Strategy>,
}

impl Terms {
    /// Whether `definition` may move.
    fn allows_moving(&self, definition: &Definition) -> bool {
        self.pinned
            .get(definition)
            .map_or(self.allowed.contains(&Strategy::Relocate), |one| *one == Strategy::Relocate)
    }
}

/// Settles what is defined somewhere; symbols without a definition are passed
/// over.
///
/// # Errors
///
/// [`TreeError`] when edits overlap, which would be a fault of this code.
pub fn settle(
    trees: &Trees<'_>,
    home: &Home,
    foreign: &[Foreign],
    terms: &Terms,
) -> Result<Settled, TreeError> {
    let defined = || foreign.iter().filter_map(|one| Some((one.definition.as_ref()?, one)));
    let workspace = trees.workspace();
    let users = |one: &Foreign| -> BTreeSet<String> {
        let packages = one.consumers.iter().filter_map(|consumer| consumer.package);
        packages.map(|id| workspace.package(id).name.clone()).collect()
    };
    let is_there =
        |definition: &Definition| workspace.modules().get(definition.module).package == Some(home.package);
    let may_move =
        defined().filter(|(definition, _)| terms.allows_moving(definition) && !is_there(definition));
    let wanted = may_move.map(|(definition, one)| (definition.clone(), users(one))).collect();
    let forced = terms.pinned.iter().filter(|(_, strategy)| **strategy == Strategy::Relocate);
    let forced = forced.map(|(definition, _)| definition.clone()).collect();
    let relocated = Mover::new(trees, home).relocate(&wanted, &forced)?;
    let verdict = |(definition, one): (&Definition, &Foreign)| {
        let verdict = match is_there(definition) {
            true => Verdict {
                strategy: Some(Strategy::Relocate),
                module: workspace.modules().get(definition.module).name.clone(),
                reason: format!("`{}` has it", home.name),
            },
            false => verdict(trees, definition, one, &relocated, terms),
        };
        (definition.clone(), verdict)
    };
    let verdicts = defined().map(verdict).collect();
    Ok(Settled { verdicts, relocated })
}

fn verdict(
    trees: &Trees<'_>,
    definition: &Definition,
    one: &Foreign,
    relocated: &Relocated,
    terms: &Terms,
) -> Verdict {
    let kind = trees.kind(definition);
    let what = kind.map_or("nothing that is known", repot_python::Kind::name);
    if let Some(module) = relocated.moved.get(definition) {
        let reason = match terms.pinned.contains_key(definition) {
            true => format!("it moves to `{module}`, as the roadmap says"),
            false => format!("it is {what} that needs nothing but plain data, and moves to `{module}`"),
        };
        return Verdict { strategy: Some(Strategy::Relocate), module: Some(module.clone()), reason };
    }
    let blocked = relocated.blocked.get(definition);
    if let Some(blocked) = blocked.filter(|_| kind.is_some_and(repot_python::Kind::is_plain)) {
        let choice = without_moving(one, kind);
        return Verdict {
            strategy: choice.strategy,
            module: None,
            reason: format!("it cannot move: {blocked}"),
        };
    }
    let choice = without_moving(one, kind);
    let way = match choice.strategy {
        Some(strategy) => {
            format!("`{}` would be the strategy, since it is {what} and {}", strategy.name(), choice.reason)
        }
        None => format!("no strategy fits: it is {what}, and {}", choice.reason),
    };
    let reason = match blocked.filter(|_| terms.pinned.contains_key(definition)) {
        Some(blocked) => format!("it cannot move: {blocked}"),
        None => way,
    };
    Verdict { strategy: choice.strategy, module: None, reason }
}
