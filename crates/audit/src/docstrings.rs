//! The metric `docstring-coverage`: how much of the packages' code is
//! documented.
//!
//! Counted as `interrogate` does with its defaults: every module, class and
//! function, at any depth and of any name. `tests/prove-figures` compares the
//! two.

use repot_workspace::{Module, ModuleId, Workspace};

use crate::figure::{Shares, percent, shared};
use crate::source::each_module;
use crate::{Figure, Finding};

/// The name of the metric, and of the rule behind its findings.
pub const DOCSTRING_COVERAGE: &str = "docstring-coverage";

/// What one file holds.
struct Tally {
    documented: usize,
    definitions: usize,
    findings: Vec<Finding>,
}

/// The findings, one for everything without a docstring, and the figure.
pub fn docstring_coverage(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let tallies = each_module(workspace, |id, module| tally(workspace, id, module));
    let broken = tallies.iter().filter(|(_, tally)| tally.is_none()).count();
    let mut shares = Shares::new();
    let (mut documented, mut definitions) = (0, 0);
    for (module, tally) in &tallies {
        let Some(tally) = tally else { continue };
        documented += tally.documented;
        definitions += tally.definitions;
        let share = shares.entry(workspace.package_name(module).unwrap_or_default().to_owned()).or_default();
        *share = (share.0 + tally.documented, share.1 + tally.definitions);
    }
    let parts =
        [("documented", documented), ("definitions", definitions), ("files that do not parse", broken)];
    let figure = shared(workspace, DOCSTRING_COVERAGE, (documented, definitions), &parts, &shares, percent);
    (tallies.into_iter().filter_map(|(_, tally)| tally).flat_map(|tally| tally.findings).collect(), figure)
}

/// `None` for a file that does not parse.
fn tally(workspace: &Workspace, id: ModuleId, module: &Module) -> Option<Tally> {
    let file = workspace.file(id);
    let declarations = &file.structure().declarations;
    if file.is_broken() {
        return None;
    }
    let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
    let mut findings = Vec::new();
    if !declarations.has_docstring {
        let message = "the module has no docstring".to_owned();
        findings.push(Finding::on_line(DOCSTRING_COVERAGE, &module.path, 1, message, hint()));
    }
    for lacking in declarations.all.iter().filter(|one| !one.has_docstring) {
        let kind = if lacking.is_class { "class" } else { "function" };
        let place = (&module.path, bytes, lacking.span);
        let message = format!("the {kind} `{}` has no docstring", lacking.name);
        findings.push(Finding::at(DOCSTRING_COVERAGE, place, message, hint()));
    }
    let definitions = declarations.all.len() + 1;
    Some(Tally { documented: definitions - findings.len(), definitions, findings })
}

fn hint() -> Option<String> {
    Some("say in one line what it is for".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::workspace;

    #[test]
    fn modules_classes_and_functions_count_alike() {
        let workspace = workspace(&[
            ("p/shop/src/shop/__init__.py", "'''Shop.'''\n"),
            (
                "p/shop/src/shop/cart.py",
                "class Cart:\n    '''A cart.'''\n    def _add(self):\n        def f(): 'x'\n",
            ),
            ("p/shop/src/shop/bad.py", "def f(:\n"),
            ("p/shop/tests/test_cart.py", "def test(): pass\n"),
            ("p/desk/src/desk/__init__.py", ""),
        ]);
        let (findings, figure) = docstring_coverage(&workspace);
        let parts: Vec<f64> = figure.parts.iter().map(|(_, value)| *value).collect();
        assert_eq!(parts, [3.0, 6.0, 1.0]);
        assert_eq!(figure.value, Some(50.0));
        assert_eq!((figure.by_package["shop"], figure.by_package["desk"]), (60.0, 0.0));
        assert_eq!(figure.by_domain["sales"], 60.0);
        let told: Vec<String> = findings
            .iter()
            .map(|it| format!("{}:{}:{} {}", it.path, it.line, it.column, it.message))
            .collect();
        assert_eq!(
            told,
            [
                "p/desk/src/desk/__init__.py:1:1 the module has no docstring",
                "p/shop/src/shop/cart.py:1:1 the module has no docstring",
                "p/shop/src/shop/cart.py:3:9 the function `_add` has no docstring",
            ]
        );
    }
}
