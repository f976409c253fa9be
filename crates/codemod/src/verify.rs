//! The laws that every plan is checked against before it is shown.
//!
//! Each law compares the tree before a phase with the tree after it, and looks
//! at nothing that a codemod says of itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::compose::Moves;
use rayon::prelude::*;
use repot_change::{Check, CheckStatus, Note, RelPath};
use repot_python::{ImportStmt, SourceFile};
use repot_workspace::{
    Crossing, File, Module, PackageGraph, Reach, ResolvedName, Target, Workspace, subject,
};

/// Checks every law on the files `touched`.
pub fn verify(
    before: &Workspace,
    after: &Workspace,
    touched: &BTreeSet<RelPath>,
    _moves: &Moves,
) -> Vec<Check> {
    let changed: Vec<Pair<'_>> = touched.iter().filter_map(|path| Pair::new(before, after, path)).collect();
    let files = format!("{} Python files", changed.len());
    let per_file = |law: &str, failures: Vec<Note>| check(law, files.clone(), failures);
    vec![
        per_file("no new syntax error", gather(&changed, Pair::new_syntax_errors)),
        per_file("every rewritten import resolves", gather(&changed, Pair::unresolved_imports)),
        per_file("every name that is used is bound", gather(&changed, Pair::unbound_names)),
        per_file("no name is lost that others may import", gather(&changed, Pair::lost_names)),
        no_new_cycle(before, after),
        no_new_violation(before, after),
    ]
}

fn gather<'a>(changed: &[Pair<'a>], look: impl Fn(&Pair<'a>) -> Vec<Note> + Sync + Send) -> Vec<Note> {
    changed.par_iter().flat_map_iter(look).collect()
}

/// A check that failed when there are failures.
pub fn check(law: &str, scope: String, mut failures: Vec<Note>) -> Check {
    failures.sort();
    let status = if failures.is_empty() { CheckStatus::Passed } else { CheckStatus::Failed { failures } };
    Check { law: law.to_owned(), scope, status }
}

/// One changed Python file, before and after.
struct Pair<'a> {
    before: &'a Workspace,
    after: &'a Workspace,
    path: &'a RelPath,
    old: Option<&'a File>,
    file: &'a File,
    new: SourceFile,
}

impl<'a> Pair<'a> {
    /// The pair of a path at which a Python file stands afterwards.
    fn new(before: &'a Workspace, after: &'a Workspace, path: &'a RelPath) -> Option<Self> {
        after.modules().at(path)?;
        let file: &File = after.snapshot().get(path)?;
        let old = before.snapshot().get(path).map(|file| &**file);
        Some(Self { before, after, path, old, file, new: file.parse() })
    }

    fn note(&self, line: usize, message: String) -> Note {
        Note { path: Some(self.path.clone()), line: Some(line), message }
    }

    fn new_syntax_errors(&self) -> Vec<Note> {
        let broken = self.old.filter(|old| old.is_broken());
        let allowed = broken.map_or(0, |old| old.parse().problems().len());
        let problems = self.new.problems();
        if problems.len() <= allowed {
            return Vec::new();
        }
        problems.iter().map(|problem| self.note(problem.line, problem.message.clone())).collect()
    }

    fn unresolved_imports(&self) -> Vec<Note> {
        let known: BTreeSet<String> = self.subjects(self.before, self.old).into_keys().collect();
        let fresh = self
            .subjects(self.after, Some(self.file))
            .into_iter()
            .filter(|(subject, _)| !known.contains(subject));
        let unresolved = fresh.filter(|(_, (_, name))| {
            matches!(name.target, Target::Missing | Target::Legacy | Target::Ambiguous(_)) || !name.has_name
        });
        unresolved
            .map(|(subject, (line, _))| self.note(line, format!("`{subject}` does not resolve")))
            .collect()
    }

    /// Every imported name of the file by what it imports.
    fn subjects(
        &self,
        workspace: &Workspace,
        file: Option<&File>,
    ) -> BTreeMap<String, (usize, ResolvedName)> {
        let Some((module, file)) = module_at(workspace, self.path).zip(file) else {
            return BTreeMap::new();
        };
        let resolve = |statement: &ImportStmt| {
            let line = statement.line;
            workspace
                .resolve_statement(module, statement)
                .into_iter()
                .map(move |name| (subject(&name), (line, name)))
        };
        file.imports().iter().flat_map(resolve).collect()
    }

    fn unbound_names(&self) -> Vec<Note> {
        let unbound = self.new.scopes().unbound();
        if unbound.is_empty() {
            return Vec::new();
        }
        let old = self.old.map(File::parse);
        let known: BTreeSet<String> =
            old.iter().flat_map(|old| old.scopes().unbound()).map(|name| name.text).collect();
        let fresh = unbound.into_iter().filter(|name| !known.contains(&name.text));
        fresh
            .map(|name| {
                self.note(self.new.line(name.span.start), format!("`{}` is used but not bound", name.text))
            })
            .collect()
    }

    fn lost_names(&self) -> Vec<Note> {
        let Some(old) = self.old else { return Vec::new() };
        let left = self.file.definitions();
        // The root of a dotted import is bound by accident of its spelling.
        let dotted: BTreeSet<String> = old.imports().iter().flat_map(dotted_roots).collect();
        let names = old.definitions().names.keys();
        let lost = names.filter(|name| !left.names.contains_key(*name) && !dotted.contains(*name));
        lost.map(|name| self.note(1, format!("`{name}` was bound here and is not any more"))).collect()
    }
}

