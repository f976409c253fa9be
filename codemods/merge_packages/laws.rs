//! Laws of merges, on generated pairs of packages: nothing is lost, every import
//! leads to the definition that it led to, a merge with an empty package is a
//! move, and a second run is empty.
//!
//! What a name means is told by the text of its definition, which no two modules
//! share unless they are meant to.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use repot_change::{Outcome, PlannedPhase, RelPath};
use repot_codemod::{Codemod, Planner};
use repot_roadmap::{Pattern, Phase, Settings, Spanned, Step, Verify};
use repot_workspace::{Origin, Place, Shape, Snapshot, Target, Workspace};

use super::MergePackages;
use crate::REGISTRY;
use crate::move_code::MoveCode;

type Files = BTreeMap<String, String>;

/// One symbol of a module: its name, and which of two bodies it has.
type Symbols = BTreeMap<&'static str, u8>;

const NAMES: [&str; 4] = ["alpha", "beta", "Gamma", "DELTA"];
const MODULES: [&str; 3] = ["one", "two", "deep/three"];

fn symbols() -> impl Strategy<Value = Symbols> {
    proptest::collection::btree_map(proptest::sample::select(&NAMES[..]), 0..2_u8, 0..4)
}

/// A package: its modules, and whether its `__init__` re-exports them.
fn package() -> impl Strategy<Value = (BTreeMap<&'static str, Symbols>, bool)> {
    (proptest::collection::btree_map(proptest::sample::select(&MODULES[..]), symbols(), 0..4), any::<bool>())
}

fn definition(name: &str, module: &str, body: u8) -> String {
    let text = format!("{}-{name}-{body}", module.replace('/', "."));
    match name {
        "Gamma" => format!("class {name}:\n    text = \"{text}\"\n"),
        "DELTA" => format!("{name} = \"{text}\"\n"),
        _ => format!("def {name}():\n    return \"{text}\"\n"),
    }
}

