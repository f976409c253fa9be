//! Every codemod has its folder, its cases and its line in the registry.

use super::{assert_none, tree};

/// What is wrong with the codemod in `folder`, given the paths of the tree and
/// the text of `codemods/lib.rs`.
fn complaints(folder: &str, paths: &[&str], registry: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let lines = || registry.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    if !lines().any(|line| line.trim_start_matches("pub ") == format!("mod {folder};")) {
        complaints.push(format!("codemods/{folder} is no module of codemods/lib.rs"));
    }
    if !lines().any(|line| line.contains(&format!("{folder}::")) && !line.starts_with("pub use")) {
        complaints.push(format!("codemods/{folder} is not in the registry of codemods/lib.rs"));
    }
    if !paths.contains(&format!("codemods/{folder}/mod.rs").as_str()) {
        complaints.push(format!("codemods/{folder} has no mod.rs"));
    }
    let cases = format!("codemods/{folder}/cases/");
    if !paths.iter().any(|path| path.starts_with(&cases) && path.ends_with(".md")) {
        complaints.push(format!("codemods/{folder} has no case in cases/*.md"));
    }
    complaints
}

#[test]
fn every_codemod_is_listed_and_has_cases() {
    let files = tree::files();
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let inside = paths.iter().filter_map(|path| path.strip_prefix("codemods/")?.split_once('/'));
    let mut folders: Vec<&str> = inside.map(|(folder, _)| folder).collect();
    folders.dedup();
    assert!(!folders.is_empty(), "no codemod was found");
    let registry = tree::text("codemods/lib.rs");
    assert_none(&folders.iter().flat_map(|folder| complaints(folder, &paths, &registry)).collect::<Vec<_>>());
}

#[test]
fn what_a_codemod_lacks_is_found() {
    let paths = ["codemods/lib.rs", "codemods/a/mod.rs", "codemods/a/cases/one.md"];
    let registry = "mod a;\n\n/// All.\npub const ALL: &[&dyn Codemod] = &[\n    &a::A,\n];\n";
    assert_eq!(complaints("a", &paths, registry), [""; 0]);
    assert_eq!(complaints("a", &paths, "// mod a;\n// &a::A\n").len(), 2);
    assert_eq!(complaints("a", &paths[..1], registry).len(), 2);
    assert_eq!(complaints("b", &paths, registry).len(), 4);
}
