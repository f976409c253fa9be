//! What stands in the documents is what is done.

use super::{assert_none, tree};

const HEADINGS: &[&str] = &["## Context", "## Decision", "## What was given up"];

/// The commands that begin with `start`, without comments, of a text in which
/// every line may be one.
fn commands(text: &str, start: &str) -> Vec<String> {
    let bare = |line: &str| line.split(" #").next().unwrap_or_default().trim().to_owned();
    let mut commands: Vec<String> = text.lines().map(bare).filter(|line| line.starts_with(start)).collect();
    commands.dedup();
    commands
}

fn decision_complaints(name: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let (number, title) = name.split_once('-').unwrap_or((name, ""));
    if number.len() != 4 || !number.chars().all(|char| char.is_ascii_digit()) || title.len() < 4 {
        complaints.push(format!("{name} is not called NNNN-title.md"));
    }
    let found: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
    if found != HEADINGS {
        complaints.push(format!("{name} has the headings {found:?}, not {HEADINGS:?}"));
    }
    if text.lines().count() > 40 {
        complaints.push(format!("{name} is longer than half a page"));
    }
    complaints
}

/// The absolute paths of somebody's machine that `text` mentions.
fn machine_paths(text: &str) -> Vec<String> {
    // Put together, so that this file does not hold what it looks for.
    let roots = ["work", "root", "Users"].map(|name| format!("/{name}/"));
    let begins =
        |before: &str| !before.ends_with(|char: char| char.is_alphanumeric() || "._-~/*}$".contains(char));
    let find = |root: &String| {
        let at = text.match_indices(root.as_str()).map(|(at, _)| at).find(|at| begins(&text[..*at]))?;
        Some(text[at..].chars().take_while(|char| !char.is_whitespace()).take(40).collect())
    };
    roots.iter().filter_map(find).collect()
}

#[test]
fn what_the_readme_says_is_what_ci_runs() {
    let readme = commands(&tree::text("README.md"), "cargo ");
    let ci = commands(&tree::text(".ci/run"), "cargo ");
    for command in ["cargo test --workspace", "cargo run --release -- demo"] {
        assert!(readme.iter().any(|line| line == command), "README.md does not say `{command}`: {readme:?}");
        assert!(ci.iter().any(|line| line == command), ".ci/run does not run `{command}`: {ci:?}");
    }
}

#[test]
fn every_decision_has_its_three_parts() {
    let files = tree::files();
    let decisions: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|file| Some((file.path.strip_prefix("docs/decisions/")?, file.text.as_str())))
        .collect();
    assert!(!decisions.is_empty(), "no decision was found");
    assert_none(
        &decisions.iter().flat_map(|(name, text)| decision_complaints(name, text)).collect::<Vec<_>>(),
    );
    let numbers: std::collections::BTreeSet<&str> =
        decisions.iter().filter_map(|(name, _)| name.get(..4)).collect();
    assert_eq!(numbers.len(), decisions.len(), "two decisions have one number");
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let mut complaints = Vec::new();
    for file in tree::files() {
        complaints
            .extend(machine_paths(&file.text).into_iter().map(|found| format!("{}: {found}", file.path)));
    }
    assert_none(&complaints);
}

#[test]
fn commands_are_compared_without_their_comments() {
    let text = "```\ncargo test --workspace   # every test\n  cargo run\n# cargo fmt\n```\n";
    assert_eq!(commands(text, "cargo "), ["cargo test --workspace", "cargo run"]);
}

#[test]
fn an_incomplete_decision_is_found() {
    let whole = "# T\n\n## Context\n\n## Decision\n\n## What was given up\n";
    assert_eq!(decision_complaints("0001-a-crate.md", whole), [""; 0]);
    assert_eq!(decision_complaints("1-a-crate.md", whole).len(), 1);
    assert_eq!(decision_complaints("0001-a-crate.md", "# T\n\n## Decision\n").len(), 1);
    assert_eq!(decision_complaints("0001-a-crate.md", &format!("{whole}{}", "x\n".repeat(40))).len(), 1);
}

#[test]
fn machine_paths_are_told_from_other_paths() {
    let path = |folder: &str| format!("\"/{folder}/a.py\"");
    assert_eq!(machine_paths(&path("work")).len(), 1);
    assert_eq!(machine_paths(&format!("{} {}", path("root"), path("Users"))).len(), 2);
    assert_eq!(machine_paths("src/work/a ~/work/b https://x.org/root/c"), [""; 0]);
}
