//! Injection: what makes a thing that it may not import is handed it.
//!
//! A class takes it in its constructor, a function as a keyword-only argument,
//! typed by the protocol. Whoever makes the class or calls the function hands it
//! in from then on, and takes it in turn where it may not import it either, up
//! to somebody who may: a module that other rules hold for, or the composition
//! root of its package. An import is injected as a whole, with every caller in
//! the workspace, or not at all; then the reason names the chain.
//!
//! ```text
//! bound    what modules have by a name, and come to import
//! callers  who makes a class or calls a function, anywhere
//! quoted   who is named in strings
//! chain    who takes what, and who hands it in
//! taker    what can be handed something
//! give     the edits
//! roots    which packages have a composition root
//! root     its text
//! standing one that stands already
//! di       what it has its parts from
//! wording  what everything is called
//! names    words
//! ```

mod bound;
mod callers;
mod chain;
mod di;
mod give;
mod names;
mod quoted;
mod root;
mod roots;
mod standing;
mod taker;
#[cfg(test)]
mod tests;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Edit, RelPath};
use repot_workspace::{ModuleId, PackageId};

use crate::{Consumer, Definition, Import, Trees};

pub(crate) use callers::Callers;
pub use di::Di;
pub(crate) use names::snake;
pub use roots::Root;
pub(crate) use roots::roots;
pub(crate) use taker::is_entry;

/// The protocol of a foreign symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The dotted module that has it.
    pub module: String,
    /// Its name there: a class's own, `LoadModel` for `load_model`.
    pub name: String,
}

/// A symbol that is to be injected.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// What it is.
    pub definition: &'a Definition,
    /// What stands for it in annotations.
    pub contract: &'a Contract,
    /// The imports of it that are to become injections.
    pub consumers: &'a [Consumer],
}

/// What becomes of an import whose name is injected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replaced {
    /// The protocol takes its place, under the same name.
    Protocol,
    /// It goes.
    Gone,
}

/// One import: the module, the statement and the name within it.
pub type Place = (ModuleId, usize, usize);

/// What injections do.
#[derive(Debug, Default)]
pub struct Injected {
    /// What becomes of the imports that are granted.
    pub imports: BTreeMap<Place, Replaced>,
    /// Why the others are not.
    pub refused: BTreeMap<Place, String>,
    /// What changes in each module, besides those imports.
    pub edits: BTreeMap<ModuleId, Vec<Edit>>,
    /// What the modules come to import, for whom project files speak.
    pub needs: BTreeMap<ModuleId, BTreeSet<Import>>,
    /// The composition roots that do not stand yet, whole.
    pub created: Vec<(RelPath, String)>,
    /// What the packages of composition roots come to know: the modules, and
    /// what makes the parts.
    pub assembled: Vec<(PackageId, BTreeSet<ModuleId>, Di)>,
    /// Who takes what, as `shop.page:Shop` and the name of the parameter, with
    /// the file and line.
    pub taken: Vec<(RelPath, usize, String, String)>,
}

/// Injects what is wanted, where it is certain that nothing else has to change.
pub(crate) fn inject(
    trees: &Trees<'_>,
    callers: &Callers<'_>,
    roots: &[Root],
    di: Di,
    wanted: &[Wanted<'_>],
) -> Injected {
    let mut chains = chain::Chains::new(trees, callers, roots, di);
    for one in wanted {
        for consumer in one.consumers {
            chains.add(one, consumer);
        }
    }
    give::carry_out(trees, roots, wanted, chains)
}
