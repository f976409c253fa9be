//! Boundary files of every kind, on one small tree.

use repot_roadmap::Pattern;
use repot_workspace::find_packages;

use super::*;

const PACKAGES: [&str; 6] =
    ["p/ai/model", "p/ai/train", "p/data/quality", "p/data/store", "p/shared/kernel", "p/shared/kernel/sdk"];

fn with(file: &str, text: &str) -> (Vec<SurveyedDomain>, Vec<String>) {
    let borders = borders(file, text);
    (borders.domains, borders.carried)
}

fn borders(file: &str, text: &str) -> Borders {
    let python = PACKAGES
        .map(|folder| (format!("{folder}/{}/x.py", folder.rsplit('/').next().unwrap()), String::new()));
    let projects = PACKAGES.map(|folder| (format!("{folder}/setup.py"), "setup()\n".to_owned()));
    let inits = PACKAGES.map(|folder| {
        (format!("{folder}/{}/__init__.py", folder.rsplit('/').next().unwrap()), String::new())
    });
    let files = python.into_iter().chain(projects).chain(inits).chain([(file.to_owned(), text.to_owned())]);
    let snapshot =
        Snapshot::from_files(files.map(|(path, text)| (RelPath::new(&path).unwrap(), text.into_bytes())));
    let members = ["p/*/*", "p/shared/kernel/sdk"].map(str::to_owned);
    let patterns: Vec<Pattern> = members.iter().map(|glob| Pattern::new(glob).unwrap()).collect();
    let (packages, _) = find_packages(&snapshot, &patterns, &[]);
    assert_eq!(packages.len(), PACKAGES.len());
    domains(&snapshot, &members, &packages)
}

/// Each domain on a line: its name, its members, whom it may import.
fn shown(domains: &[SurveyedDomain]) -> Vec<String> {
    let line = |domain: &SurveyedDomain| {
        format!("{}: {} -> {}", domain.name, domain.members.join(" "), domain.may_import.join(" "))
    };
    domains.iter().map(line).collect()
}

const FOLDERS: [&str; 3] =
    ["ai: p/ai/* -> shared", "data: p/data/* -> shared", "shared: p/shared/* p/shared/kernel/sdk -> "];

#[test]
fn without_a_file_the_folders_count() {
    let (domains, carried) = with("README.md", "");
    assert_eq!(shown(&domains), FOLDERS);
    assert!(carried.is_empty());
    assert!(domains.iter().all(|domain| domain.origin == DomainOrigin::Tree));
}