fn tree(root: &str, (modules, exports): &(BTreeMap<&'static str, Symbols>, bool)) -> Files {
    let mut files = Files::from([(format!("{root}/__init__.py"), String::new())]);
    let mut given = BTreeSet::new();
    for (module, symbols) in modules {
        let text: Vec<String> = symbols.iter().map(|(name, body)| definition(name, module, *body)).collect();
        files.insert(format!("{root}/{module}.py"), text.join("\n\n"));
        if module.contains('/') {
            files.insert(format!("{root}/deep/__init__.py"), String::new());
        }
        let fresh = symbols.keys().filter(|name| given.insert(**name)).copied().collect::<Vec<_>>();
        if *exports && !fresh.is_empty() {
            let line = format!("from .{} import {}\n", module.replace('/', "."), fresh.join(", "));
            files.get_mut(&format!("{root}/__init__.py")).unwrap().push_str(&line);
        }
    }
    files
}

/// Somebody who imports everything that a package has, by every road.
fn user(root: &str, (modules, exports): &(BTreeMap<&'static str, Symbols>, bool)) -> String {
    let mut lines = Vec::new();
    let mut given = BTreeSet::new();
    for (module, symbols) in modules {
        let dotted = module.replace('/', ".");
        for name in symbols.keys() {
            lines.push(format!(
                "from {root}.{dotted} import {name} as {root}_{}_{name}",
                dotted.replace('.', "_")
            ));
            if *exports && given.insert(*name) {
                lines.push(format!("from {root} import {name} as {root}_{name}"));
            }
        }
    }
    lines.into_iter().map(|line| line + "\n").collect()
}

fn workspace(files: &Files) -> Workspace {
    let path = |text: &String| RelPath::new(text).unwrap();
    let snapshot =
        Snapshot::from_files(files.iter().map(|(name, text)| (path(name), text.clone().into_bytes())));
    let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
    Workspace::new(snapshot, shape.into())
}

fn run(
    files: &Files,
    codemod: &dyn Codemod,
    pairs: &[(&str, &str)],
) -> Result<(Files, PlannedPhase), String> {
    let settings = Settings::from_pairs(&codemod.schema(), pairs).unwrap();
    let step = Step { codemod: Spanned::unwritten(codemod.schema().name.to_owned()), settings };
    let phase = Phase {
        title: "merge".to_owned(),
        name: Spanned::unwritten("merge".to_owned()),
        steps: vec![step],
        gates: Vec::new(),
        criteria: Vec::new(),
        verify: Verify::default(),
    };
    let plan =
        Planner::new(REGISTRY, &[]).plan(&workspace(files), [&phase]).map_err(|error| error.to_string())?;
    let phase = plan.phases.into_iter().next().unwrap();
    if !phase.is_verified() {
        return Err(format!("{:?}", phase.checks));
    }
    let mut after = files.clone();
    for write in phase.writes() {
        match &write.content {
            Some(content) => {
                after.insert(write.path.to_string(), String::from_utf8(content.bytes.to_vec()).unwrap())
            }
            None => after.remove(write.path.as_str()),
        };
    }
    Ok((after, phase))
}

/// What each name that a file imports means: the text of its definition.
fn meanings(files: &Files, path: &str) -> BTreeMap<String, Option<String>> {
    let workspace = workspace(files);
    let id = workspace.modules().at(&RelPath::new(path).unwrap()).unwrap();
    let module = workspace.modules().get(id);
    let mut found = BTreeMap::new();
    for statement in workspace.file(id).imports() {
        let Some(from) = statement.as_from() else { continue };
        for item in statement.items() {
            let place = match workspace.resolve(module, from.level, from.dotted()) {
                Target::Found(place) => workspace.origin(&place, &item.name.text),
                _ => None,
            };
            let text = place.and_then(|origin| match origin {
                Origin::Definition { module, name } => {
                    let source = workspace.file(module).parse();
                    let binding = workspace.file(module).definitions().names[&name][0].span;
                    let span = source.top_statement(binding.start)?;
                    Some(String::from_utf8_lossy(&source.bytes()[span.range()]).into_owned())
                }
                Origin::Module(Place::Module(_) | Place::Namespace(_)) | Origin::External => None,
            });
            found.insert(item.bound().to_owned(), text);
        }
    }
    found
}

/// Every definition of every module, by its text.
fn definitions(files: &Files) -> BTreeSet<String> {
    let all =
        files.iter().filter(|(path, _)| !path.ends_with("user.py")).flat_map(|(_, text)| text.split("\n\n"));
    let parts = all.map(str::trim).filter(|part| part.contains('-'));
    // What stands behind something else is found by its own text.
    parts
        .flat_map(|part| {
            part.split('"').filter(|text| text.contains('-')).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_every_import_keeps_its_meaning(old in package(), new in package()) {
        let mut files = tree("old", &old);
        files.extend(tree("new", &new));
        files.insert("user.py".to_owned(), user("old", &old) + &user("new", &new));
        let (after, _) = run(&files, &MergePackages, &[("from", "old"), ("into", "new")])
            .map_err(|error| TestCaseError::fail(format!("{error}\n{files:#?}")))?;
        prop_assert!(!after.keys().any(|path| path.starts_with("old/")), "{:#?}", after);
        prop_assert_eq!(definitions(&after), definitions(&files), "{:#?}", after);
        let (was, is) = (meanings(&files, "user.py"), meanings(&after, "user.py"));
        prop_assert!(was.values().all(Option::is_some));
        prop_assert_eq!(was, is, "{:#?}", after);
        // Nothing is there to be merged a second time.
        let again = run(&after, &MergePackages, &[("from", "old"), ("into", "new")]);
        prop_assert_eq!(again.map(|(files, _)| files), Ok(after));
    }

    #[test]
    fn what_differs_is_asked_about(old in package(), new in package()) {
        let mut files = tree("old", &old);
        files.extend(tree("new", &new));
        let (_, phase) = run(&files, &MergePackages, &[("from", "old"), ("into", "new")])
            .map_err(TestCaseError::fail)?;
        let asked: BTreeSet<String> = phase.decisions().into_iter().map(|one| one.subject).collect();
        for (module, symbols) in &old.0 {
            let there = new.0.get(module);
            let differs = |(name, body): (&&str, &u8)| there.is_some_and(|there| there.get(*name).is_some_and(|other| other != body));
            let subject = format!("new.{}", module.replace('/', "."));
            if symbols.iter().any(differs) {
                prop_assert!(asked.contains(&subject), "{} is not in {:?}", subject, asked);
            }
        }
        let is_kept = |one: &&repot_change::Evidence| matches!(one.outcome, Outcome::Skipped { .. });
        prop_assert_eq!(phase.evidence().filter(is_kept).count(), 0);
    }

    #[test]
    fn a_merge_with_an_empty_package_is_a_move(old in package()) {
        let mut files = tree("old", &old);
        files.insert("user.py".to_owned(), user("old", &old));
        let (moved, _) = run(&files, &MoveCode, &[("moves", "old -> new")]).map_err(TestCaseError::fail)?;
        files.insert("new/__init__.py".to_owned(), String::new());
        let (merged, _) = run(&files, &MergePackages, &[("from", "old"), ("into", "new")]).map_err(TestCaseError::fail)?;
        prop_assert_eq!(merged, moved);
    }
}
