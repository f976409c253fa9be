//! Idle dependencies: what a package declares, and no import of it needs any
//! longer once a step has settled. This is no codemod.
//!
//! Such a requirement is offered for removal, never removed: it may have other
//! reasons than imports. A requirement that no import needed before the step is
//! none of its business, such as that of a plugin which is found at run time.

use std::collections::BTreeSet;

use repot_change::{Class, Evidence, Note, Outcome, PlannedStep, RelPath};
use repot_project::{Document, Key, Stated};
use repot_workspace::{
    Form, Module, ModuleId, PackageId, Place, Role, Target, TreeOrigin, Wanted, Workspace, below,
};

/// The lists of what a package always needs; what other lists say, somebody
/// asks for by name.
const LISTS: [&str; 2] = ["project.dependencies", "tool.poetry.dependencies"];

/// The requirements that became idle by `step`, which made `after` of `before`.
pub fn offers(before: &Workspace, after: &Workspace, step: &PlannedStep) -> Vec<Note> {
    let mut notes = Vec::new();
    for (package, other) in needed(before, step) {
        let now = |id: PackageId| {
            let path = before.package(id).folder.join("pyproject.toml").ok()?;
            after.package_at(&path).filter(|now| after.package(*now).folder == before.package(id).folder)
        };
        let (Some(own), Some(target)) = (now(package), now(other)) else { continue };
        let needs = Needs { workspace: after, own, target };
        if before.declares(package, other) && !awaited(before, step, (package, other)) && !needs.any() {
            notes.extend(offer(before, package, other));
        }
    }
    notes
}

/// The packages that files which change needed before, each with who needed it:
/// by an import that led there, or by a legacy import that meant it.
fn needed(before: &Workspace, step: &PlannedStep) -> BTreeSet<(PackageId, PackageId)> {
    let changed = step.deltas().filter_map(|delta| before.modules().at(&delta.old.as_ref()?.0));
    let changed: BTreeSet<ModuleId> = changed.collect();
    let crossings = changed.into_iter().flat_map(|id| before.crossings_of(before.modules().get(id)));
    let mut needed: BTreeSet<_> = crossings.map(|one| (one.from, one.to)).collect();
    let is_rewritten = |one: &&Evidence| matches!(one.outcome, Outcome::Rewritten { .. });
    let meant = imports(step).filter(is_rewritten).filter_map(|one| {
        let winner = &one.candidates.get(one.winner?)?.path;
        Some((before.package_at(&one.path)?, before.package_at(winner)?))
    });
    needed.extend(meant.filter(|(own, other)| own != other));
    needed
}

/// Whether an import of the package that is not rewritten could mean the other.
fn awaited(before: &Workspace, step: &PlannedStep, (package, other): (PackageId, PackageId)) -> bool {
    imports(step).any(|one| {
        !matches!(one.outcome, Outcome::Rewritten { .. })
            && before.package_at(&one.path) == Some(package)
            && one.candidates.iter().any(|candidate| before.package_at(&candidate.path) == Some(other))
    })
}

fn imports(step: &PlannedStep) -> impl Iterator<Item = &Evidence> {
    step.evidence.iter().filter(|one| one.class == Class::Imports)
}

/// What says that the requirement of `other` may go, and where it is stated.
/// None where an extra or a group asks for it.
fn offer(workspace: &Workspace, package: PackageId, other: PackageId) -> Option<Note> {
    let (own, other) = (workspace.package(package), workspace.package(other));
    let name = other.distribution.as_deref()?;
    let path = own.folder.join("pyproject.toml").ok()?;
    let text = workspace.snapshot().get(&path).and_then(|file| repot_project::text(file.bytes()?));
    let document = Document::parse(&text?).ok()?;
    let stated = repot_project::requirements(&document).stated;
    let name = repot_project::normal(name);
    let stated: Vec<&Stated> = stated.iter().filter(|one| one.name == name).collect();
    if stated.iter().any(|one| list_of(one).is_none()) || is_extra(&document, &stated, &name) {
        return None;
    }
    let first = stated.first()?;
    let texts: Vec<String> = stated.iter().map(|one| format!("`{}`", written(one))).collect();
    let source = Key::new(["tool", "uv", "sources", first.spelled.as_str()]);
    let source = match document.at(&source) {
        Some(_) => format!(", and `tool.uv.sources.{}` with it", first.spelled),
        None => String::new(),
    };
    let message = format!(
        "{} may go from `{}`{source}: no import of `{}` needs it any longer",
        texts.join(", "),
        list_of(first)?,
        own.name
    );
    Some(Note { path: Some(path), line: Some(first.line), message })
}

