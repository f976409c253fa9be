//! The survey as a whole, on small trees.

use proptest::prelude::*;
use repot_roadmap::{CodemodSchema, Roadmap, Vocabulary};
use repot_workspace::{unmatched_exclude, unmatched_members};

use super::*;

const CODEMODS: [CodemodSchema<'static>; 3] = [
    CodemodSchema { name: "retarget-imports", settings: &[] },
    CodemodSchema { name: "fit-pyproject", settings: &[] },
    CodemodSchema { name: "complete-layers", settings: &[] },
];

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let file = |(path, text): &(&str, &str)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec());
    Snapshot::from_files(files.iter().map(file))
}

/// The roadmap of a survey, once everything is checked that must hold for any.
fn checked(snapshot: &Snapshot, survey: &Survey) -> Result<Roadmap, TestCaseError> {
    let text = roadmap_text(survey);
    let fail = |message: String| TestCaseError::fail(format!("{message}\n{text}"));
    let vocabulary = Vocabulary { codemods: &CODEMODS, metrics: crate::METRICS, rules: crate::RULES };
    let roadmap =
        Roadmap::parse("repot.toml", &text, &vocabulary).map_err(|errors| fail(format!("{errors:?}")))?;
    let shape = Shape::new(&roadmap.workspace, &roadmap.domains);
    prop_assert!(!shape.members.is_empty());
    prop_assert_eq!(unmatched_members(snapshot, &shape.members), Vec::<usize>::new(), "{}", text);
    prop_assert_eq!(unmatched_exclude(snapshot, &shape.exclude), Vec::<usize>::new(), "{}", text);
    for (name, domain) in &roadmap.domains {
        let names_one =
            |glob: &Pattern| survey.packages.iter().any(|package| glob.matches(package.folder.as_str()));
        prop_assert!(domain.members.iter().all(|glob| names_one(&glob.value)), "{}: {}", name, text);
    }
    let workspace = Workspace::new(snapshot.clone(), Arc::new(shape));
    let asked = crate::Asked { template: roadmap.template.as_ref(), ..crate::Asked::default() };
    let audit =
        crate::audit(&workspace, asked, &roadmap.phases, &usual(&roadmap.boundaries, &roadmap.phases));
    let measured: Vec<_> = audit.figures.iter().map(|figure| figure.value).collect();
    let surveyed: Vec<_> = survey.figures.iter().map(|figure| figure.value).collect();
    prop_assert_eq!(measured, surveyed, "the text says what was surveyed: {}", text);
    let today = audit.gates.iter().filter(|gate| gate.metric != "legacy-imports");
    let template = roadmap.template.clone().unwrap_or_default();
    let globs = |template: &Template| -> Vec<String> {
        template.layered.iter().map(|glob| glob.value.clone()).collect()
    };
    prop_assert_eq!(globs(&template), globs(&survey.template), "{}", text);
    let unspanned = Template { layered: survey.template.layered.clone(), ..template.clone() };
    prop_assert_eq!(&unspanned, &survey.template, "the text says what is the habit: {}", text);
    for glob in globs(&template) {
        prop_assert!(!workspace.packages_meant(&glob).is_empty(), "{} means no package: {}", glob, text);
    }
    let lacks = audit.figures.iter().any(|figure| {
        ["template-compliance", "layer-completeness"].contains(&figure.metric.as_ref())
            && figure.value.is_some_and(|value| value < 100.0)
    });
    prop_assert_eq!(roadmap.phases.len(), 1 + usize::from(lacks), "{}", text);
    prop_assert!(today.into_iter().all(|gate| gate.verdict == crate::Verdict::Holds), "{}", text);
    Ok(roadmap)
}

const PROJECT: &str = "[project]\nname = \"x\"\nrequires-python = \">=3.11\"\n[build-system]\nbuild-backend = \"hatchling.build\"\n";

/// A project file with everything that can become a habit.
const HABITS: &str = "[project]\nname = \"y\"\nversion = \"1\"\nrequires-python = \">=3.11\"\n\
    classifiers = [\"Programming Language :: Python :: 3.11\"]\n\
    [project.optional-dependencies]\ntest = []\n\
    [build-system]\nbuild-backend = \"hatchling.build\"\n[tool.ruff]\n[tool.mypy]\n";

