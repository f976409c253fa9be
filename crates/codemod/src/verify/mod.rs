//! The laws that every plan is checked against before it is shown.
//!
//! Each law compares the tree before a phase with the tree after it, and looks
//! at nothing that a codemod says of itself.

mod links;
mod origins;
mod packages;

use std::collections::BTreeSet;

use rayon::prelude::*;
use repot_change::{Check, CheckStatus, Note, RelPath};
use repot_python::{ImportStmt, SourceFile, differ_in_imports_only};
use repot_workspace::{File, Module, ResolvedName, Target, Workspace};

use crate::moves::Moves;
use links::{none_left_behind, resolves, subjects};
use origins::{Origins, module_at};
use packages::{no_new_cycle, no_new_violation};

/// Checks every law on the files `touched`, some of which `moves` brought from
/// elsewhere. Names that were `retired` on purpose are not missed.
pub fn verify(
    before: &Workspace,
    after: &Workspace,
    touched: &BTreeSet<RelPath>,
    moves: &Moves,
    retired: &BTreeSet<(RelPath, String)>,
) -> Vec<Check> {
    let origins = Origins::new(before, after, moves);
    let changed: Vec<Pair<'_>> = touched.iter().filter_map(|path| Pair::new(&origins, path)).collect();
    let files = format!("{} Python files", changed.len());
    let per_file = |law: &str, failures: Vec<Note>| check(law, files.clone(), failures);
    let (broken, unbound) = look_at_trees(&changed);
    let mut checks = vec![
        per_file("no new syntax error", broken),
        per_file("every rewritten import resolves", gather(&changed, Pair::unresolved_imports)),
        per_file("every name that is used is bound", unbound),
        per_file("no name is lost that others may import", lost_names(&changed, retired)),
    ];
    if may_strand(&origins, touched, &changed) {
        checks.push(none_left_behind(&origins));
    }
    checks.extend([no_new_cycle(&origins), no_new_violation(&origins)]);
    checks
}

/// Whether an import elsewhere can have lost what it names: a path comes or
/// goes, a file says otherwise what is importable, or a module has lost a name.
fn may_strand(origins: &Origins<'_>, touched: &BTreeSet<RelPath>, changed: &[Pair<'_>]) -> bool {
    let exists = |workspace: &Workspace, path: &RelPath| workspace.snapshot().get(path).is_some();
    let shapes =
        |path: &&RelPath| !matches!(path.extension(), Some("py" | "pyi")) || path.file_name() == "setup.py";
    let comes_or_goes = |path: &RelPath| exists(origins.before, path) != exists(origins.after, path);
    touched.iter().any(|path| comes_or_goes(path) || shapes(&path))
        || changed.iter().any(|pair| pair.is_moved || pair.missing_names().next().is_some())
}

/// The new syntax errors and the new unbound names, file by file: a tree is
/// large, and none outlives its file.
fn look_at_trees(changed: &[Pair<'_>]) -> (Vec<Note>, Vec<Note>) {
    let look = |pair: &Pair<'_>| {
        let new = pair.file.parse();
        (pair.new_syntax_errors(&new), pair.unbound_names(&new))
    };
    let pairs = changed.par_iter().filter(|pair| !pair.differs_in_imports_only());
    let (broken, unbound): (Vec<_>, Vec<_>) = pairs.map(look).unzip();
    (broken.concat(), unbound.concat())
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
    origins: &'a Origins<'a>,
    path: &'a RelPath,
    module: &'a Module,
    /// The module and file before, wherever they stood.
    old: Option<(&'a Module, &'a File)>,
    is_moved: bool,
    file: &'a File,
}

impl<'a> Pair<'a> {
    /// The pair of a path at which a Python file stands afterwards.
    fn new(origins: &'a Origins<'a>, path: &'a RelPath) -> Option<Self> {
        let module = module_at(origins.after, path)?;
        let file: &File = origins.after.snapshot().get(path)?;
        let old = origins
            .of(path)
            .and_then(|old| Some((module_at(origins.before, old)?, &**origins.before.snapshot().get(old)?)));
        let is_moved = origins.is_moved(path);
        Some(Self { origins, path, module, old, is_moved, file })
    }

    fn note(&self, line: usize, message: String) -> Note {
        Note { path: Some(self.path.clone()), line: Some(line), message }
    }