/// The list of what the package always needs that a requirement is in.
fn list_of(stated: &Stated) -> Option<&'static str> {
    let is_in = |list: &&&str| {
        let list = Key::dotted(list);
        stated.key.parts().zip(list.parts()).all(|(one, other)| one == other)
            && stated.key.parts().count() >= list.parts().count()
    };
    LISTS.iter().find(is_in).copied()
}

/// Whether only some extra brings one of the requirements.
fn is_extra(document: &Document, stated: &[&Stated], name: &str) -> bool {
    let is_optional = |one: &&Stated| {
        let table = Key::new(["tool", "poetry", "dependencies", one.spelled.as_str()]);
        let optional = document.plain(&table.child("optional"));
        optional.is_some_and(|value| value == true) || one.text.contains("extra ==")
    };
    let extras = Key::dotted("tool.poetry.extras");
    let listed = document.keys_at(&extras).into_iter().filter_map(|one| document.texts(&extras.child(one)));
    stated.iter().any(is_optional)
        || listed.flatten().any(|one| repot_project::normal(one.split('[').next().unwrap_or(one)) == name)
}

/// A requirement as a person finds it in the file.
fn written(stated: &Stated) -> &str {
    if stated.is_poetry { &stated.spelled } else { &stated.text }
}

/// What a package may still need of another one.
struct Needs<'a> {
    workspace: &'a Workspace,
    own: PackageId,
    target: PackageId,
}

impl Needs<'_> {
    /// Whether anything of the package imports or names the other one.
    fn any(&self) -> bool {
        let names = self.names();
        let modules = self.workspace.modules().iter().filter(|(_, module)| module.package == Some(self.own));
        let mut modules = modules.filter(|(_, module)| module.role != Role::Shelved);
        modules.any(|(id, module)| self.imports(id, module) || self.spells(id, &names))
            || self.is_configured(&names)
    }

    /// What the other one is imported as.
    fn names(&self) -> Vec<&str> {
        let trees = &self.workspace.package(self.target).trees;
        let known = trees.iter().filter(|tree| tree.origin != TreeOrigin::Leftover);
        known.map(|tree| tree.name.as_str()).collect()
    }

    /// Whether an import of the module leads there, or might.
    fn imports(&self, id: ModuleId, module: &Module) -> bool {
        let is_there = |place: &Place| self.workspace.package_of(place) == Some(self.target);
        self.workspace.crossings_of(module).iter().any(|one| one.to == self.target)
            || self.workspace.file(id).imports().iter().any(|statement| {
                let resolved = self.workspace.resolve_statement(module, statement);
                resolved.iter().any(|name| match &name.target {
                    Target::Ambiguous(places) => places.iter().any(is_there),
                    Target::Legacy => self.is_meant(id, &name.module, name.name.as_deref()),
                    _ => false,
                })
            })
    }

    /// Whether a legacy name may mean something of the other package.
    fn is_meant(&self, importer: ModuleId, dotted: &str, name: Option<&str>) -> bool {
        let root = self.workspace.legacy_root_of(dotted).unwrap_or_default();
        let rest = below(dotted, root).unwrap_or(dotted);
        let module: Vec<&str> = rest.split('.').filter(|part| !part.is_empty()).collect();
        let wanted = Wanted { importer, module: &module, name, form: Form::Absolute };
        let (found, _) = self.workspace.search(&wanted);
        found.iter().any(|one| self.workspace.package_of(&one.place) == Some(self.target))
    }

    /// Whether a string of the module names it.
    fn spells(&self, id: ModuleId, names: &[&str]) -> bool {
        let file = self.workspace.file(id);
        let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
        if !names.iter().any(|name| repot_python::mentions(bytes, name.as_bytes())) {
            return false;
        }
        let source = file.parse();
        let strings = source.strings().into_iter().chain(source.templates());
        strings.filter(|one| !one.is_docstring).any(|one| {
            names.iter().any(|name| one.bytes == name.as_bytes() || is_named(one.bytes, name.as_bytes()))
        })
    }

    /// Whether a file beside the code names it: an entry point, a command.
    fn is_configured(&self, names: &[&str]) -> bool {
        let folder = &self.workspace.package(self.own).folder;
        let files = self.workspace.snapshot().below(folder).filter(|(path, _)| !is_document(path));
        let mut files = files.filter(|(_, file)| !file.is_python());
        files.any(|(_, file)| {
            let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
            names.iter().any(|name| is_named(bytes, name.as_bytes()))
        })
    }
}