fn shop() -> Vec<(&'static str, &'static str)> {
    vec![
        ("pyproject.toml", "[project]\nname = \"monorepo\"\ndependencies = [\"anyio\"]\n"),
        ("src/packages/shared/kernel/pyproject.toml", PROJECT),
        ("src/packages/shared/kernel/kernel/money.py", "class Money: ...\n"),
        ("src/packages/data/quality/pyproject.toml", PROJECT),
        (
            "src/packages/data/quality/quality/rules.py",
            "class RuleSet: ...\nfrom monorepo.kernel.money import Money\n",
        ),
        (
            "src/packages/data/data_quality/checks.py",
            "from monorepo.kernel.money import Money\nimport acme.sdk\n",
        ),
        (
            "src/packages/data/data_quality/report.py",
            "class Report: ...\nfrom monorepo.quality.rules import RuleSet\nimport acme\n",
        ),
        (
            "src/packages/ai/model/a.py",
            "import monorepo.quality.rules\nimport numpy, acme, anyio\nfrom kernel.money import Money\n",
        ),
        (
            "src/packages/ai/model/b.py",
            "import monorepo.kernel.money as m, monorepo.gone\nimport numpy, acme, anyio\nfrom quality.rules import RuleSet\n",
        ),
        (
            "src/packages/ai/model/c.py",
            "import numpy, acme, anyio\nimport model.gone\nimport numpy\nimport anyio\n",
        ),
        ("src/packages/ai/model/d.py", "import numpy, anyio\n"),
        ("src/archive/old.py", "import monorepo.cart\nimport attic\n"),
    ]
}

#[test]
fn a_monorepo_is_found_as_it_is() {
    let tree = snapshot(&shop());
    let found = survey(&tree, &Options::default());
    let roadmap = checked(&tree, &found).unwrap();
    assert_eq!(found.members, ["src/packages/*/*"]);
    assert_eq!(found.exclude, ["**/archive/**"]);
    let roots: Vec<_> =
        found.legacy_roots.iter().map(|root| (root.name.as_str(), root.statements, root.files)).collect();
    assert_eq!(roots, [("monorepo", 5, 5)]);
    assert_eq!(found.unsettled.iter().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["acme"]);
    let domains: Vec<_> =
        found.domains.iter().map(|domain| (domain.name.as_str(), domain.may_import.join(" "))).collect();
    assert_eq!(
        domains,
        [("ai", "shared".to_owned()), ("data", "shared".to_owned()), ("shared", String::new())]
    );
    assert_eq!(found.domains[0].imports_today, [("data".to_owned(), 1)]);
    assert!(found.duplicates.iter().any(|pair| pair.by_name && pair.a.file_name() == "data_quality"));
    assert_eq!(found.gaps.iter().filter(|gap| gap.missing.contains(&Missing::Pyproject)).count(), 2);
    assert_eq!(roadmap.template.unwrap().build_backend.as_deref(), Some("hatchling"));
}

#[test]
fn what_most_packages_have_is_asked_of_the_others() {
    let project = |name: &str| (format!("packages/{name}/pyproject.toml"), HABITS.to_owned());
    let module =
        |name: &str, layer: &str| (format!("packages/{name}/src/{name}/{layer}/a.py"), String::new());
    let mut files: Vec<(String, String)> = ["a", "b", "c"].map(project).to_vec();
    for (name, layers) in
        [("a", &["domain", "application"][..]), ("b", &["domain", "application", "infrastructure"])]
    {
        files.extend(layers.iter().map(|layer| module(name, layer)));
    }
    files.extend([module("c", "other"), ("packages/d/src/d/__init__.py".to_owned(), String::new())]);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let tree = snapshot(&files);
    let found = survey(&tree, &Options::default());
    let roadmap = checked(&tree, &found).unwrap();
    let template = roadmap.template.unwrap();
    assert_eq!(
        (template.groups, template.tools),
        (vec!["test".to_owned()], ["ruff", "mypy"].map(str::to_owned).to_vec())
    );
    assert!(template.classifiers);
    assert_eq!(template.layers, ["domain", "application"]);
    assert_eq!(
        template.layered.iter().map(|glob| glob.value.as_str()).collect::<Vec<_>>(),
        ["packages/a", "packages/b"]
    );
    let phase = roadmap.phases.last().unwrap();
    assert_eq!(phase.name.value, "packages");
    let steps: Vec<_> = phase.steps.iter().map(|step| step.codemod.value.as_str()).collect();
    assert_eq!(steps, ["fit-pyproject"], "every layer is there");
}

#[test]
fn named_roots_are_taken_whatever_the_tree_says() {
    let tree = snapshot(&shop());
    let named = ["monorepo", "kernel", "monorepo.quality", "nobody", "no name", "a\"b"].map(str::to_owned);
    let found = survey(&tree, &Options { legacy_roots: named.to_vec() });
    checked(&tree, &found).unwrap();
    let roots: Vec<_> = found.legacy_roots.iter().map(|root| (root.name.as_str(), root.statements)).collect();
    assert_eq!(roots, [("monorepo", 5), ("monorepo.quality", 2), ("kernel", 1), ("nobody", 0)]);
    assert!(found.legacy_roots.iter().all(|root| root.reason == LegacyReason::Named));
    assert_eq!(found.notes.iter().filter(|note| note.message.contains("no name that Python")).count(), 2);
}

