//! The roadmap as values: what the file says once every name in it is known.
//!
//! Only what the file says. What it means for a tree, which package a glob
//! matches and what an import resolves to, is found elsewhere.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use pep440_rs::VersionSpecifiers;
use pep508_rs::MarkerTree;
use thiserror::Error;

use crate::{
    Boundaries, CommandMetric, Coverage, Criterion, Exception, Pattern, RoadmapErrors, RoadmapFile,
    RoadmapProblem, Scope, Settings, Spanned, Undeclared, Vocabulary, nearest, parse,
};

/// A roadmap without an error in itself.
#[derive(Debug, Clone)]
pub struct Roadmap {
    /// Where it was read, for problems that are found later.
    pub file: RoadmapFile,
    /// `[workspace]`.
    pub workspace: WorkspaceTable,
    /// `[domains.NAME]`, by name.
    pub domains: BTreeMap<String, Domain>,
    /// `[template]`.
    pub template: Option<Template>,
    /// `[versions]`, and what is decided about requirements.
    pub versions: Versions,
    /// `[boundaries]`.
    pub boundaries: Boundaries,
    /// `[[exception]]`, in the order of the file.
    pub exceptions: Vec<Exception>,
    /// `[coverage]`.
    pub coverage: Option<Coverage>,
    /// `[metrics.NAME]`, in the order of the file; no name is one that Repot
    /// measures itself.
    pub metrics: Vec<CommandMetric>,
    /// `[[phase]]`, in the order of the file; names are unique.
    pub phases: Vec<Phase>,
    /// `[[decide]]`, in the order of the file; no symbol is settled twice for
    /// the same importers.
    pub decisions: Vec<Decide>,
    /// `[[retired]]`, in the order of the file.
    pub retired: Vec<Retired>,
}

/// What belongs to the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceTable {
    /// Globs of package folders; at least one.
    pub members: Vec<Spanned<Pattern>>,
    /// Globs of paths that are left alone.
    pub exclude: Vec<Spanned<Pattern>>,
    /// Dotted names that must disappear from imports.
    pub legacy_roots: Vec<Spanned<String>>,
    /// What becomes of packages in no domain, where the roadmap says.
    pub undeclared: Option<Undeclared>,
}

/// A named group of packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Globs of package folders; at least one.
    pub members: Vec<Spanned<Pattern>>,
    /// Names of domains that exist, or `*` for any.
    pub may_import: Vec<Spanned<String>>,
    /// The domain's name in the file.
    pub span: Option<Range<usize>>,
}

/// What every package's `pyproject.toml` must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Template {
    /// The build backend's distribution, such as `hatchling`.
    pub build_backend: Option<String>,
    /// The value of `requires-python`, such as `>=3.11`.
    pub requires_python: Option<String>,
    /// The folders of a package, innermost first: each may import those before
    /// it.
    pub layers: Vec<String>,
    /// The packages that must have these folders: globs of folders, or names.
    pub layered: Vec<Spanned<String>>,
    /// The packages that there must be: names, import names, or globs of their
    /// folders.
    pub packages: Vec<Spanned<String>>,
    /// The folder with templates of the user's own, for new packages.
    pub path: Option<Spanned<String>>,
    /// By layer, the names of the folders that are taken for it. A layer that
    /// stands here has no other names than these.
    pub synonyms: BTreeMap<String, Vec<String>>,
    /// The groups of dependencies that a package has, as extras or as groups.
    pub groups: Vec<String>,
    /// Where a missing group goes: `optional-dependencies` or
    /// `dependency-groups`; without a word, where the package has its others.
    pub groups_in: Option<String>,
    /// What a missing group of this name holds; without a word, what is usual.
    pub requirements: BTreeMap<String, Vec<String>>,
    /// What a missing table of this tool says; without a word, what is usual.
    /// The keys are dotted paths below the tool's own table.
    pub settings: BTreeMap<String, Vec<(String, TomlValue)>>,
    /// The tools that a package sets up, each one of [`Template::TOOLS`].
    pub tools: Vec<String>,
    /// Whether the classifiers have to agree with `requires-python`.
    pub classifiers: bool,
    /// The sections that a package's README has.
    pub readme: Vec<String>,
    /// The entries of `[[decide]]` about a rule of the template.
    pub decided: Vec<DecideRule>,
    /// Those about a `requirement`, which say where a package lies.
    pub placed: Vec<DecideRequirement>,
}

