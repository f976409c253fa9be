//! The choice of a strategy for one symbol, from what it is and from how all
//! its consumers use it together.

use std::collections::BTreeSet;

use repot_python::{Kind, UseKind};

use crate::{Foreign, Strategy};

/// A strategy and why it is the one, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The strategy; `None` when a person has to choose.
    pub strategy: Option<Strategy>,
    /// The reason, as a phrase.
    pub reason: String,
}

/// What consumers do with a symbol, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Force {
    /// Nothing.
    Unused,
    /// It stands in annotations.
    Annotates,
    /// Instances are tested for it.
    Tests,
    /// It is called, or handed on as a value.
    Makes,
    /// Attributes of it are used.
    Reads,
    /// It decorates, is caught or raised, or classes derive from it: it has to
    /// be the thing itself.
    Needs,
}

/// The strategy for what cannot move.
#[must_use]
pub fn without_moving(foreign: &Foreign, kind: Option<Kind>) -> Choice {
    let uses = || foreign.consumers.iter().flat_map(|consumer| &consumer.usage.uses);
    let force = uses().map(|one| force(&one.kind)).max().unwrap_or(Force::Unused);
    let done: BTreeSet<&str> =
        uses().filter(|one| self::force(&one.kind) == force).map(|one| phrase(&one.kind)).collect();
    let done = done.into_iter().collect::<Vec<_>>().join(" and ");
    let some = |strategy, reason: String| Choice { strategy: Some(strategy), reason };
    let none = |reason: String| Choice { strategy: None, reason };
    let is_class = kind.is_some_and(Kind::is_class);
    match force {
        Force::Unused => none("no consumer uses it".to_owned()),
        // Whatever there is would have all of no members.
        Force::Tests if foreign.consumers.iter().all(|one| one.usage.members.is_empty()) => {
            none(format!("it is {done}, and no member of it is used that would tell it from others"))
        }
        Force::Annotates | Force::Tests if is_class => some(Strategy::Protocol, format!("it is {done} only")),
        Force::Makes | Force::Reads if is_class || matches!(kind, Some(Kind::Function | Kind::Variable)) => {
            some(Strategy::Inject, format!("it is {done}"))
        }
        _ => none(format!("it is {done}")),
    }
}

fn force(kind: &UseKind) -> Force {
    match kind {
        UseKind::Annotation { .. } => Force::Annotates,
        UseKind::TypeTest => Force::Tests,
        UseKind::Called(_) | UseKind::Value(_) | UseKind::Default => Force::Makes,
        UseKind::Attribute(_) => Force::Reads,
        UseKind::Base | UseKind::Raised(_) | UseKind::Caught | UseKind::Decorator(_) | UseKind::Rebound => {
            Force::Needs
        }
    }
}

fn phrase(kind: &UseKind) -> &'static str {
    match kind {
        UseKind::Annotation { .. } => "annotated with",
        UseKind::TypeTest => "tested for",
        UseKind::Called(_) => "called",
        UseKind::Value(_) | UseKind::Default => "handed on as a value",
        UseKind::Attribute(_) => "used by its attributes",
        UseKind::Base => "a base of a class",
        UseKind::Raised(_) => "raised",
        UseKind::Caught => "caught",
        UseKind::Decorator(_) => "a decorator",
        UseKind::Rebound => "probed for",
    }
}

#[cfg(test)]
mod tests {
    use repot_change::RelPath;
    use repot_python::{SourceFile, Usage};
    use repot_workspace::{Shape, Snapshot, Workspace};

    use super::*;
    use crate::Consumer;

    fn usage(code: &str) -> Usage {
        let file = SourceFile::parse(format!("from m import X\n{code}\n").into_bytes().into());
        let stmt = &file.imports()[0];
        file.scopes().usage(stmt, &stmt.items()[0])
    }

    fn choice(codes: &[&str], kind: Kind) -> Option<Strategy> {
        let path = RelPath::new("a.py").unwrap();
        let snapshot = Snapshot::from_files([(path.clone(), Vec::new())]);
        let workspace = Workspace::new(snapshot, std::sync::Arc::new(Shape::default()));
        let module = workspace.modules().at(&path).unwrap();
        let consumer = |code: &&str| Consumer {
            module,
            path: path.clone(),
            package: None,
            line: 1,
            statement: 0,
            item: 0,
            type_checking: false,
            usage: usage(code),
        };
        let consumers = codes.iter().map(consumer).collect();
        let foreign = Foreign { module: "m".to_owned(), name: "X".to_owned(), definition: None, consumers };
        without_moving(&foreign, Some(kind)).strategy
    }

    #[test]
    fn the_strongest_use_decides() {
        let annotated = "def f(x: X): ...";
        assert_eq!(choice(&[annotated], Kind::Class), Some(Strategy::Protocol));
        assert_eq!(choice(&[annotated, "isinstance(a, X)"], Kind::Class), None);
        let used = "def f(x: X):\n    x.load()";
        assert_eq!(choice(&[used, "isinstance(a, X)"], Kind::Class), Some(Strategy::Protocol));
        assert_eq!(choice(&[annotated, "X()"], Kind::Class), Some(Strategy::Inject));
        assert_eq!(choice(&["f(X)"], Kind::Function), Some(Strategy::Inject));
        assert_eq!(choice(&["X()", "class A(X): ..."], Kind::Class), None);
        assert_eq!(choice(&["raise X"], Kind::Exception), None);
        assert_eq!(choice(&[""], Kind::Class), None);
        assert_eq!(choice(&["f(X)"], Kind::Constant), None);
    }
}
