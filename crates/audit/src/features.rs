//! The metric `feature-completeness`: what is visibly unfinished in the
//! packages' code.
//!
//! Only what a file says by itself: a body that raises `NotImplementedError`,
//! one without code where code is expected, a comment that says so.

use std::sync::LazyLock;

use regex::bytes::Regex;
use repot_change::Span;
use repot_python::{Body, Declaration};
use repot_workspace::{Module, ModuleId, Workspace};

use crate::source::each_module;
use crate::{Figure, Finding, figure};

/// The name of the metric, and of the rule behind its findings.
pub const FEATURE_COMPLETENESS: &str = "feature-completeness";

/// `TODO` or `FIXME` as a word, and in brackets whom it belongs to.
static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(TODO|FIXME)\b(?:\s*\(\s*([^)\s][^)]*)\))?").expect("a pattern"));

/// Decorators below which a body may be empty for no reason of its own.
const PLAIN: &[&str] = &["property", "staticmethod", "classmethod", "cached_property"];

const UNWRITTEN: &str = "write it, take it away, or mark it as abstract";
const UNDONE: &str = "do it, or make it an issue and take the comment away";

/// What one file holds; its findings are all of these.
#[derive(Default)]
struct Tally {
    not_implemented: usize,
    empty: usize,
    marks: usize,
    unowned: usize,
    findings: Vec<Finding>,
}

/// The findings, one for each thing unfinished, and the figure; its value
/// counts them.
pub fn feature_completeness(workspace: &Workspace) -> (Vec<Finding>, Figure) {
    let tallies = each_module(workspace, |id, module| tally(workspace, id, module));
    let count = |part: fn(&Tally) -> usize| tallies.iter().map(|(_, tally)| part(tally)).sum::<usize>();
    let parts = [
        ("unfinished", count(|tally| tally.findings.len())),
        ("not implemented", count(|tally| tally.not_implemented)),
        ("empty", count(|tally| tally.empty)),
        ("TODO and FIXME", count(|tally| tally.marks)),
        ("of them without owner", count(|tally| tally.unowned)),
    ];
    let per_file =
        tallies.iter().map(|(module, tally)| (workspace.package_name(module), tally.findings.len()));
    let figure = figure::counted(FEATURE_COMPLETENESS, &parts, per_file);
    (tallies.into_iter().flat_map(|(_, tally)| tally.findings).collect(), figure)
}

fn tally(workspace: &Workspace, id: ModuleId, module: &Module) -> Tally {
    let file = workspace.file(id);
    let (structure, bytes) = (file.structure(), file.bytes().map_or(&[][..], |bytes| bytes));
    let mut tally = Tally::default();
    let mut found = |span, message: String, hint: &str| {
        let place = (&module.path, bytes, span);
        tally.findings.push(Finding::at(FEATURE_COMPLETENESS, place, message, Some(hint.to_owned())));
    };
    let declarations = &structure.declarations.all;
    for one in declarations.iter().filter(|one| !one.is_class && is_owed(one, declarations)) {
        match one.body {
            Body::Code => {}
            Body::NotImplemented => {
                tally.not_implemented += 1;
                found(one.span, format!("`{}` is not implemented", one.name), UNWRITTEN);
            }
            Body::Empty if may_be_empty(one, declarations) => {}
            Body::Empty => {
                tally.empty += 1;
                found(one.span, format!("the body of `{}` is empty", one.name), UNWRITTEN);
            }
        }
    }
    for (span, word, owner) in marks(bytes, &structure.comments) {
        tally.marks += 1;
        tally.unowned += usize::from(owner.is_none());
        let whose = owner.map_or_else(|| "without an owner".to_owned(), |owner| format!("of {owner}"));
        found(span, format!("a {word} {whose}"), UNDONE);
    }
    tally
}

/// Whether a body is owed here: not by a protocol, an abstract method or an
/// overload.
fn is_owed(one: &Declaration, all: &[Declaration]) -> bool {
    let is_open = |name: &str| name.starts_with("abstract") || name == "overload";
    let in_protocol = one
        .parent
        .and_then(|parent| all.get(parent))
        .is_some_and(|class| class.bases.iter().any(|base| last(base) == "Protocol"));
    !in_protocol && !one.decorators.iter().any(|decorator| is_open(last(decorator)))
}

/// Whether nothing is missing where a function has no code: what calls it by
/// convention (`__init__`), a function within another, one that its decorator
/// makes something of.
fn may_be_empty(one: &Declaration, all: &[Declaration]) -> bool {
    let is_special = one.name.starts_with("__") && one.name.ends_with("__");
    let is_nested = one.parent.and_then(|parent| all.get(parent)).is_some_and(|outer| !outer.is_class);
    is_special || is_nested || !one.decorators.iter().all(|decorator| PLAIN.contains(&last(decorator)))
}

/// `overload` of `typing.overload`; a call is taken as what is called.
fn last(dotted: &str) -> &str {
    let name = dotted.split('(').next().unwrap_or_default().trim_end();
    name.rsplit('.').next().unwrap_or(name)
}

/// The marks in comments: where each stands, its word, and whose it is.
fn marks(bytes: &[u8], comments: &[Span]) -> Vec<(Span, String, Option<String>)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let mut marks = Vec::new();
    for comment in comments {
        for found in MARK.captures_iter(bytes.get(comment.range()).unwrap_or_default()) {
            let Some(word) = found.get(1) else { continue };
            let start = comment.start + word.start();
            let span = Span::new(start, start + word.len());
            marks.push((span, text(word.as_bytes()), found.get(2).map(|owner| text(owner.as_bytes()))));
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::workspace;

    fn found(source: &str) -> Vec<String> {
        let workspace = workspace(&[("p/shop/shop.py", source)]);
        let (findings, figure) = feature_completeness(&workspace);
        assert_eq!(figure.by_domain.len(), 0, "domains are added where all figures are");
        assert_eq!(figure.value, Some(figure::as_figure(findings.len())));
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn what_has_no_body_is_unfinished() {
        let source = "def a(): pass\ndef b():\n    '''Later.'''\ndef c(): raise NotImplementedError\n\
                      class D:\n    @property\n    def e(self): ...\n    @x.staticmethod\n    def f(): ...\n";
        let expected = [
            "the body of `a` is empty",
            "the body of `b` is empty",
            "`c` is not implemented",
            "the body of `e` is empty",
            "the body of `f` is empty",
        ];
        assert_eq!(found(source), expected);
    }

    #[test]
    fn what_needs_no_body_is_not() {
        for source in [
            "class A(Protocol[T]):\n    def a(self): ...\n",
            "class A(ABC):\n    @abc.abstractmethod\n    def a(self): raise NotImplementedError\n",
            "@typing.overload\ndef a(x: int): ...\n",
            "class A:\n    def __init__(self): pass\n",
            "def a():\n    def b(): pass\n    return b\n",
            "@click.group()\ndef a():\n    '''Help.'''\n",
            "class A(Exception): pass\n",
            "def a(): return 1\n",
            "x = 'TODO'\n# TODOS\n",
        ] {
            assert_eq!(found(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn a_mark_has_an_owner_or_not() {
        let source = "# TODO: x\nx = 1  # FIXME(ada): y, TODO (bob) z\n# TODO() w\n";
        let expected =
            ["a TODO without an owner", "a FIXME of ada", "a TODO of bob", "a TODO without an owner"];
        assert_eq!(found(source), expected);
    }
}
