//! Suites of tests, of which both packages have one: the incoming one gets a folder
//! of its own, so that neither's fixtures reach the other's and both are collected.
//!
//! They import each other by what pytest puts on the path, which no package says:
//! where a top of a suite is called otherwise, these imports follow.

use std::collections::BTreeSet;

use repot_change::{Class, Edit, Evidence, RelPath, Span};
use repot_python::ImportKind;
use repot_refer::Spot;
use repot_workspace::{Place, Target, Workspace, below};

use super::beside::Beside;
use super::evidence::Account;
use super::side::Side;

/// What folders of tests are called.
const FOLDERS: [&str; 2] = ["tests", "test"];

/// A folder of tests that both packages have.
pub struct Suite {
    /// The incoming folder.
    pub from: RelPath,
    /// The folder of the target.
    there: RelPath,
    /// The dotted name of the target's, as far as there is one.
    name: String,
    /// Where the incoming one goes.
    pub stem: RelPath,
    /// The word by which its modules are told apart.
    tag: String,
}

impl Suite {
    fn new((from, there): (RelPath, RelPath), name: String, tag: &str) -> Option<Self> {
        let stem = there.join(&format!("from_{tag}")).ok()?;
        Some(Self { from, there, name, stem, tag: tag.to_owned() })
    }

    /// The suites within the import packages themselves.
    pub fn within(workspace: &Workspace, (from, into): (&Side, &Side), tag: &str) -> Vec<Self> {
        let files = workspace.snapshot().below(&from.folder).filter(|(_, file)| file.is_python());
        let rests = files.filter_map(|(path, _)| path.relative_to(&from.folder));
        let folders: BTreeSet<String> = rests.filter_map(suite_of).collect();
        let suite = |rest: &String| {
            let both = (from.folder.join(rest).ok()?, into.folder.join(rest).ok()?);
            let is_met = workspace.snapshot().is_folder(&both.1) && !into.folder.is_within(&both.0);
            let name = format!("{}.{}", into.name, rest.replace('/', "."));
            is_met.then(|| Self::new(both, name, tag))?
        };
        folders.iter().filter_map(suite).collect()
    }

    /// The suite `first` beside the import packages, when both homes have it.
    pub fn beside(
        workspace: &Workspace,
        (home, target): (&RelPath, &RelPath),
        first: &str,
        tag: &str,
    ) -> Option<Self> {
        let both = (home.join(first).ok()?, target.join(first).ok()?);
        let is_met = FOLDERS.contains(&first) && workspace.snapshot().is_folder(&both.1);
        is_met.then(|| Self::new(both, first.to_owned(), tag))?
    }

    /// The package or folder that it is to Python, when it is one, and where it
    /// goes.
    pub fn place(&self, workspace: &Workspace) -> Option<(Place, Spot)> {
        let place = workspace.locate(&self.from, &[])?;
        workspace.name_of(&place)?;
        Some((place, self.spot(self.stem.clone())))
    }

    /// What `stem`, below the target's suite, is called.
    fn spot(&self, stem: RelPath) -> Spot {
        let rest = stem.relative_to(&self.there).unwrap_or_default().replace('/', ".");
        Spot { name: Some(format!("{}.{rest}", self.name)), stem }
    }

    /// Where a file of the incoming suite goes.
    fn target(&self, path: &RelPath) -> Option<RelPath> {
        self.stem.join(path.relative_to(&self.from)?).ok()
    }

    /// Says where all of it goes, and what is called otherwise.
    pub fn settle(&self, workspace: &Workspace, beside: &mut Beside) {
        beside.folders.insert(self.from.clone(), self.stem.clone());
        let renamed = self.renamed(workspace);
        for top in &renamed {
            self.rename_top(workspace, top, beside);
        }
        let names = renamed.iter().map(|top| {
            let name = module_name(top);
            (name.clone(), self.told_apart(&name))
        });
        beside.respelled.extend(respelled(workspace, &self.from, &names.collect::<Vec<_>>()));
        let files: Vec<&RelPath> = workspace.snapshot().below(&self.from).map(|(path, _)| path).collect();
        if self.place(workspace).is_none() {
            let is_done = |path: &RelPath| renamed.iter().any(|top| path.is_within(top));
            let carried = files.iter().filter(|path| !is_done(path));
            let pairs = carried.filter_map(|path| Some(((*path).clone(), self.target(path)?)));
            beside.carried.extend(pairs);
        }
        beside.evidence.push(self.evidence(workspace, files.first().copied()));
    }