/// A choice about a rule of the template that a person has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideRule {
    /// The rule, one of [`Template::RULES`].
    pub rule: Spanned<String>,
    /// What is right where the rule asks; `None` keeps what there is.
    pub target: Option<String>,
    /// `in`: only for project files whose path this matches.
    pub within: Option<Spanned<Pattern>>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// A value of TOML, for what a project file is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TomlValue {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<TomlValue>),
}

impl Template {
    /// The tools that can be asked for.
    pub const TOOLS: &'static [&'static str] = &["ruff", "mypy", "pytest", "coverage"];
    /// The rules that are judged, in the order in which they are mended.
    pub const RULES: &'static [&'static str] = &[
        "identity",
        "build-system",
        "requires-python",
        "dependency-groups",
        "tool-tables",
        "classifiers",
        "wheel-packages",
        "builds",
    ];
    /// The places of groups.
    pub const GROUPS_IN: &'static [&'static str] = &["optional-dependencies", "dependency-groups"];
}

/// The versions that the packages of the workspace ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// Whether there is a `[versions]`; an empty one asks for agreement alone.
    pub is_asked: bool,
    /// The entries, in the order of the file; each satisfiable.
    pub rules: Vec<VersionRule>,
    /// The entries of `[[decide]]` about a `requirement`.
    pub decided: Vec<DecideRequirement>,
}

/// What every package asks of one distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionRule {
    /// The distribution, as the file spells it.
    pub distribution: Spanned<String>,
    /// Its versions as PEP 440 says them, as the file spells them.
    pub versions: String,
    /// The same, read.
    pub specifiers: VersionSpecifiers,
    /// Where it holds; always true without a marker.
    pub marker: MarkerTree,
}

/// A choice about a requirement that a person has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideRequirement {
    /// The distribution, as the file spells it.
    pub requirement: Spanned<String>,
    /// What is asked of it; `None` keeps what there is.
    pub target: Option<RequirementTarget>,
    /// `in`: only for project files whose path this matches.
    pub within: Option<Spanned<Pattern>>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// What a person has decided that a requirement asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequirementTarget {
    /// These versions: as the file spells them, and read.
    Versions(String, VersionSpecifiers),
    /// The package of the workspace in this folder.
    Folder(String),
}

/// Ordered steps, and the gates that say when they are done.
#[derive(Debug, Clone)]
pub struct Phase {
    /// Its name on the command line; unique.
    pub name: Spanned<String>,
    /// Its name for people; the name when nothing else is said.
    pub title: String,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Its gates, in order.
    pub gates: Vec<Gate>,
    /// What only people can judge, in order.
    pub criteria: Vec<Criterion>,
    /// `[phase.verify]`: what it must not make worse.
    pub verify: Verify,
}

/// Commands that a phase must leave as well as they were; by default none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verify {
    /// The command lines, as a shell reads them.
    pub commands: Vec<Spanned<String>>,
    /// How long each of them may take.
    pub timeout: Option<Duration>,
}

/// One codemod with its settings.
#[derive(Debug, Clone)]
pub struct Step {
    /// The name of a codemod of the vocabulary.
    pub codemod: Spanned<String>,
    /// Its settings, as the codemod declares them.
    pub settings: Settings,
}

/// A metric compared with a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// The name of a metric of the vocabulary.
    pub metric: Spanned<String>,
    /// When the gate is passed.
    pub target: Target,
    /// Whom it looks at; `None` for the whole workspace.
    pub scope: Option<Scope>,
    /// The target in the file.
    pub span: Option<Range<usize>>,
}

/// The finite number that a metric is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// `at-most`: not above.
    AtMost(f64),
    /// `at-least`: not below.
    AtLeast(f64),
    /// `equals`.
    Equals(f64),
}

impl Target {
    /// Whether a metric that measures `figure` passes.
    #[must_use]
    pub fn is_met_by(self, figure: f64) -> bool {
        match self {
            Self::AtMost(most) => figure <= most,
            Self::AtLeast(least) => figure >= least,
            // Counts are whole and ratios come from a file: no rounding between.
            Self::Equals(value) => (figure - value).abs() < f64::EPSILON,
        }
    }

