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
//! chain    who takes what, and who hands it in
//! taker    what can be handed something
//! give     the edits
//! root     the composition root
//! wording  what everything is called
//! names    words
//! ```

mod bound;
mod callers;
mod chain;
mod give;
mod names;
mod root;
mod taker;
#[cfg(test)]
mod tests;
mod wording;

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Edit, RelPath};
use repot_workspace::{ModuleId, PackageId, Workspace};

use crate::{Consumer, Definition, Import, Trees};

pub(crate) use callers::Callers;
pub(crate) use names::snake;
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

/// A composition root: the one module of a package that may import anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its package.
    pub package: PackageId,
    /// Its file, which does not exist yet.
    pub path: RelPath,
    /// Its dotted name.
    pub module: String,
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
    /// The composition roots, whole, and the modules that they know.
    pub created: Vec<(Root, String, BTreeSet<ModuleId>)>,
    /// Who takes what, as `shop.page:Shop` and the name of the parameter, with
    /// the file and line.
    pub taken: Vec<(RelPath, usize, String, String)>,
}

/// The composition roots that can be written: where the roadmap has one and no
/// file is yet; one for each package.
pub(crate) fn roots(workspace: &Workspace) -> Vec<Root> {
    let of = |package: PackageId| {
        workspace.package(package).trees.iter().find_map(|tree| {
            let path = tree.folder.join("bootstrap.py").ok()?;
            let is_free = workspace.snapshot().get(&path).is_none();
            (is_free && workspace.shape().is_composition_root(&path)).then(|| Root {
                package,
                path,
                module: format!("{}.bootstrap", tree.name),
            })
        })
    };
    workspace.package_ids().filter_map(of).collect()
}

/// Injects what is wanted, where it is certain that nothing else has to change.
pub(crate) fn inject(
    trees: &Trees<'_>,
    callers: &Callers<'_>,
    roots: &[Root],
    wanted: &[Wanted<'_>],
) -> Injected {
    let mut chains = chain::Chains::new(trees, callers, roots);
    for one in wanted {
        for consumer in one.consumers {
            chains.add(one, consumer);
        }
    }
    give::carry_out(trees, roots, wanted, chains)
}