fn dotted_roots(statement: &ImportStmt) -> Vec<String> {
    match &statement.kind {
        repot_python::ImportKind::Import(items) => items
            .iter()
            .filter(|item| item.alias.is_none() && item.name.text.contains('.'))
            .map(|item| item.bound().to_owned())
            .collect(),
        repot_python::ImportKind::From(_) => Vec::new(),
    }
}

fn module_at<'a>(workspace: &'a Workspace, path: &RelPath) -> Option<&'a Module> {
    workspace.modules().at(path).map(|id| workspace.modules().get(id))
}

fn no_new_cycle(before: &Workspace, after: &Workspace) -> Check {
    let entangled = |workspace: &Workspace| {
        let name = |id| workspace.package(id).folder.clone();
        let pairs = PackageGraph::new(workspace.crossings()).entangled();
        pairs.into_iter().map(|(a, b)| (name(a), name(b))).collect::<BTreeSet<_>>()
    };
    let known = entangled(before);
    let fresh =
        entangled(after).into_iter().filter(|(a, b)| a < b && !known.contains(&(a.clone(), b.clone())));
    let failures = fresh.map(|(a, b)| Note::about(&a, format!("now imports {b} in a circle"))).collect();
    check("no new import cycle among packages", format!("{} packages", after.packages().len()), failures)
}

fn no_new_violation(before: &Workspace, after: &Workspace) -> Check {
    let known: BTreeSet<(&RelPath, &str)> =
        forbidden(before).map(|crossing| (&crossing.path, &*crossing.subject)).collect();
    let fresh = forbidden(after).filter(|crossing| !known.contains(&(&crossing.path, &*crossing.subject)));
    let note = |crossing: &Crossing| Note {
        path: Some(crossing.path.clone()),
        line: Some(crossing.line),
        message: format!("`{}` lies in a domain that may not be imported here", crossing.subject),
    };
    let scope = format!("{} crossings", after.crossings().len());
    check("no new boundary violation", scope, fresh.map(note).collect())
}

fn forbidden(workspace: &Workspace) -> impl Iterator<Item = &Crossing> {
    workspace.crossings().iter().filter(|crossing| crossing.reach == Reach::Forbidden)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_roadmap::{Domain, Pattern, Roadmap, Vocabulary};
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    const ROADMAP: &str = r#"
[workspace]
members = ["packages/*"]
legacy-roots = ["monorepo"]

[domains.front]
members = ["packages/a"]

[domains.back]
members = ["packages/b", "packages/c"]
may-import = ["front"]
"#;

    const BEFORE: [(&str, &str); 4] = [
        ("packages/a/src/a/one.py", "from monorepo.x import One\n\nOne\n"),
        ("packages/b/src/b/two.py", "from a.one import One\n\nclass Two: ...\n"),
        ("packages/c/src/c/three.py", "from b.two import Two\n\nclass Three: ...\n"),
        ("packages/b/src/b/bad.py", "def f(:\n"),
    ];

    fn workspace(files: &[(&str, &str)]) -> Workspace {
        let roadmap = Roadmap::parse("repot.toml", ROADMAP, &Vocabulary::default()).unwrap();
        let domains: BTreeMap<String, Domain> = roadmap.domains.clone();
        let shape = Shape {
            members: vec![Pattern::new("packages/*").unwrap()],
            domains,
            ..Shape::new(&roadmap.workspace, &roadmap.domains)
        };
        let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
        Workspace::new(Snapshot::from_files(files), Arc::new(shape))
    }

    /// The laws that are broken when one file gets another text.
    fn broken(path: &str, text: &str) -> Vec<String> {
        let mut files = BEFORE.to_vec();
        files.retain(|(known, _)| *known != path);
        files.push((path, text));
        let touched = BTreeSet::from([RelPath::new(path).unwrap()]);
        let checks = verify(&workspace(&BEFORE), &workspace(&files), &touched, &Moves::default());
        checks
            .into_iter()
            .filter(|check| check.status != CheckStatus::Passed)
            .map(|check| check.law)
            .collect()
    }

    #[test]
    fn what_changes_nothing_breaks_nothing() {
        for (path, text) in BEFORE {
            assert!(broken(path, text).is_empty(), "{path}");
        }
        assert!(broken("packages/b/src/b/bad.py", "def f(:\n\nx = 1\n").is_empty(), "broken before");
    }

    #[test]
    fn every_law_can_be_broken() {
        let two = "packages/b/src/b/two.py";
        let law = |path: &str, text: &str, law: &str| {
            let found = broken(path, text);
            assert!(found.iter().any(|name| name == law), "{law}: {found:?}");
        };
        law(two, "from a.one import One\n\nclass Two(: ...\n", "no new syntax error");
        law(two, "from a.gone import One\n\nclass Two: ...\n", "every rewritten import resolves");
        law(two, "from a.one import Gone as One\n\nclass Two: ...\n", "every rewritten import resolves");
        law(two, "from monorepo.x import One\n\nclass Two: ...\n", "every rewritten import resolves");
        law(two, "from a.one import One\n\nclass Two(Base): ...\n", "every name that is used is bound");
        law(two, "from a.one import One\n", "no name is lost that others may import");
        law(
            two,
            "from a.one import One\nfrom c.three import Three\nclass Two: ...\n",
            "no new import cycle among packages",
        );
        law("packages/a/src/a/one.py", "from b.two import Two as One\n\nOne\n", "no new boundary violation");
    }
}