#[test]
fn a_migrated_tree_has_no_legacy_roots() {
    let files: Vec<(String, String)> =
        shop().into_iter().map(|(path, text)| (path.to_owned(), text.replace("monorepo.", ""))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let tree = snapshot(&files);
    let found = survey(&tree, &Options::default());
    checked(&tree, &found).unwrap();
    assert!(found.legacy_roots.is_empty());
    assert!(roadmap_text(&found).contains("legacy-roots = []"));
}

#[test]
fn a_dependency_that_nobody_declared_is_no_legacy_root() {
    let files: Vec<(String, String)> = (0..6)
        .map(|n| {
            let text =
                "from acme.models import Thing\nfrom acme.client.http import get\nimport toml.decoder\n";
            (format!("shop/{n}.py"), text.to_owned())
        })
        .chain([("shop/models.py".to_owned(), "class ThingOfOurs: ...\n".to_owned())])
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found = survey(&snapshot(&files), &Options::default());
    assert_eq!((found.legacy_roots.len(), found.unsettled.len()), (0, 1));
}

#[test]
fn no_package_at_all_is_the_root() {
    for files in [&[][..], &[("README.md", "")], &[("x.py", "import y\n")], &[(".hidden/x.py", "")]] {
        let tree = snapshot(files);
        let found = survey(&tree, &Options::default());
        assert_eq!(found.members, ["."]);
        checked(&tree, &found).unwrap();
    }
}

#[test]
fn the_same_tree_gives_the_same_text() {
    let mut files = shop();
    let text = |files: &[(&str, &str)]| roadmap_text(&survey(&snapshot(files), &Options::default()));
    let first = text(&files);
    files.reverse();
    assert_eq!(text(&files), first);
}

/// Folder names of all kinds: ordinary ones, ones that say something, and ones
/// that are awkward in globs, TOML and comments.
fn folder() -> impl Strategy<Value = String> {
    let said = "(a|b|packages|src|archive|templates|x-backup|tests|core|shared)";
    let odd = "[a *?{},\\[\\]\"'\\\\#\n\t!:é-]{1,4}";
    prop_oneof![4 => said, 1 => odd].prop_map(|name| name.clone())
}

fn path() -> impl Strategy<Value = String> {
    let names = ["pyproject.toml", "setup.py", "m.py", "__init__.py", "models.py", "notes.txt"];
    (prop::collection::vec(folder(), 0..5), prop::sample::select(names.to_vec())).prop_map(
        |(folders, name)| folders.into_iter().chain([name.to_owned()]).collect::<Vec<_>>().join("/"),
    )
}

fn text_for(path: &str) -> impl Strategy<Value = String> + use<> {
    let project = ["[project]\nname = \"a\\\"b\"\n", "[project", "[tool.ruff]\n", PROJECT, HABITS, HABITS]
        .map(str::to_owned)
        .to_vec();
    let python = "((import|from) (mono|mono\\.a|core|a\\.b|\\.|os)( import x)?\n|class A: ...\n|\\{\\{ x \\}\\}\n){0,6}";
    match path.rsplit('/').next() {
        Some("pyproject.toml") => prop::sample::select(project).boxed(),
        Some("setup.py") => Just("setup(name='m', install_requires=['core>=1'])\n".to_owned()).boxed(),
        _ => python.prop_map(|text| text).boxed(),
    }
}

fn tree() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(path(), 0..14).prop_flat_map(|paths| {
        let files: Vec<_> = paths.into_iter().map(|path| (Just(path.clone()), text_for(&path))).collect();
        files
    })
}

proptest! {
    #[test]
    fn any_tree_gives_a_roadmap_that_fits_it(files in tree()) {
        // A path that does not exist on any disk, or lies below a file, is no tree.
        let mut paths: BTreeMap<RelPath, Vec<u8>> = BTreeMap::new();
        for (path, text) in files {
            let Ok(path) = RelPath::new(&path) else { continue };
            let is_clear = !path.ancestors().any(|above| paths.contains_key(&above))
                && !paths.keys().any(|other| other.is_within(&path));
            if is_clear {
                paths.insert(path, text.into_bytes());
            }
        }
        let tree = Snapshot::from_files(paths);
        let found = survey(&tree, &Options { legacy_roots: vec!["mono".to_owned()] });
        checked(&tree, &found)?;
    }
}
