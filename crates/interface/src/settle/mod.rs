//! Foreign symbols are settled together: each gets one strategy, and what the
//! strategies write is gathered.
//!
//! ```text
//! stuck      what cannot move, and which of its imports can do with a protocol
//! evaluated  annotations that something reads at run time
//! typed      the types that protocols name, and theirs
//! owed       what is defined nowhere
//! handed     its instances, where its consumers hand them on
//! publish    the modules that receive what is generated
//! ```

mod evaluated;
mod handed;
mod owed;
mod publish;
mod stuck;
mod typed;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use repot_change::TreeError;

use crate::closure::Closures;
use crate::home::Home;
use crate::inject::{Callers, Di, Injected, Place};
use crate::relocate::{Mover, Relocated};
use crate::trees::Trees;
use crate::twins::Twins;
use crate::{Consumer, Definition, Foreign, Strategy};

pub use publish::{Publication, PublicationKind, Published};

/// What becomes of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It goes to another module.
    Import {
        /// The dotted module.
        module: String,
        /// The name there.
        name: String,
    },
    /// It goes, since nothing needs it any longer.
    Gone,
    /// A person has to decide.
    Open,
}

/// What came of one foreign symbol, or of one import of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its strategy, or the one that would fit.
    pub strategy: Option<Strategy>,
    /// What becomes of its imports.
    pub answer: Answer,
    /// Why, as a phrase.
    pub reason: String,
}

/// What came of all of them.
#[derive(Debug, Default)]
pub struct Settled {
    verdicts: BTreeMap<Definition, Verdict>,
    places: BTreeMap<Place, Verdict>,
    /// What moves.
    pub relocated: Relocated,
    /// What is handed in.
    pub injected: Injected,
    /// What is generated.
    pub published: Published,
}

impl Settled {
    /// What becomes of the import by `consumer` of what nobody defines.
    #[must_use]
    pub fn promised(&self, consumer: &Consumer) -> Option<&Verdict> {
        self.places.get(&consumer.place())
    }

    /// What becomes of the import of `definition` by `consumer`.
    #[must_use]
    pub fn verdict(&self, definition: &Definition, consumer: &Consumer) -> Option<&Verdict> {
        self.places.get(&consumer.place()).or_else(|| self.verdicts.get(definition))
    }
}

/// What may be done.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The strategies that are wanted.
    pub allowed: BTreeSet<Strategy>,
    /// What composition roots have their parts from.
    pub di: Di,
    /// The strategies that people have decided on.
    pub pinned: BTreeMap<Definition, Strategy>,
    /// The same for what nobody defines, by the dotted module and the name.
    pub promised: BTreeMap<(String, String), Strategy>,
    /// The symbols, each as `module:name`, that become one with no other, since
    /// people have decided on them.
    pub apart: BTreeSet<String>,
}

impl Terms {
    /// Whether `strategy` may be used for `definition`.
    #[must_use]
    pub fn allows(&self, definition: &Definition, strategy: Strategy) -> bool {
        self.pinned.get(definition).map_or(self.allowed.contains(&strategy), |one| *one == strategy)
    }

    /// Whether a contract may stand for what nobody defines.
    fn promises(&self, one: &Foreign) -> bool {
        let pin = self.promised.get(&(one.module.clone(), one.name.clone()));
        one.definition.is_none()
            && pin.map_or(self.allowed.contains(&Strategy::Contract), |one| *one == Strategy::Contract)
    }
}

