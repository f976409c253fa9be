//! The metric `test-presence`: which modules have a test, and how many tests
//! there are.
//!
//! Static: a test that imports a module may still test nothing of it. What runs
//! under the tests is what `test-coverage` says.

use std::collections::BTreeSet;

use rayon::prelude::*;
use repot_python::{Declaration, DefinitionKind};
use repot_workspace::{Module, ModuleId, Origin, Place, ResolvedName, Role, Target, Workspace};

use crate::figure::{Shares, as_figure, percent, shared};
use crate::source::each_module;
use crate::{Figure, Finding};

/// The name of the metric, and of the rule behind its findings.
pub const TEST_PRESENCE: &str = "test-presence";

/// What all test modules come to.
#[derive(Default)]
struct Tests {
    /// The modules that they import.
    reached: BTreeSet<ModuleId>,
    /// The package and the stem of the module that they are named after.
    named: BTreeSet<(usize, String)>,
    count: usize,
}

/// The findings, one for each module without a test, and the figure; its value
/// is the percentage of modules that have one.
pub fn test_presence(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let tests = tests(workspace);
    let modules =
        each_module(workspace, |id, module| (is_tested(&tests, id, module), symbols(workspace, id)));
    let (mut shares, mut findings) = (Shares::new(), Vec::new());
    let (mut tested, mut whole, mut public) = (0, 0, 0);
    for (module, (is_tested, (all, own))) in modules {
        public += own;
        if all == 0 {
            continue;
        }
        whole += 1;
        tested += usize::from(is_tested);
        let share = shares.entry(workspace.package_name(module).unwrap_or_default().to_owned()).or_default();
        *share = (share.0 + usize::from(is_tested), share.1 + 1);
        if !is_tested {
            let message = "no test imports this module or is named after it".to_owned();
            let hint = format!("a test imports it, or is called `test_{}.py`", module.path.file_stem());
            findings.push(Finding::on_line(TEST_PRESENCE, &module.path, 1, message, Some(hint)));
        }
    }
    let parts =
        [("with a test", tested), ("modules", whole), ("tests", tests.count), ("public symbols", public)];
    let mut figure = shared(workspace, TEST_PRESENCE, (tested, whole), &parts, &shares, percent);
    let rate = (as_figure(tests.count) * 100.0 / as_figure(public.max(1))).round() / 100.0;
    figure.parts.push(("tests per public symbol".to_owned(), rate));
    (findings, figure)
}

fn is_tested(tests: &Tests, id: ModuleId, module: &Module) -> bool {
    let stem = if module.is_init {
        module.folder().file_name().to_owned()
    } else {
        module.path.file_stem().to_owned()
    };
    tests.reached.contains(&id)
        || module.package.is_some_and(|package| tests.named.contains(&(package.index(), stem)))
}

/// How many top-level classes and functions a module defines, and how many of
/// them are public.
fn symbols(workspace: &Workspace, id: ModuleId) -> (usize, usize) {
    let names = &workspace.file(id).definitions().names;
    let defined = names.iter().filter(|(_, bindings)| {
        bindings.iter().any(|it| matches!(it.kind, DefinitionKind::Class | DefinitionKind::Function))
    });
    defined.fold((0, 0), |(all, public), (name, _)| (all + 1, public + usize::from(!name.starts_with('_'))))
}

fn tests(workspace: &Workspace) -> Tests {
    let modules: Vec<(ModuleId, &Module)> = workspace.modules().iter().collect();
    let read: Vec<Tests> = modules
        .into_par_iter()
        .filter(|(_, module)| module.role == Role::Test)
        .map(|(id, module)| of_module(workspace, id, module))
        .collect();
    read.into_iter().fold(Tests::default(), |mut all, one| {
        all.reached.extend(one.reached);
        all.named.extend(one.named);
        all.count += one.count;
        all
    })
}

fn of_module(workspace: &Workspace, id: ModuleId, module: &Module) -> Tests {
    let file = workspace.file(id);
    let statements = file.imports().iter();
    let names = statements.flat_map(|statement| workspace.resolve_statement(module, statement));
    let reached = names.flat_map(|name| reached(workspace, &name)).collect();
    let stem = module.path.file_stem();
    let named = stem.strip_prefix("test_").or_else(|| stem.strip_suffix("_test"));
    let named = module.package.zip(named).map(|(package, stem)| (package.index(), stem.to_owned()));
    let declarations = &file.structure().declarations.all;
    let count = declarations.iter().filter(|one| is_test(one, declarations)).count();
    Tests { reached, named: named.into_iter().collect(), count }
}

/// A function `test…` of a module, or a method of that name.
fn is_test(one: &Declaration, all: &[Declaration]) -> bool {
    let outer = one.parent.and_then(|parent| all.get(parent));
    !one.is_class && one.name.starts_with("test") && outer.is_none_or(|outer| outer.is_class)
}

/// The modules that an imported name leads to: the one that is named, and the
/// one in which what is imported is defined.
fn reached(workspace: &Workspace, name: &ResolvedName) -> Vec<ModuleId> {
    let Target::Found(place) = &name.target else { return Vec::new() };
    let origin = name.name.as_deref().and_then(|name| workspace.origin(place, name));
    let behind = match origin {
        Some(Origin::Definition { module, .. }) => Some(module),
        Some(Origin::Module(Place::Module(module))) => Some(module),
        _ => None,
    };
    let named = match place {
        Place::Module(id) => Some(*id),
        Place::Namespace(_) => None,
    };
    named.into_iter().chain(behind).collect()
}

#[cfg(test)]
mod cases {
    use super::*;
    use crate::sample::workspace;

    #[test]
    fn a_module_is_tested_by_an_import_or_by_a_name() {
        let workspace = workspace(&[
            ("p/shop/src/shop/__init__.py", "from .cart import Cart\n"),
            ("p/shop/src/shop/cart.py", "class Cart: pass\ndef _add(): pass\n"),
            ("p/shop/src/shop/price.py", "def price(): pass\n"),
            ("p/shop/src/shop/tax.py", "def tax(): pass\n"),
            ("p/shop/src/shop/names.py", "A = 1\n"),
            ("p/shop/tests/test_price.py", "def test_a(): pass\ndef helper(): pass\n"),
            (
                "p/shop/tests/test_all.py",
                "from shop import Cart\nclass TestCart:\n  def test_b(self):\n    def test_c(): pass\n",
            ),
            ("p/desk/src/desk/price.py", "def price(): pass\n"),
        ]);
        let (findings, figure) = test_presence(&workspace);
        let told: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(told, ["p/desk/src/desk/price.py", "p/shop/src/shop/tax.py"]);
        assert_eq!(figure.value, Some(50.0));
        let parts: Vec<f64> = figure.parts.iter().map(|(_, value)| *value).collect();
        assert_eq!(parts, [2.0, 4.0, 2.0, 4.0, 0.5]);
        assert_eq!((figure.by_package["shop"], figure.by_domain["sales"]), (66.6, 66.6));
        assert_eq!(figure.by_package["desk"], 0.0);
    }
}