    fn evidence(&self, workspace: &Workspace, first: Option<&RelPath>) -> Evidence {
        let suite = self.from.file_name();
        let account = |rule: String| {
            Account::of(Class::Imports, first.unwrap_or(&self.from), self.from.to_string(), rule)
        };
        match self.reached_by(workspace) {
            Some(conftest) => account(format!(
                "both have {suite}: fixtures of {conftest} that nobody asks for reach the incoming tests"
            ))
            .review(self.stem.to_string()),
            None => account(format!("both have {suite}: each keeps its own fixtures")).goes(&self.stem),
        }
    }

    /// The `conftest.py` of the target whose fixtures are used by every test below.
    fn reached_by(&self, workspace: &Workspace) -> Option<RelPath> {
        let conftest = self.there.join("conftest.py").ok()?;
        let content = workspace.snapshot().content(&conftest)?;
        let text: Vec<u8> =
            content.bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        memchr::memmem::find(&text, b"autouse=True").map(|_| conftest)
    }

    /// The test modules and packages that nothing but their name would tell apart
    /// from those of the target.
    fn renamed(&self, workspace: &Workspace) -> Vec<RelPath> {
        let taken: BTreeSet<String> = tops(workspace, &self.there).iter().map(module_name).collect();
        let own = tops(workspace, &self.from).into_iter();
        own.filter(|top| *top != self.from && taken.contains(&module_name(top))).collect()
    }

    fn rename_top(&self, workspace: &Workspace, top: &RelPath, beside: &mut Beside) {
        let stem = self.target(top).and_then(|new| {
            let name = self.told_apart(&module_name(&new));
            new.parent()?.join(&name).ok()
        });
        let Some(stem) = stem else { return };
        let rule = "a test module or package of the target has the same name".to_owned();
        let account = Account::of(Class::Imports, top, top.to_string(), rule);
        beside.evidence.push(account.review(stem.to_string()));
        let place = match workspace.modules().at(top) {
            Some(id) => Some(Place::Module(id)),
            None => workspace.locate(top, &[]),
        };
        if let Some(place) = place.filter(|place| workspace.name_of(place).is_some()) {
            beside.places.push((place, self.spot(stem)));
            return;
        }
        for (path, _) in workspace.snapshot().below(top) {
            let rest = path.relative_to(top).unwrap_or_default();
            let to = if rest.is_empty() { RelPath::new(&format!("{stem}.py")) } else { stem.join(rest) };
            beside.carried.extend(to.ok().map(|to| (path.clone(), to)));
        }
    }

    /// Another name for what is called `name`, by which pytest finds it as before.
    fn told_apart(&self, name: &str) -> String {
        match name.strip_suffix("_test").filter(|_| !name.starts_with("test_")) {
            Some(start) => format!("{start}_{}_test", self.tag),
            None => format!("{name}_{}", self.tag),
        }
    }
}

/// The path down to the outermost folder of tests that `rest` lies in.
fn suite_of(rest: &str) -> Option<String> {
    let (folders, _) = rest.rsplit_once('/')?;
    let parts: Vec<&str> = folders.split('/').collect();
    let first = parts.iter().position(|part| FOLDERS.contains(part))?;
    Some(parts[..=first].join("/"))
}

/// What stands on the path when pytest imports the tests below `folder`: test
/// modules that lie in no package, and the outermost packages.
fn tops(workspace: &Workspace, folder: &RelPath) -> BTreeSet<RelPath> {
    let exists = |path: RelPath| workspace.snapshot().get(&path).is_some();
    let is_package = |folder: &RelPath| folder.join("__init__.py").is_ok_and(exists);
    let top = |path: &RelPath| {
        let packages = path.ancestors().take_while(|above| above.is_within(folder) && is_package(above));
        packages.last().unwrap_or_else(|| path.clone())
    };
    let files = workspace.snapshot().below(folder).map(|(path, _)| path);
    let files = files.filter(|path| path.extension() == Some("py"));
    files.map(top).filter(|top| top.file_name() != "conftest.py").collect()
}