/// Settles all of them; those without a definition get a contract where that is
/// wanted, and are passed over otherwise.
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
    let callers = OnceCell::new();
    let settling = Settling { trees, home, terms, callers: &callers };
    let workspace = trees.workspace();
    let defined: BTreeMap<&Definition, &Foreign> =
        foreign.iter().filter_map(|one| Some((one.definition.as_ref()?, one))).collect();
    let is_there =
        |definition: &Definition| workspace.modules().get(definition.module).package == Some(home.package);
    let (there, elsewhere): (Vec<_>, Vec<_>) = defined.into_iter().partition(|(one, _)| is_there(one));
    let mut closures = Closures::new(trees, home);
    let (mut moving, mut staying) = (BTreeMap::new(), BTreeMap::new());
    let mut tried = BTreeMap::new();
    for (definition, one) in elsewhere {
        let forced = terms.pinned.get(definition) == Some(&Strategy::Relocate);
        if terms.allows(definition, Strategy::Relocate) {
            tried.insert(definition.clone(), users(trees, one));
            if closures.of(definition, forced).is_ok() {
                moving.insert(definition, one);
                continue;
            }
        }
        staying.insert(definition, one);
    }
    let mut stuck = settling.stuck(&staying);
    let owed: Vec<Foreign> = foreign.iter().filter(|one| terms.promises(one)).cloned().collect();
    stuck.places.extend(settling.owed(&owed, &mut stuck.publisher));
    let typed = typed::close(&settling, stuck.protocols, &mut closures);
    for (definition, users) in &typed.moving {
        tried.entry(definition.clone()).or_default().extend(users.iter().cloned());
    }
    let forced = terms.pinned.iter().filter(|(_, strategy)| **strategy == Strategy::Relocate);
    let forced = forced.map(|(definition, _)| definition.clone()).collect();
    let twins = Twins { trees, home, callers: &callers, apart: &terms.apart };
    let relocated = Mover::new(trees, home).uniting(twins).relocate(&tried, &forced)?;
    let mut settled = Settled { places: stuck.places, injected: stuck.injected, ..Settled::default() };
    for (definition, _) in there {
        let module = workspace.modules().get(definition.module).name.clone();
        let verdict = Verdict {
            strategy: Some(Strategy::Relocate),
            answer: module
                .map_or(Answer::Open, |module| Answer::Import { module, name: definition.name.clone() }),
            reason: format!("`{}` has it", home.name),
        };
        settled.verdicts.insert(definition.clone(), verdict);
    }
    for (definition, one) in moving.into_iter().chain(staying) {
        settled.verdicts.insert(definition.clone(), settling.verdict(definition, one, &relocated));
    }
    settled.published = typed.publish(&settling, stuck.publisher, &relocated);
    settled.relocated = relocated;
    Ok(settled)
}

/// The packages that use a symbol.
fn users(trees: &Trees<'_>, one: &Foreign) -> BTreeSet<String> {
    let packages = one.consumers.iter().filter_map(|consumer| consumer.package);
    packages.map(|id| trees.workspace().package(id).name.clone()).collect()
}

/// What settling rests on.
#[derive(Clone, Copy)]
struct Settling<'a> {
    trees: &'a Trees<'a>,
    home: &'a Home,
    terms: &'a Terms,
    callers: &'a OnceCell<Callers<'a>>,
}

impl<'a> Settling<'a> {
    /// Who imports what, looked up when it is first asked for.
    fn callers(&self) -> &'a Callers<'a> {
        self.callers.get_or_init(|| Callers::new(self.trees))
    }

    /// What becomes of a symbol that does not lie in the interface package.
    fn verdict(&self, definition: &Definition, one: &Foreign, relocated: &Relocated) -> Verdict {
        let kind = self.trees.kind(definition);
        let what = kind.map_or("nothing that is known", repot_python::Kind::name);
        let is_pinned = self.terms.pinned.contains_key(definition);
        if let Some(module) = relocated.moved.get(definition) {
            let reason = match is_pinned {
                true => format!("it moves to `{module}`, as the roadmap says"),
                false if relocated.twins.contains_key(definition) => {
                    format!("it is {what} that several domains define alike, and moves to `{module}`")
                }
                false => format!("it is {what} that needs nothing but plain data, and moves to `{module}`"),
            };
            let answer = Answer::Import { module: module.clone(), name: definition.name.clone() };
            return Verdict { strategy: Some(Strategy::Relocate), answer, reason };
        }
        let choice = self.choice(definition, one);
        let is_plain = kind.is_some_and(repot_python::Kind::is_plain);
        let is_wanted = self.terms.pinned.get(definition) == Some(&Strategy::Relocate);
        let reason = match (relocated.blocked.get(definition), choice.strategy) {
            (Some(blocked), _) if is_plain || is_wanted => format!("it cannot move: {blocked}"),
            (_, Some(strategy)) => {
                format!(
                    "`{}` would be the strategy, since it is {what} and {}",
                    strategy.name(),
                    choice.reason
                )
            }
            (_, None) => format!("no strategy fits: it is {what}, and {}", choice.reason),
        };
        Verdict { strategy: choice.strategy, answer: Answer::Open, reason }
    }
}
