//! What every metric means and where its figure comes from, as
//! `docs/metrics.md` prints it.
//!
//! How a metric is measured is known to its own file alone.

use crate::Unit;
use crate::commands::COMMAND;
use crate::compliance::TEMPLATE_COMPLIANCE;
use crate::coverage::TEST_COVERAGE;
use crate::dangling::DANGLING_IMPORTS;
use crate::docstrings::DOCSTRING_COVERAGE;
use crate::documentation::DOCUMENTATION;
use crate::features::FEATURE_COMPLETENESS;
use crate::layers::{LAYER_COMPLETENESS, LAYER_ORDER};
use crate::legacy::LEGACY_IMPORTS;
use crate::owed::OWED_CONTRACTS;
use crate::retired::RETIRED_PACKAGES;
use crate::rules::{
    BOUNDARY_VIOLATIONS, COMPOSITION_ROOT, DOMAIN_CHAINS, NO_CYCLES, PRIVATE_ACCESS, PUBLIC_INTERFACE,
    UNDECLARED_DEPENDENCY,
};
use crate::tested::TEST_PRESENCE;
use crate::twins::DUPLICATE_PACKAGES;
use crate::undeclared::UNDECLARED_PACKAGES;
use crate::versions::VERSION_DRIFT;
use crate::wanted::MISSING_PACKAGES;

/// A metric: its name, what it counts, and what it reads.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What its numbers are.
    pub unit: Unit,
    /// What its value is, in one or more sentences.
    pub about: &'static str,
    /// What it is read from, and when it is unknown or has no figure.
    pub source: &'static str,
    /// Whether it is measured only where a gate compares it, or somebody names
    /// it. Its findings are then a list to work through, and fail nothing.
    pub on_request: bool,
}