#[test]
fn a_boundary_file_counts_where_its_packages_are_here() {
    let text = "
version: 1
domains:
  ai:
    packages: [p/ai/*]
    allowed_dependencies: [shared, finance, ai]
  data: {packages: [data/quality, store, data/gone], allowed_dependencies: []}
  shared: {path: ./p/shared/}
  finance: {packages: [finance/billing]}
global_allowed: [shared]
exceptions:
  - {from: p/ai/model, to: p/data/store, expires: '2030-01-01'}
naming: {a: b}
enforcement: strict
";
    let (domains, carried) = with(".domain-boundaries.yaml", text);
    assert_eq!(
        shown(&domains),
        ["ai: p/ai/* -> shared", "data: p/data/quality p/data/store -> shared", "shared: p/shared/** -> *"]
    );
    let said = carried.join("\n");
    for part in ["`data/gone`", "`finance`", "it has no owner and no reason", "`naming`, `enforcement`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn exceptions_that_somebody_answers_for_are_carried() {
    let text = "
domains:
  ai: {packages: [p/ai/*], allowed_dependencies: []}
  data: {packages: [p/data/*], allowed_dependencies: []}
exceptions:
  - {from: p/ai/model, to: data, reason: Until it is fed, approved_by: '@team', expires: '2030-12-31'}
  - {from: ai, to: store, reason: No, owner: ada, expires: tomorrow}
  - {from: ai, to: gone, reason: No, owner: ada, expires: '2030-12-31'}
  - {from: ai, to: store}
  - {to: store}
";
    let borders = borders(".domain-boundaries.yaml", text);
    let exception = SurveyedException {
        within: "p/ai/model/**".to_owned(),
        imports: "{quality,quality.**,store,store.**}".to_owned(),
        owner: "@team".to_owned(),
        reason: "Until it is fed".to_owned(),
        expires: "2030-12-31".parse().unwrap(),
    };
    assert_eq!(borders.exceptions, [exception]);
    let said = borders.carried.join("\n");
    for part in [
        "`tomorrow` is no day",
        "`gone` is no package",
        "no owner and no reason and no expires",
        "who may import what",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(borders.carried.len(), 4);
}

#[test]
fn bare_rules_count_when_they_cover_the_tree() {
    let text = "
dependency_rules:
  description: who may depend on whom
  foundation:
    - kernel: []
  business:
    - model: [kernel, train, quality]
    - train: [kernel]
  other: {quality: [kernel, train], store: [kernel]}
isolation_rules: {isolated_packages: [train]}
";
    let (domains, carried) = with(".domain-rules.yaml", text);
    let expected = [
        "kernel: p/shared/kernel -> ",
        "model: p/ai/model -> kernel quality",
        "quality: p/data/quality -> kernel",
        "store: p/data/store -> kernel",
        "train: p/ai/train -> kernel",
    ];
    assert_eq!(shown(&domains), expected);
    assert!(carried.is_empty());
}

#[test]
fn bare_rules_about_other_names_speak_only_for_their_own() {
    let (domains, carried) = with(".domain-rules.yaml", "dependency_rules:\n  x: []\n  data: [ai, gone]\n");
    assert_eq!(shown(&domains), [FOLDERS[0], "data: p/data/* -> ai", FOLDERS[2]]);
    assert_eq!(carried.len(), 1);
    assert!(carried[0].contains("rules 2 names; only 1 can"), "{carried:?}");
}

#[test]
fn what_is_no_yaml_is_said_and_not_used() {
    for text in
        ["a: [", "- 1", "", "a: *b", "\t\0", "domains: 5", "domains: [[]]\ndependency_rules: [1, {2: 3}]"]
    {
        let (domains, _) = with(".domain-boundaries.yaml", text);
        assert_eq!(shown(&domains), FOLDERS, "{text}");
    }
}

#[test]
fn deep_nesting_does_no_harm() {
    let stairs: String = (0..600).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    for text in ["[".repeat(200_000), "{a: ".repeat(50_000), "- ".repeat(100_000), "? ".repeat(2_000), stairs]
    {
        let (domains, _) = with(".domain-boundaries.yaml", &text);
        assert_eq!(shown(&domains), FOLDERS);
    }
}

#[test]
fn tach_modules_that_are_packages_become_domains() {
    let text = "
source_roots = ['p/ai', 'p/data', 'p/shared']
layers = ['top', 'bottom']
[[modules]]
path = 'model'
depends_on = ['train', {path = 'quality', deprecated = true}]
layer = 'top'
[[modules]]
path = 'train'
[[modules]]
paths = ['quality', 'store']
depends_on = []
visibility = ['model']
[[modules]]
path = 'kernel'
depends_on = []
layer = 'bottom'
utility = true
[[modules]]
path = 'model.parts'
depends_on = []
[[modules]]
path = '<root>'
[[interfaces]]
expose = ['x']
";
    let (domains, carried) = with("tach.toml", text);
    let expected = [
        "kernel: p/shared/kernel -> ",
        "model: p/ai/model -> kernel quality train",
        "quality: p/data/quality -> kernel",
        "store: p/data/store -> kernel",
        "train: p/ai/train -> *",
    ];
    assert_eq!(shown(&domains), expected);
    assert_eq!(carried.len(), 3, "{carried:?}");
}

#[test]
fn contracts_between_packages_become_domains() {
    let text = "
[importlinter]
root_packages = model
[importlinter:contract:layers]
name = Layers
type = layers
layers =
    model | train
    # lower
    (quality) : store
    kernel
[importlinter:contract:parts]
name = Parts
type = layers
containers = model
layers = high
    low
[importlinter:contract:apart]
name = Apart
type=independence
ignore_imports =
    quality.x -> store.x
modules =
    quality
    store
[importlinter:contract:own]
name = Own
type = mine
";
    let (domains, carried) = with(".importlinter", text);
    let expected = [
        "kernel: p/shared/kernel -> ",
        "model: p/ai/model -> kernel quality store",
        "quality: p/data/quality -> kernel",
        "store: p/data/store -> kernel",
        "train: p/ai/train -> kernel quality store",
    ];
    assert_eq!(shown(&domains), expected);
    assert_eq!(carried.len(), 3, "{carried:?}");
    assert!(carried.iter().any(|it| it.contains("ignores `quality.x -> store.x`")), "{carried:?}");
    let toml = "
[[tool.importlinter.contracts]]
name = 'No'
type = 'forbidden'
source_modules = ['kernel']
forbidden_modules = ['model', 'train']
";
    let (domains, _) = with("pyproject.toml", toml);
    let expected = [
        "kernel: p/shared/kernel -> ",
        "model: p/ai/model -> kernel train",
        "train: p/ai/train -> kernel model",
    ];
    assert_eq!(shown(&domains), expected);
}