/// Whether a file is there to be read, or written by a tool.
fn is_document(path: &RelPath) -> bool {
    matches!(path.extension(), Some("md" | "rst" | "txt" | "adoc" | "lock"))
}

/// Whether `text` names the module `name` or something in it: `name.x`,
/// `name:x`, a name that is put together so, or as what a statement imports or a
/// command runs.
fn is_named(text: &[u8], name: &[u8]) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii();
    memchr::memmem::find_iter(text, name).any(|at| {
        let (head, tail) = (&text[..at], &text[at + name.len()..]);
        let starts = head.last().is_none_or(|byte| !is_word(*byte) && !b".-/".contains(byte));
        let goes_on = match tail {
            [b'.' | b':', next, ..] => (is_word(*next) && !next.is_ascii_digit()) || b"{%".contains(next),
            tail => tail == b".",
        };
        let ends = tail.first().is_none_or(|byte| !is_word(*byte) && *byte != b'-');
        let is_run = [&b"import "[..], b"from ", b"-m ", b"-p "].iter().any(|word| head.ends_with(word));
        starts && (goes_on || (ends && is_run))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_codemod::Planner;
    use repot_roadmap::{Roadmap, Vocabulary};
    use repot_workspace::{Shape, Snapshot};

    use super::*;
    use crate::REGISTRY;

    const PAGE: &str = "from store.data import LIMIT\nprint(LIMIT)\n";
    const PROJECT: &str = "[project]\nname = \"shop\"\ndependencies = [\"store\"]\n";

    /// The offers of `codemod` on a tree in which the shop has these files, each
    /// with its line.
    fn offered(codemod: &str, shop: &[(&str, &str)]) -> Vec<String> {
        let roadmap = format!(
            "[workspace]\nmembers = [\"p/*/*\"]\nlegacy-roots = [\"monorepo\"]\n\
             [domains.front]\nmembers = [\"p/front/*\"]\n[domains.back]\nmembers = [\"p/back/*\"]\n\
             [[phase]]\nname = \"one\"\n[[phase.step]]\ncodemod = \"{codemod}\"\n\
             strategies = [\"direct\", \"relocate\"]\n"
        );
        let schemas = REGISTRY.schemas();
        let vocabulary = Vocabulary { codemods: &schemas, metrics: &[], rules: &[] };
        let roadmap = Roadmap::parse("repot.toml", &roadmap, &vocabulary).unwrap();
        let fixed = [
            ("p/open/interfaces/src/interfaces/__init__.py", ""),
            ("p/back/store/pyproject.toml", "[project]\nname = \"store\"\n"),
            ("p/back/store/src/store/__init__.py", ""),
            ("p/back/store/src/store/data.py", "LIMIT = 1\ndef run(): ...\n"),
        ];
        let own = shop.iter().map(|(path, text)| (format!("p/front/shop/{path}"), *text));
        let files = fixed.into_iter().map(|(path, text)| (path.to_owned(), text)).chain(own);
        let files = files.map(|(path, text)| (RelPath::new(&path).unwrap(), text.as_bytes().to_vec()));
        let shape = Shape::new(&roadmap.workspace, &roadmap.domains);
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        let plan = Planner::new(REGISTRY, &[]).plan(&workspace, &roadmap.phases).unwrap();
        assert!(plan.is_verified());
        let notes = plan.phases[0].steps[0].notes.iter().filter(|note| note.message.contains(" may go "));
        notes.map(|note| format!("{}: {}", note.line.unwrap(), note.message)).collect()
    }

    #[test]
    fn what_nothing_needs_any_longer_is_offered() {
        let offer =
            ["3: `store` may go from `project.dependencies`: no import of `shop` needs it any longer"];
        assert_eq!(
            offered("decouple-domains", &[("pyproject.toml", PROJECT), ("src/shop/page.py", PAGE)]),
            offer
        );
        let legacy = PAGE.replace("store", "monorepo.store");
        assert_eq!(
            offered("retarget-imports", &[("pyproject.toml", PROJECT), ("src/shop/page.py", &legacy)]),
            offer
        );
        let shipped = (
            "src/shop/__init__.py",
            "\"\"\"What `store.data` had.\"\"\"\n# store.data\nA = 'restore.data'\n",
        );
        let readme = ("README.md", "See `store.data`.\n");
        let all = [("pyproject.toml", PROJECT), ("src/shop/page.py", PAGE), shipped, readme];
        assert_eq!(offered("decouple-domains", &all), offer);
    }

    #[test]
    fn what_anything_may_need_is_not() {
        let project = |more: &str| format!("{PROJECT}{more}");
        let in_tests = ("tests/test_page.py", "from store.data import run\nrun()\n");
        let typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from store.data import run\n";
        for more in [
            in_tests,
            ("src/shop/types.py", typed),
            ("src/shop/late.py", "def go():\n    import store.data\n    store.data.run()\n"),
            ("src/shop/text.py", "RUN = 'store.data:run'\n"),
            ("src/shop/text.py", "RUN = f'store.{1}'\n"),
            ("tests/conftest.py", "import pytest\npytest.importorskip(\"store\")\n"),
            ("src/shop/old.py", "from monorepo.store.data import run\nrun()\n"),
            ("scripts/run.sh", "python -m store\n"),
            ("notebook.ipynb", "{\"source\": [\"from store import data\"]}"),
        ] {
            let shop = [("pyproject.toml", PROJECT), ("src/shop/page.py", PAGE), more];
            assert_eq!(offered("decouple-domains", &shop), [""; 0], "{more:?}");
        }
        for more in [
            "[project.scripts]\nrun = \"store.data:run\"\n",
            "[project.optional-dependencies]\nall = [\"store>=1\"]\n",
            "[dependency-groups]\ndev = [\"store\"]\n",
            "[tool.pytest.ini_options]\naddopts = \"-p store\"\n",
        ] {
            let shop = [("pyproject.toml", project(more)), ("src/shop/page.py", PAGE.to_owned())];
            let shop: Vec<(&str, &str)> = shop.iter().map(|(path, text)| (*path, text.as_str())).collect();
            assert_eq!(offered("decouple-domains", &shop), [""; 0], "{more}");
        }
    }

    #[test]
    fn what_an_extra_of_poetry_brings_is_not() {
        let project = |more: &str| {
            format!(
                "[tool.poetry]\nname = \"shop\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"*\"\n{more}"
            )
        };
        for (more, count) in [
            ("store = \"*\"\n", 1),
            ("store = { path = \"../../back/store\" }\n", 1),
            ("store = { version = \"*\", optional = true }\n", 0),
            ("store = \"*\"\n[tool.poetry.extras]\nall = [\"store\"]\n", 0),
            ("store = \"*\"\n[tool.poetry.group.dev.dependencies]\nstore = \"*\"\n", 0),
        ] {
            let project = project(more);
            let shop = [("pyproject.toml", project.as_str()), ("src/shop/page.py", PAGE)];
            assert_eq!(offered("decouple-domains", &shop).len(), count, "{more}");
        }
    }

    #[test]
    fn what_was_never_imported_is_not() {
        let shop = [
            ("pyproject.toml", PROJECT),
            ("src/shop/page.py", "from monorepo.shop.own import A\n"),
            ("src/shop/own.py", "A = 1\n"),
        ];
        assert_eq!(offered("retarget-imports", &shop), [""; 0]);
    }
}