/// The name by which a file or folder is imported.
fn module_name(path: &RelPath) -> String {
    path.file_name().strip_suffix(".py").unwrap_or(path.file_name()).to_owned()
}

/// The edits of the Python files below `suite` by which imports of the tops
/// `renamed`, old and new, follow; file by file.
fn respelled(
    workspace: &Workspace,
    suite: &RelPath,
    renamed: &[(String, String)],
) -> Vec<(RelPath, Vec<Edit>)> {
    let files = workspace.snapshot().below(suite).map(|(path, _)| path);
    let modules = files.filter_map(|path| Some((path, workspace.modules().at(path)?)));
    let edits = modules.map(|(path, id)| {
        let module = workspace.modules().get(id);
        let file = workspace.file(id);
        let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
        let names = file.imports().iter().flat_map(|statement| names(&statement.kind));
        let edit = |(span, dotted): (Span, String)| {
            // What resolves is known to the reference engine.
            let is_found = matches!(workspace.resolve(module, 0, &dotted), Target::Found(_));
            let (old, new) = renamed.iter().find(|(old, _)| below(&dotted, old).is_some())?;
            let root = Span::new(span.start, span.start + old.len());
            let is_spelled = bytes.get(root.range()) == Some(old.as_bytes());
            (!is_found && is_spelled).then(|| Edit::replace(root, new.as_bytes()))
        };
        (path.clone(), names.filter_map(edit).collect::<Vec<Edit>>())
    });
    edits.filter(|(_, edits)| !edits.is_empty()).collect()
}

/// The modules that a statement names in full and binds no root of.
fn names(kind: &ImportKind) -> Vec<(Span, String)> {
    match kind {
        ImportKind::From(from) if from.level == 0 => vec![(from.module_span, from.dotted().to_owned())],
        ImportKind::From(_) => Vec::new(),
        ImportKind::Import(items) => {
            let aliased = items.iter().filter(|item| item.alias.is_some());
            aliased.map(|item| (item.name.span, item.name.text.clone())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_change::Edits;
    use repot_roadmap::Pattern;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    #[test]
    fn fixtures_that_nobody_asks_for_are_said() {
        for (conftest, rule) in [
            ("@fixture(autouse = True)\ndef x(): ...\n", "reach the incoming tests"),
            ("@fixture\ndef x(): ...\n", "each keeps its own fixtures"),
        ] {
            let path = |text: &str| RelPath::new(text).unwrap();
            let files = [("a/tests/test_a.py", ""), ("b/tests/conftest.py", conftest)];
            let files = files.map(|(name, text)| (path(name), text.as_bytes().to_vec()));
            let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(Shape::default()));
            let suite = Suite::beside(&workspace, (&path("a"), &path("b")), "tests", "a").unwrap();
            let evidence = suite.evidence(&workspace, None);
            assert!(evidence.rule.contains(rule), "{}", evidence.rule);
        }
    }

    #[test]
    fn what_pytest_alone_can_find_follows() {
        let text = "from unit.more import a\nfrom .unit import b\nimport unit.more as c, units\nfrom units import d\n";
        let files = [("p/tests/unit/__init__.py", ""), ("p/tests/unit/test_a.py", text)];
        let path = |text: &str| RelPath::new(text).unwrap();
        let files = files.map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new("p").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        let renamed = [("unit".to_owned(), "unit_old".to_owned())];
        let found = respelled(&workspace, &path("p/tests"), &renamed);
        let (_, edits) = found.into_iter().next().unwrap();
        let after = Edits::new(edits).unwrap().apply(text.as_bytes()).unwrap();
        let expected = text.replacen("unit.more import", "unit_old.more import", 1);
        let expected = expected.replace("import unit.more as", "import unit_old.more as");
        assert_eq!(String::from_utf8(after).unwrap(), expected);
    }
}