/// Every metric, in the order in which they are documented.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        name: LEGACY_IMPORTS,
        unit: Unit::Count,
        about: "Import statements that name a legacy root or anything below it. Its parts count the names in \
                these statements, the files, and the strings that are wholly a dotted path below a root.",
        source: "`legacy-roots` in `[workspace]`, and the import statements of every Python file, tests too.",
        on_request: false,
    },
    Definition {
        name: DANGLING_IMPORTS,
        unit: Unit::Count,
        about: "Imported names that belong to this repository by their first component or their dots, and that \
                no file of it defines.",
        source: "The import statements of every Python file, resolved against the tree.",
        on_request: false,
    },
    Definition {
        name: BOUNDARY_VIOLATIONS,
        unit: Unit::Count,
        about: "Imported names that lie in a domain which the importer's domain may not import.",
        source: "`[domains]`, and the import statements of the packages' code.",
        on_request: false,
    },
    Definition {
        name: OWED_CONTRACTS,
        unit: Unit::Count,
        about: "Contracts that stand for what nobody has written yet: classes and functions whose docstring begins \
                with `Owed: `. Whoever implements one takes that away.",
        source: "The docstrings of the classes and functions of every Python file.",
        on_request: false,
    },
    Definition {
        name: MISSING_PACKAGES,
        unit: Unit::Count,
        about: "Packages that the roadmap wants and that do not exist.",
        source: "`packages` in `[template]`; without it there is no figure.",
        on_request: false,
    },
    Definition {
        name: LAYER_COMPLETENESS,
        unit: Unit::Percent,
        about: "Of the layers that the packages which are asked for them should have, the share that is there.",
        source: "`layers`, `layered` and `synonyms` in `[template]`; without the first two there is no figure.",
        on_request: false,
    },
    Definition {
        name: LAYER_ORDER,
        unit: Unit::Count,
        about: "Names that a layer of a package imports from a layer above it.",
        source: "`layers` in `[template]`, and the import statements of the packages' code.",
        on_request: false,
    },
    Definition {
        name: TEMPLATE_COMPLIANCE,
        unit: Unit::Percent,
        about: "Every package with code and every rule of the template make one pair; the value is the share of \
                pairs that hold.",
        source: "`[template]`, and the packages' `pyproject.toml`; one that is missing or broken holds nothing.",
        on_request: false,
    },
    Definition {
        name: VERSION_DRIFT,
        unit: Unit::Count,
        about: "Requirements that ask for other versions than the workspace has agreed on, and those \
                that disagree while nothing is agreed on. The parts count the distributions and the \
                conflicts.",
        source: "`[versions]` and the packages' project files; without `[versions]` there is no figure.",
        on_request: false,
    },
    Definition {
        name: DUPLICATE_PACKAGES,
        unit: Unit::Count,
        about: "Pairs of packages that look like one package twice, by their names or by what they \
                define. A suspicion, and therefore no finding.",
        source: "The names, modules and definitions of all packages.",
        on_request: true,
    },
    Definition {
        name: RETIRED_PACKAGES,
        unit: Unit::Count,
        about: "Places where a package that was merged into another is back: as a folder, an import or \
                a dependency.",
        source: "`[[retired]]`; without it there is no figure.",
        on_request: false,
    },
    Definition {
        name: DOMAIN_CHAINS,
        unit: Unit::Count,
        about: "Packages that reach a forbidden domain through others.",
        source: "The import statements of every Python file, resolved against the tree; what counts, \
                `[boundaries]` says.",
        on_request: true,
    },
    Definition {
        name: NO_CYCLES,
        unit: Unit::Count,
        about: "Circles of packages that import each other, and with `module-cycles` of modules; tests \
                are left out.",
        source: "The import statements of every Python file, resolved against the tree; what counts, \
                `[boundaries]` says.",
        on_request: true,
    },
    Definition {
        name: PRIVATE_ACCESS,
        unit: Unit::Count,
        about: "Names with a leading underscore that are imported from another package.",
        source: "The import statements of every Python file, resolved against the tree; what counts, \
                `[boundaries]` says.",
        on_request: true,
    },
    Definition {
        name: PUBLIC_INTERFACE,
        unit: Unit::Count,
        about: "Imports from another package of what that package does not export.",
        source: "The import statements of every Python file, resolved against the tree; what counts, \
                `[boundaries]` says. What is exported is `__all__` of the top `__init__.py`, or what \
                that file binds.",
        on_request: true,
    },
    Definition {
        name: UNDECLARED_DEPENDENCY,
        unit: Unit::Count,
        about: "Distributions that a package imports and does not declare, once for each package and \
                distribution.",
        source: "The import statements of every Python file, resolved against the tree; what counts, \
                `[boundaries]` says. The packages' project files, and `[boundaries.distributions]`.",
        on_request: true,
    },
    Definition {
        name: COMPOSITION_ROOT,
        unit: Unit::Count,
        about: "Imports of a composition root from another package.",
        source: "`composition-roots` in `[boundaries]`, and the import statements of every Python file.",
        on_request: true,
    },
    Definition {
        name: DOCUMENTATION,
        unit: Unit::Percent,
        about: "Every package and everything that is asked of its documentation make one pair; the value is the \
                share of pairs that hold. Asked are a README (`.md`, `.rst` or `.txt`), each section that the \
                template names, as a heading that holds these words, requirements (`dependencies` in the \
                project file, a `requirements*.txt`, or a heading), and examples (a folder `examples`, a \
                fenced or indented block of code in the README).",
        source: "`readme` in `[template]`, a list of sections; without it there is no figure.",
        on_request: false,
    },
    Definition {
        name: UNDECLARED_PACKAGES,
        unit: Unit::Count,
        about: "Packages that lie in no domain, and that therefore no boundary protects.",
        source: "`[domains]`; without domains there is no figure. `undeclared` in `[workspace]` says what becomes \
                of them: with `\"deny\"` each is a finding, with `\"allow\"` they are counted.",
        on_request: false,
    },
    Definition {
        name: TEST_COVERAGE,
        unit: Unit::Percent,
        about: "Covered statements and branches, of all that the reports measure. It is the figure of \
                `coverage report --precision=1`, rounding included, for the files that the tree has; two \
                reports about one file are united line by line. `[coverage.at-least]` sets what single \
                packages owe; those below it, and those that no report knows, are findings.",
        source: "The reports that `files` in `[coverage]` names: `coverage.json`, Cobertura's XML, lcov, told \
                apart by their content. Unknown when one cannot be read, measures no line, names mostly files \
                that this tree does not have, or names lines behind the end of one. A package that no report \
                names has no figure, and a gate on it is unknown.",
        on_request: false,
    },
    Definition {
        name: TEST_PRESENCE,
        unit: Unit::Percent,
        about: "Of the modules of the packages' code that define a class or function, the share that some test \
                module imports, directly or through re-exports, or that a test module of the same package is \
                named after (`test_cart.py`, `cart_test.py`). Its parts count the tests and the public \
                top-level classes and functions, and say how many tests there are for each of these.",
        source: "The import statements, definitions and names of the packages' Python files.",
        on_request: true,
    },
    Definition {
        name: DOCSTRING_COVERAGE,
        unit: Unit::Percent,
        about: "Of the modules, classes and functions of the packages' code, private and nested ones too, the \
                share that has a docstring. The same is counted by `interrogate` with its defaults.",
        source: "The syntax trees of the packages' code. A file that does not parse is left out, and counted in \
                the parts.",
        on_request: true,
    },
    Definition {
        name: FEATURE_COMPLETENESS,
        unit: Unit::Count,
        about: "What is visibly unfinished in the packages' code: functions whose whole body is `raise \
                NotImplementedError`; functions with an empty body (`pass`, `...`, a docstring alone) that are \
                no protocol, no abstract method, no overload, no special method, not nested and not \
                decorated otherwise; comments with `TODO` or `FIXME`. The parts count each of these, and the \
                comments that name no owner, as `TODO(ada)` does.",
        source: "The syntax trees and comments of the packages' code, without tests and stubs.",
        on_request: true,
    },
    Definition {
        name: COMMAND,
        unit: Unit::Count,
        about: "The figure of a command, under the name that the roadmap gives it; a count, or with `unit = \
                \"percent\"` a percentage.",
        source: "`[metrics.NAME]` with a `command` and a JSON `pointer` into what it prints, or a `pattern` for \
                it. Commands are run by `repot check`, `repot status`, and by `repot apply` where a gate \
                compares the figure, and by nothing else; `--no-commands` runs none. Unknown when the command \
                does not end in time (60 seconds, or its `timeout`), ends with another status than 0 (or those \
                in `exit-status`), or prints no such figure.",
        on_request: true,
    },
];

const COUNT: usize = DEFINITIONS.len() - 1;

/// The name of every metric that Repot measures itself, in the order in which
/// they are documented.
pub const METRICS: &[&str] = &names();

/// The commands' metrics have the roadmap's names, and come last.
const fn names() -> [&'static str; COUNT] {
    let mut names = [""; COUNT];
    let mut at = 0;
    while at < COUNT {
        names[at] = DEFINITIONS[at].name;
        at += 1;
    }
    names
}

/// Whether `metric` is measured only where somebody asks for it.
#[must_use]
pub fn is_on_request(metric: &str) -> bool {
    DEFINITIONS.iter().find(|definition| definition.name == metric).is_none_or(|it| it.on_request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_but_the_commands_has_a_name_of_its_own() {
        let mut names = METRICS.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), DEFINITIONS.len() - 1);
        assert!(!METRICS.contains(&COMMAND) && is_on_request("my-own"));
        assert!(is_on_request(DOCSTRING_COVERAGE) && !is_on_request(LEGACY_IMPORTS));
    }
}