    fn old_file(&self) -> Option<&'a File> {
        self.old.map(|(_, file)| file)
    }

    /// Whether only imports differ from the file before, and these bind the same
    /// names: then nothing that a tree could show has changed.
    fn differs_in_imports_only(&self) -> bool {
        let version = |file: &'a File| Some((&file.bytes()?[..], file.imports()));
        let versions = self.old_file().and_then(version).zip(version(self.file));
        versions.is_some_and(|(old, new)| differ_in_imports_only(old, new))
    }

    fn new_syntax_errors(&self, new: &SourceFile) -> Vec<Note> {
        let problems = new.problems();
        if problems.is_empty() {
            return Vec::new();
        }
        let allowed = self.old_file().map_or(0, |old| old.parse().problems().len());
        if problems.len() <= allowed {
            return Vec::new();
        }
        problems.iter().map(|problem| self.note(problem.line, problem.message.clone())).collect()
    }

    /// Imports that do not resolve, and are not excused by what they were.
    fn unresolved_imports(&self) -> Vec<Note> {
        let known = self.old.map(|(module, file)| subjects(self.origins.before, module, file));
        let known = known.unwrap_or_default();
        // What dangled may be spelled otherwise, and dangles all the same.
        let dangling: BTreeSet<&str> =
            known.values().filter(|(_, name)| name.is_dangling()).map(|(_, name)| imported(name)).collect();
        let is_excused = |subject: &String, name: &ResolvedName| {
            known.get(subject).is_some_and(|(_, before)| !resolves(before))
                || dangling.contains(imported(name))
        };
        // A stub may import what only another stub declares.
        let is_stub = self.path.extension() == Some("pyi");
        subjects(self.origins.after, self.module, self.file)
            .into_iter()
            .filter(|(_, (_, name))| is_unresolved(name) && !(is_stub && is_found(name)))
            .filter(|(subject, (_, name))| !is_excused(subject, name))
            .map(|(subject, (line, _))| self.note(line, format!("`{subject}` does not resolve")))
            .collect()
    }

    fn unbound_names(&self, new: &SourceFile) -> Vec<Note> {
        let unbound = new.scopes().unbound();
        if unbound.is_empty() {
            return Vec::new();
        }
        let old = self.old_file().map(File::parse);
        let known: BTreeSet<String> =
            old.iter().flat_map(|old| old.scopes().unbound()).map(|name| name.text).collect();
        let fresh = unbound.into_iter().filter(|name| !known.contains(&name.text));
        fresh
            .map(|name| {
                self.note(new.line(name.span.start), format!("`{}` is used but not bound", name.text))
            })
            .collect()
    }

    /// The names that the file bound and does not bind any more.
    fn missing_names(&self) -> impl Iterator<Item = &'a String> {
        let left = self.file.definitions();
        let old = self.old_file();
        // What a plain import binds is an accident of its spelling.
        let plain: BTreeSet<&str> = old.iter().flat_map(|old| old.imports()).flat_map(plain_roots).collect();
        let names = old.into_iter().flat_map(|old| old.definitions().names.keys());
        names.filter(move |name| !left.names.contains_key(*name) && !plain.contains(name.as_str()))
    }

    /// The names that the file defines itself and did not bind before.
    fn gained_names(&self) -> impl Iterator<Item = &'a String> {
        let old = self.old_file().map(File::definitions);
        let own = self.file.definitions().names.keys().filter(|name| self.file.definitions().defines(name));
        own.filter(move |name| old.is_none_or(|old| !old.names.contains_key(*name)))
    }
}

/// Names that are gone from a file, but for definitions that another one has
/// got: of what moved on, those who import it are asked by another law.
fn lost_names(changed: &[Pair<'_>], retired: &BTreeSet<(RelPath, String)>) -> Vec<Note> {
    let is_meant = |pair: &Pair<'_>, name: &String| {
        let place = pair.origins.of(pair.path).map(|old| (old.clone(), name.clone()));
        place.is_some_and(|place| retired.contains(&place))
    };
    let mut missing: Vec<(&Pair<'_>, &String)> =
        changed.iter().flat_map(|pair| pair.missing_names().map(move |name| (pair, name))).collect();
    missing.retain(|(pair, name)| !is_meant(pair, name));
    if missing.is_empty() {
        return Vec::new();
    }
    let gained: BTreeSet<&String> = changed.iter().flat_map(Pair::gained_names).collect();
    let moved_on = |pair: &Pair<'_>, name: &String| {
        gained.contains(name) && pair.old_file().is_some_and(|old| old.definitions().defines(name))
    };
    let lost = missing.into_iter().filter(|(pair, name)| !moved_on(pair, name));
    lost.map(|(pair, name)| pair.note(1, format!("`{name}` was bound here and is not any more"))).collect()
}

