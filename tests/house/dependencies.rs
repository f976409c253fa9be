//! Who may depend on whom.
//!
//! The crates stand in one order and depend only downwards, and each only on
//! what it is allowed to know.

use toml_edit::{Document, Item, TableLike};

use super::{assert_none, tree};

/// Every crate, lowest first, and the crates that it may know.
const KNOWS: &[(&str, &[&str])] = &[
    ("change", &[]),
    ("roadmap", &[]),
    ("python", &["change"]),
    ("project", &["change", "roadmap"]),
    ("workspace", &["change", "roadmap", "python", "project"]),
    ("refer", &["change", "roadmap", "python", "workspace"]),
    ("interface", &["change", "roadmap", "python", "project", "workspace", "refer"]),
    ("codemod", &["change", "roadmap", "python", "workspace"]),
    ("audit", &["change", "roadmap", "python", "project", "workspace", "interface"]),
    ("trend", &["change", "roadmap", "workspace", "audit"]),
    ("apply", &["change"]),
    ("git", &["change", "apply"]),
    ("trial", &["change", "apply"]),
    ("report", &["change", "roadmap", "project", "workspace", "codemod", "audit", "trend"]),
    ("codemods", &["change", "roadmap", "python", "project", "workspace", "refer", "interface", "codemod"]),
    (
        "cli",
        &[
            "change",
            "roadmap",
            "python",
            "workspace",
            "refer",
            "codemod",
            "audit",
            "trend",
            "apply",
            "git",
            "trial",
            "report",
            "codemods",
        ],
    ),
    (
        "tests",
        &[
            "change",
            "roadmap",
            "python",
            "workspace",
            "refer",
            "codemod",
            "audit",
            "trend",
            "apply",
            "git",
            "trial",
            "report",
            "codemods",
            "cli",
        ],
    ),
];

/// Other people's crates that only some of ours may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("tree-sitter", &["python"]),
    ("tree-sitter-python", &["python"]),
    ("ignore", &["workspace"]),
    ("walkdir", &["workspace"]),
    ("clap", &["cli"]),
    ("anstream", &["cli"]),
];

/// The names in the dependency tables of a manifest; with `dev`, those for
/// tests as well.
fn dependencies(manifest: &str, dev: bool) -> Vec<String> {
    let document = Document::parse(manifest).expect("a manifest is TOML");
    let mut names = Vec::new();
    let mut collect = |table: &dyn TableLike| {
        for (key, item) in table.iter() {
            let is_wanted =
                matches!(key, "dependencies" | "build-dependencies") || (dev && key == "dev-dependencies");
            let entries = item.as_table_like().filter(|_| is_wanted);
            names.extend(
                entries.into_iter().flat_map(|table| table.iter().map(|(name, item)| package(name, item))),
            );
        }
    };
    collect(document.as_table());
    let targets = document.get("target").and_then(Item::as_table_like);
    for (_, target) in targets.into_iter().flat_map(|targets| targets.iter().collect::<Vec<_>>()) {
        target.as_table_like().into_iter().for_each(&mut collect);
    }
    names
}

/// The package behind a dependency, also when it is renamed.
fn package(name: &str, item: &Item) -> String {
    let renamed = item.as_table_like().and_then(|table| table.get("package")).and_then(Item::as_str);
    renamed.unwrap_or(name).to_owned()
}

/// What is wrong with the manifest of the crate called `name`.
fn complaints(name: &str, manifest: &str) -> Vec<String> {
    let Some((_, knows)) = KNOWS.iter().find(|(known, _)| *known == name) else {
        return vec![format!(
            "{name}: a new crate needs a decision record, and its place in tests/house/dependencies.rs"
        )];
    };
    let mut complaints = Vec::new();
    for dependency in dependencies(manifest, true) {
        let own = dependency.strip_prefix("repot-");
        if own.is_some_and(|own| !knows.contains(&own)) {
            complaints.push(format!("{name} must not depend on {dependency}"));
        }
    }
    for dependency in dependencies(manifest, false) {
        let reserved = RESERVED.iter().find(|(reserved, _)| *reserved == dependency);
        if let Some((_, owners)) = reserved.filter(|(_, owners)| !owners.contains(&name)) {
            complaints.push(format!("{name} must not use {dependency}, which is for {}", owners.join(", ")));
        }
    }
    if !manifest.contains("[lints]\nworkspace = true") {
        complaints.push(format!("{name} does not take the lints of the workspace"));
    }
    complaints
}

#[test]
fn crates_know_only_what_they_may() {
    let is_manifest =
        |file: &tree::TreeFile| file.path.ends_with("/Cargo.toml") && file.crate_folder().is_some();
    let manifests: Vec<tree::TreeFile> = tree::files().into_iter().filter(is_manifest).collect();
    assert!(manifests.len() >= KNOWS.len(), "only {} manifests were found", manifests.len());
    let check = |file: &tree::TreeFile| {
        let folder = file.crate_folder().unwrap_or_default();
        complaints(folder.trim_start_matches("crates/"), &file.text)
    };
    assert_none(&manifests.iter().flat_map(check).collect::<Vec<_>>());
}

#[test]
fn the_order_has_no_way_up() {
    for (index, (name, knows)) in KNOWS.iter().enumerate() {
        let lower: Vec<&str> = KNOWS[..index].iter().map(|(lower, _)| *lower).collect();
        assert!(knows.iter().all(|known| lower.contains(known)), "{name} knows a crate that is not below it");
    }
}

#[test]
fn a_wrong_dependency_is_found() {
    let lints = "[lints]\nworkspace = true\n";
    let found = |name: &str, tables: &str| complaints(name, &format!("{tables}\n{lints}"));
    assert_eq!(
        found("apply", "[dependencies]\nrepot-python.workspace = true\n"),
        ["apply must not depend on repot-python"]
    );
    assert_eq!(found("change", "[dev-dependencies]\nrepot-cli = { path = \"../cli\" }\n").len(), 1);
    assert_eq!(found("change", "[target.'cfg(unix)'.dependencies]\nrepot-cli = \"1\"\n").len(), 1);
    assert_eq!(found("change", "[dependencies]\nx = { package = \"repot-cli\" }\n").len(), 1);
    assert_eq!(found("audit", "[dependencies.tree-sitter]\nversion = \"1\"\n").len(), 1);
    assert_eq!(found("workspace", "[dependencies]\nignore = \"1\"\nrepot-change = \"1\"\n"), [""; 0]);
    assert_eq!(found("helpers", "").len(), 1);
    assert_eq!(complaints("change", "[dependencies]\n").len(), 1);
}