    /// The number itself.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::AtMost(value) | Self::AtLeast(value) | Self::Equals(value) => value,
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(value) => write!(f, "at most {value}"),
            Self::AtLeast(value) => write!(f, "at least {value}"),
            Self::Equals(value) => write!(f, "exactly {value}"),
        }
    }
}

/// A choice that a person has made; it has a target, a strategy or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decide {
    /// The module `a.b` or the symbol `a.b:Name` that imports name today.
    pub symbol: Spanned<String>,
    /// Where it really is: a module, a symbol, or a path.
    pub target: Option<Spanned<String>>,
    /// One of `direct`, `relocate`, `protocol`, `inject`, `contract`, `keep`.
    pub strategy: Option<Spanned<String>>,
    /// `in`: only for importers whose path this matches.
    pub within: Option<Spanned<Pattern>>,
    /// Why, for people.
    pub reason: Option<String>,
}

/// A package that was merged into another and must not come back; it has a
/// package, a folder, a distribution or several of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// Its dotted import name.
    pub package: Option<Spanned<String>>,
    /// The package that it was merged into, for people.
    pub into: Option<String>,
    /// Its folder.
    pub folder: Option<Spanned<String>>,
    /// The name of its distribution.
    pub distribution: Option<Spanned<String>>,
}

/// There is no phase of that name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the roadmap has no phase `{wanted}`")]
pub struct UnknownPhase {
    /// The name that was asked for.
    pub wanted: String,
    /// The phase that was probably meant.
    pub nearest: Option<String>,
    /// The names of all phases.
    pub known: Vec<String>,
}

impl UnknownPhase {
    /// What to ask for instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.nearest {
            Some(name) => format!("did you mean `{name}`?"),
            None => {
                let names: Vec<&str> = self.known.iter().map(String::as_str).collect();
                crate::name::all("phases", &names)
            }
        }
    }
}

impl Roadmap {
    /// Reads the text of a `repot.toml`; `name` is what errors call the file.
    ///
    /// # Errors
    ///
    /// [`RoadmapErrors`] with everything that is wrong: a file that is no TOML,
    /// names that nobody knows, values of a wrong type or meaning.
    pub fn parse(name: &str, text: &str, vocabulary: &Vocabulary<'_>) -> Result<Self, RoadmapErrors> {
        parse::whole_file(RoadmapFile::new(name, text), vocabulary)
    }

    /// Reads `[tool.repot]` of a `pyproject.toml`; `None` when it has none.
    ///
    /// # Errors
    ///
    /// As [`Roadmap::parse`].
    pub fn from_pyproject(
        name: &str,
        text: &str,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Option<Self>, RoadmapErrors> {
        parse::tool_table(RoadmapFile::new(name, text), vocabulary)
    }

    /// A problem that only the tree shows, such as a glob that matches nothing.
    #[must_use]
    pub fn problem(
        &self,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        hint: Option<String>,
    ) -> RoadmapProblem {
        RoadmapProblem::new(&self.file, span, message).hint(hint)
    }

    /// The phase called `name`.
    ///
    /// # Errors
    ///
    /// [`UnknownPhase`] with the nearest name.
    pub fn phase(&self, name: &str) -> Result<&Phase, UnknownPhase> {
        let names = || self.phases.iter().map(|phase| phase.name.value.as_str());
        self.phases.iter().find(|phase| phase.name.value == name).ok_or_else(|| UnknownPhase {
            wanted: name.to_owned(),
            nearest: nearest(name, names()).map(str::to_owned),
            known: names().map(str::to_owned).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_holds_at_its_border() {
        for (target, below, at, above) in [
            (Target::AtMost(2.0), true, true, false),
            (Target::AtLeast(2.0), false, true, true),
            (Target::Equals(2.0), false, true, false),
        ] {
            assert_eq!(target.is_met_by(1.0), below, "{target}");
            assert_eq!(target.is_met_by(2.0), at, "{target}");
            assert_eq!(target.is_met_by(3.0), above, "{target}");
        }
    }
}