/// What a statement imports, without saying from where.
fn imported(name: &ResolvedName) -> &str {
    let module = || name.module.rsplit('.').next().unwrap_or_default();
    name.name.as_deref().unwrap_or_else(module)
}

fn is_found(name: &ResolvedName) -> bool {
    matches!(name.target, Target::Found(_))
}

fn is_unresolved(name: &ResolvedName) -> bool {
    matches!(name.target, Target::Missing | Target::Legacy | Target::Ambiguous(_)) || !name.has_name
}

fn plain_roots(statement: &ImportStmt) -> impl Iterator<Item = &str> {
    let is_plain = matches!(statement.kind, repot_python::ImportKind::Import(_));
    let items = statement.items().iter().filter(move |item| is_plain && item.alias.is_none());
    items.map(repot_python::ImportedName::bound)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use repot_change::ChangeSet;
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

    const BEFORE: [(&str, &str); 8] = [
        ("packages/a/src/a/one.py", "from monorepo.x import One\n\nOne\n"),
        ("packages/b/src/b/two.py", "from a.one import One\n\nclass Two: ...\n"),
        ("packages/c/src/c/three.py", "from b.two import Two\n\nclass Three: ...\n"),
        ("packages/b/src/b/bad.py", "def f(:\n"),
        ("packages/b/src/b/near.py", "from .two import Two\nfrom ._made import version\n\nTwo, ghost\n"),
        ("packages/a/src/a/wrong.py", "if TYPE_CHECKING:\n    from c.three import Three\n"),
        ("packages/c/src/c/lone.py", "X = 1\n"),
        ("packages/c/src/c/user.py", "import c.lone\nfrom .lone import X\n"),
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

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    /// The laws that are broken when some files get other texts, come or go
    /// (`None`), and others move before that.
    fn broken_by(moved: &[(&str, &str)], texts: &[(&str, Option<&str>)]) -> Vec<String> {
        let mut files: BTreeMap<&str, &str> = BEFORE.into();
        let mut changes = ChangeSet::new();
        for (from, to) in moved {
            changes.rename(path(from), path(to)).unwrap();
            let text = files.remove(from).unwrap();
            files.insert(to, text);
        }
        for (file, text) in texts {
            match text {
                Some(text) => drop(files.insert(file, text)),
                None => drop(files.remove(file)),
            }
        }
        let mut moves = Moves::default();
        moves.follow(&changes);
        let mut touched: BTreeSet<RelPath> = changes.touched().cloned().collect();
        touched.extend(texts.iter().map(|(file, _)| path(file)));
        let files: Vec<(&str, &str)> = files.into_iter().collect();
        let checks = verify(&workspace(&BEFORE), &workspace(&files), &touched, &moves, &BTreeSet::new());
        checks
            .into_iter()
            .filter(|check| check.status != CheckStatus::Passed)
            .map(|check| check.law)
            .collect()
    }

    /// The laws that are broken when one file gets another text.
    fn broken(path: &str, text: &str) -> Vec<String> {
        broken_by(&[], &[(path, Some(text))])
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
        law(two, "from a.one import One\n", "no import is left behind");
        law("packages/a/src/a/one.py", "from b.two import Two as One\n\nOne\n", "no new boundary violation");
    }

    const LONE: &str = "packages/c/src/c/lone.py";
    const USER: &str = "packages/c/src/c/user.py";
    const NEAR: &str = "packages/b/src/b/near.py";
    const LEFT_BEHIND: &str = "no import is left behind";

    #[test]
    fn a_move_that_all_follow_breaks_nothing() {
        let here = "packages/c/src/c/deep/alone.py";
        let user = "import c.deep.alone\nfrom .deep.alone import X\n";
        assert_eq!(broken_by(&[(LONE, here)], &[(USER, Some(user))]), [""; 0]);
        // What was broken, unbound and dangling where it came from may be so here.
        let moved = [
            ("packages/b/src/b/bad.py", "packages/b/src/b/deep/bad.py"),
            (NEAR, "packages/b/src/b/deep/near.py"),
        ];
        let near = "from ..two import Two\nfrom b._made import version\n\nTwo, ghost\n";
        assert_eq!(broken_by(&moved, &[(moved[1].1, Some(near))]), [""; 0]);
        // Two modules that move together keep what they say of each other.
        let together = [(LONE, "packages/c/src/c/deep/lone.py"), (USER, "packages/c/src/c/deep/user.py")];
        let user = "import c.deep.lone\nfrom .lone import X\n";
        assert_eq!(broken_by(&together, &[(together[1].1, Some(user))]), [""; 0]);
    }

    #[test]
    fn a_move_that_nobody_follows_leaves_imports_behind() {
        assert_eq!(broken_by(&[(LONE, "packages/c/src/c/alone.py")], &[]), [LEFT_BEHIND]);
        assert_eq!(broken_by(&[], &[(LONE, None)]), [LEFT_BEHIND]);
        // Under a name that is nobody's any more, an import looks external.
        let all = [("a/one.py", "e/one.py"), ("a/wrong.py", "e/wrong.py")]
            .map(|(from, to)| (format!("packages/a/src/{from}"), format!("packages/e/src/{to}")));
        let all = all.each_ref().map(|(from, to)| (from.as_str(), to.as_str()));
        assert!(broken_by(&all, &[]).iter().any(|law| law == LEFT_BEHIND));
    }

    #[test]
    fn a_moved_file_is_held_to_what_it_was() {
        let to = "packages/c/src/c/alone.py";
        let user = (USER, Some("import c.alone\nfrom .alone import X\n"));
        let law = |text: &str, law: &str| {
            let found = broken_by(&[(LONE, to)], &[(to, Some(text)), user]);
            assert!(found.iter().any(|name| name == law), "{law}: {found:?}");
        };
        law("X = (\n", "no new syntax error");
        law("X = Y\n", "every name that is used is bound");
        law("X = 1\nfrom c.lone import X as Z\n", "every rewritten import resolves");
        law("Y = 1\n", "no name is lost that others may import");
        // A relative import that reads as before means something else now.
        let near = "packages/b/src/b/deep/near.py";
        let found = broken_by(&[(NEAR, near)], &[]);
        assert_eq!(found, ["every rewritten import resolves", LEFT_BEHIND]);
    }

    #[test]
    fn a_name_may_move_to_another_file() {
        let texts =
            |user| [(LONE, Some("")), ("packages/c/src/c/alone.py", Some("X = 1\n")), (USER, Some(user))];
        let follows = "import c.lone\nfrom .alone import X\n";
        assert_eq!(broken_by(&[], &texts(follows)), [""; 0]);
        let stays = "import c.lone\nfrom .lone import X\n";
        assert_eq!(broken_by(&[], &texts(stays)), ["every rewritten import resolves", LEFT_BEHIND]);
        // An import of the name elsewhere is no definition.
        let (imports, user) = ("from c.three import Three as X\n", (USER, Some("import c.lone\n")));
        let found = broken_by(&[], &[(LONE, Some("")), ("packages/c/src/c/new.py", Some(imports)), user]);
        assert_eq!(found, ["no name is lost that others may import"]);
    }

    #[test]
    fn packages_are_compared_with_what_they_were() {
        let wrong = "packages/a/src/a/wrong.py";
        // What was forbidden is so under another name of the importer, …
        assert_eq!(broken_by(&[(wrong, "packages/a/src/a/still.py")], &[]), [""; 0]);
        // … of the imported module, …
        let three = "packages/c/src/c/three.py";
        let renamed = [(wrong, Some("if TYPE_CHECKING:\n    from c.four import Three\n"))];
        assert_eq!(broken_by(&[(three, "packages/c/src/c/four.py")], &renamed), [""; 0]);
        // … but not when it comes from where it was allowed.
        let into = broken_by(&[(three, "packages/a/src/a/three.py")], &[(wrong, None)]);
        assert!(into.iter().any(|law| law == "no new boundary violation"), "{into:?}");
    }

    #[test]
    fn a_package_may_change_its_folder_but_not_its_circles() {
        let circle = ("packages/b/src/b/back.py", "from c.three import Three\n");
        let before: Vec<_> = BEFORE.into_iter().chain([circle]).collect();
        let moved = |from: &str, to: &str| {
            let mut changes = ChangeSet::new();
            let mut files = Vec::new();
            for (file, text) in &before {
                let new = file.replace(from, to);
                if new != *file {
                    changes.rename(path(file), path(&new)).unwrap();
                }
                files.push((new, *text));
            }
            let files: Vec<_> = files.iter().map(|(file, text)| (file.as_str(), *text)).collect();
            let mut moves = Moves::default();
            moves.follow(&changes);
            let (before, after) = (workspace(&before), workspace(&files));
            no_new_cycle(&Origins::new(&before, &after, &moves)).status
        };
        assert_eq!(moved("packages/c/", "packages/d/"), CheckStatus::Passed);
        // A part of a package that goes elsewhere does not take its circles along.
        assert_ne!(moved("packages/c/src/c/three.py", "packages/d/src/c/three.py"), CheckStatus::Passed);
    }
}
