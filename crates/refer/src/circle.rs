//! Circles: modules that come to import each other when a symbol moves.
//!
//! A module that moves keeps its imports and its importers, and closes no new
//! circle. A symbol brings its importers to another module; where that module
//! imports one of them in turn, both may find the other half made. Whether it
//! does harm depends on the order at run time, so this is a warning.

use std::collections::{HashMap, VecDeque};

use repot_change::Note;
use repot_python::ImportStmt;
use repot_workspace::{ModuleId, Place, Target, Workspace};

use crate::relocation::{MovedSymbol, Relocation};

/// A warning for each moved symbol whose new module imports, over any number of
/// modules, one that imports the symbol.
pub(crate) fn warnings(relocation: &Relocation<'_>) -> Vec<Note> {
    let warn = |symbol: &MovedSymbol| warning(relocation.workspace(), symbol);
    relocation.symbols().into_iter().filter_map(warn).collect()
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
        for (place, name) in imported(workspace, id) {
            let part = name.and_then(|name| workspace.submodule(&place, &name));
            for place in [Some(place), part].into_iter().flatten() {
                let Place::Module(next) = place else { continue };
                if next != start && !came_from.contains_key(&next) {
                    came_from.insert(next, id);
                    waiting.push_back(next);
                }
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
        let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), shape.into());
        let relocation = Relocation::new(&workspace, &[Move::parse("shop.cart:Cart", "shop.base").unwrap()]);
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
    fn what_is_not_loaded_closes_no_circle() {
        for base in ["def f():\n    from shop import user\n", "", "import shop.cart\n"] {
            assert_eq!(messages(&[("shop/__init__.py", ""), CART, USER, ("shop/base.py", base)]), [""; 0]);
        }
    }
}
