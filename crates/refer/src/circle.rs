//! Circles: modules that come to import each other when a symbol moves.
//!
//! A symbol brings its importers to another module; where that module imports
//! one of them in turn, each may find the other half made. A module that leaves
//! its package is not loaded behind the package's `__init__` any more; where
//! that re-exports it, and it needs the package, the same happens to whoever
//! imports it first. Whether it does harm depends on the order at run time, so
//! these are warnings.

use std::collections::{HashMap, VecDeque};

use repot_change::Note;
use repot_python::ImportStmt;
use repot_workspace::{ModuleId, Place, Target, Workspace};

use crate::relocation::{MovedSymbol, Relocation, Root};

/// A warning for each moved symbol whose new module imports, over any number of
/// modules, one that imports the symbol, and for each module that leaves a
/// package which re-exports it and which it needs.
pub(crate) fn warnings(relocation: &Relocation<'_>) -> Vec<Note> {
    let symbols = relocation.symbols().into_iter();
    let modules = relocation.roots().iter();
    symbols
        .filter_map(|symbol| warning(relocation.workspace(), symbol))
        .chain(modules.filter_map(|root| left_package(relocation, root)))
        .collect()
}

/// The warning for a module or package that leaves the package it needs.
fn left_package(relocation: &Relocation<'_>, root: &Root) -> Option<Note> {
    let workspace = relocation.workspace();
    let stem = workspace.path_of(&root.place);
    let stays = |place: &Place| relocation.moved(place).is_none();
    stem.ancestors().find_map(|folder| {
        let package = workspace.locate(&folder, &[]).filter(|place| stays(place))?;
        let Place::Module(init) = package else { return None };
        let is_out = !root.to.stem.is_within(&folder);
        let gives = loaded(workspace, init).any(|place| workspace.path_of(&place).is_within(&stem));
        let needs = relocation.files(root).into_iter().find_map(|(path, _)| {
            let id = workspace.modules().at(&path)?;
            let needed = |place: &Place| stays(place) && workspace.path_of(place).is_within(&folder);
            loaded(workspace, id).find(needed)
        })?;
        let (new, needed) = (root.to.name.as_deref()?, workspace.name_of(&needs)?);
        let init = &workspace.modules().get(init).path;
        let message = format!("re-exports what becomes `{new}`, which needs `{needed}`: a circle for whoever imports `{new}` first");
        (is_out && gives).then(|| Note::about(init, message))
    })
}

/// What importing a module loads at once.
fn loaded(workspace: &Workspace, id: ModuleId) -> impl Iterator<Item = Place> {
    imported(workspace, id)
        .map(|(place, name)| name.and_then(|name| workspace.submodule(&place, &name)).unwrap_or(place))
}

fn warning(workspace: &Workspace, symbol: &MovedSymbol) -> Option<Note> {
    let Place::Module(target) = workspace.locate(&symbol.to.stem, &[])? else { return None };
    let came_from = reached_from(workspace, target);
    let importer = came_from.keys().copied().filter(|id| *id != target).find(|id| {
        imported(workspace, *id).any(|(place, name)| {
            place == Place::Module(symbol.from) && name.as_deref() == Some(symbol.old.as_str())
        })
    })?;
    let mut path = vec![importer];
    while let Some(above) = came_from.get(path.last()?).filter(|above| **above != target) {
        path.push(*above);
    }
    let names = path.iter().rev().map(|id| workspace.modules().get(*id).path.to_string());
    let through = names.collect::<Vec<_>>().join(", which imports ");
    let module = symbol.to.name.as_deref().unwrap_or_default();
    let message = format!("imports {through}, which would import `{module}` for `{}`: a circle", symbol.new);
    Some(Note::about(&workspace.modules().get(target).path, message))
}

/// Every module that importing `start` loads, with the module that imports it.
fn reached_from(workspace: &Workspace, start: ModuleId) -> HashMap<ModuleId, ModuleId> {
    let mut came_from = HashMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(id) = waiting.pop_front() {
        for place in loaded(workspace, id) {
            let Place::Module(next) = place else { continue };
            if next != start && !came_from.contains_key(&next) {
                came_from.insert(next, id);
                waiting.push_back(next);
            }
        }
    }
    came_from
}

/// What a module imports when it is loaded: places, and the names taken from
/// them.
fn imported(workspace: &Workspace, id: ModuleId) -> impl Iterator<Item = (Place, Option<String>)> {
    let module = workspace.modules().get(id);
    let runs = |statement: &&ImportStmt| !(statement.context.in_function || statement.context.type_checking);
    let statements = workspace.file(id).imports().iter().filter(runs);
    statements.flat_map(move |statement| workspace.resolve_statement(module, statement)).filter_map(|one| {
        match one.target {
            Target::Found(place) => Some((place, one.name)),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use repot_change::RelPath;
    use repot_roadmap::Pattern;
    use repot_workspace::{Shape, Snapshot};

    use super::*;
    use crate::Move;

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        warned(files, "shop.cart:Cart", "shop.base")
    }

    fn warned(files: &[(&str, &str)], from: &str, to: &str) -> Vec<String> {
        let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), shape.into());
        let relocation = Relocation::new(&workspace, &[Move::parse(from, to).unwrap()]);
        warnings(&relocation.unwrap()).into_iter().map(|note| note.message).collect()
    }

    const CART: (&str, &str) = ("shop/cart.py", "class Cart: ...\n");
    const USER: (&str, &str) = ("shop/user.py", "from shop.cart import Cart\n");

    #[test]
    fn a_target_that_imports_an_importer_is_warned_of() {
        let found = messages(&[
            ("shop/__init__.py", ""),
            CART,
            USER,
            ("shop/base.py", "from shop import middle\n"),
            ("shop/middle.py", "import shop.user\n"),
        ]);
        assert_eq!(
            found,
            [
                "imports shop/middle.py, which imports shop/user.py, which would import `shop.base` for `Cart`: a circle"
            ]
        );
    }

    #[test]
    fn a_module_that_needs_the_package_it_leaves_is_warned_of() {
        let prices = ("shop/prices.py", "TAX = 1\n");
        let cart = |text| [("shop/__init__.py", "from .cart import add\n"), ("shop/cart.py", text), prices];
        let needs = cart("from .prices import TAX\ndef add(): ...\n");
        assert_eq!(
            warned(&needs, "shop.cart", "store.cart"),
            [
                "re-exports what becomes `store.cart`, which needs `shop.prices`: a circle for whoever imports `store.cart` first"
            ]
        );
        assert_eq!(warned(&needs, "shop.cart", "shop.store.cart"), [""; 0], "it stays within");
        let alone = cart("def add():\n    from .prices import TAX\n");
        assert_eq!(warned(&alone, "shop.cart", "store.cart"), [""; 0], "it needs it later");
    }

    #[test]
    fn what_is_not_loaded_closes_no_circle() {
        for base in ["def f():\n    from shop import user\n", "", "import shop.cart\n"] {
            assert_eq!(messages(&[("shop/__init__.py", ""), CART, USER, ("shop/base.py", base)]), [""; 0]);
        }
    }
}
