//! The journal as a user meets it: log, undo of what lies further back, prune,
//! and what becomes of a run that was cut off.

use std::fs;

use repot_change::{Content, ContentHash, RelPath, Write};
use repot_cli::ExitStatus;
use serde_json::Value;

use crate::environment::{Outcome, Tree};

/// The demo after every phase that changes anything, applied one by one.
fn applied() -> Tree {
    let tree = Tree::demo();
    let roots = ["--legacy-root", "monorepo", "--legacy-root", "legacy_shop"];
    assert_eq!(tree.run(&[&["init"][..], &roots].concat()).status, ExitStatus::Fine);
    assert_eq!(tree.run(&["apply", "--yes"]).status, ExitStatus::Fine);
    tree
}

/// Writes `new` to a file that holds `old`, as an operation.
fn edit(tree: &Tree, path: &str, old: &str, new: &str) {
    let write = Write {
        path: RelPath::new(path).unwrap(),
        expect: Some(ContentHash::of(old.as_bytes())),
        content: Some(Content::plain(new.as_bytes())),
        moved_from: None,
    };
    let repository = repot_apply::Repository::open(tree.root()).unwrap();
    repository.apply(&repository.lock().unwrap(), &format!("make {path} {new:?}"), &[write]).unwrap();
}

/// A tree with one file, changed by one operation for each text but the first.
fn edited(texts: &[&str]) -> Tree {
    let tree = Tree::with(&[("a.txt", texts[0])]);
    for pair in texts.windows(2) {
        edit(&tree, "a.txt", pair[0], pair[1]);
    }
    tree
}

fn text(tree: &Tree) -> String {
    fs::read_to_string(tree.root().join("a.txt")).unwrap()
}

fn refused(outcome: &Outcome, message: &str, hint: &str) {
    assert_eq!(outcome.status, ExitStatus::Refused, "{}", outcome.err);
    assert!(outcome.err.contains(message) && outcome.err.contains(hint), "{}", outcome.err);
}

fn log(tree: &Tree) -> Value {
    serde_json::from_str(&tree.run(&["log", "--output-format", "json"]).out).unwrap()
}

#[test]
fn an_undo_further_back_keeps_other_lines_or_says_whose_are_in_the_way() {
    let tree = edited(&["1\n2\n3\n", "one\n2\n3\n", "one\n2\nthree\n", "one\n2\nTHREE\n"]);
    let outcome = tree.run(&["undo", "2", "--yes"]);
    refused(&outcome, "a.txt: line 3 changed too, by operation 0003", "undo the later operations first");
    assert_eq!(text(&tree), "one\n2\nTHREE\n");
    let outcome = tree.run(&["undo", "1", "--yes"]);
    assert_eq!(outcome.status, ExitStatus::Fine, "{}", outcome.err);
    assert!(outcome.out.contains("a.txt keeps what was done to other lines since"), "{}", outcome.out);
    assert_eq!(text(&tree), "1\n2\nTHREE\n");
    tree.run(&["redo", "--yes"]);
    assert_eq!(text(&tree), "one\n2\nTHREE\n");
}

#[test]
fn the_log_says_what_happened_and_what_it_occupies() {
    let tree = edited(&["1", "2", "3"]);
    tree.run(&["undo", "--yes"]);
    let lines: Vec<_> = tree.run(&["log"]).out.lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with("0003  ") && lines[0].contains("  undo of 0002  1 files  "), "{}", lines[0]);
    assert!(lines[1].starts_with("0002  ") && lines[1].ends_with("(undone by 0003)"), "{}", lines[1]);
    assert!(lines[3].starts_with("The journal occupies 1.") && lines[3].ends_with(" kB."), "{}", lines[3]);
    let log = log(&tree);
    assert_eq!((log["version"].as_u64(), log["kind"].as_str()), (Some(1), Some("log")));
    let operations = log["operations"].as_array().unwrap();
    let column = |key: &str| operations.iter().map(|o| o[key].as_str().unwrap_or("-")).collect::<Vec<_>>();
    assert_eq!(column("id"), ["0003", "0002", "0001"]);
    assert_eq!(column("kind"), ["undo", "apply", "apply"]);
    assert_eq!(column("of"), ["0002", "-", "-"]);
    assert_eq!(column("state"), ["applied", "undone", "applied"]);
    assert_eq!(column("undone_by"), ["-", "0003", "-"]);
    let file = &operations[1]["files"][0];
    assert_eq!((file["path"].as_str(), file["before"]["size"].as_u64()), (Some("a.txt"), Some(1)));
    assert_eq!(file["after"]["hash"].as_str(), Some(ContentHash::of(b"3").to_string().as_str()));
    assert_eq!(file["before"]["mode"].as_str().map(str::len), Some(4));
    let on_disk = |id: &str| -> u64 {
        let folder = tree.root().join(".repot/journal").join(id);
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum()
    };
    for operation in operations {
        assert_eq!(operation["bytes"].as_u64(), Some(on_disk(operation["id"].as_str().unwrap())));
    }
    let sum: u64 = ["0001", "0002", "0003"].map(on_disk).iter().sum();
    assert_eq!(log["bytes"].as_u64(), Some(sum));
}

#[test]
fn pruning_asks_says_what_it_freed_and_leaves_the_tree_alone() {
    let tree = edited(&["1", "2", "3", "4"]);
    let (before, occupied) = (tree.files(), log(&tree)["bytes"].as_u64().unwrap());
    refused(&tree.run(&["log", "prune", "--keep", "1"]), "no terminal", "--yes");
    let outcome = tree.run_answering(&["log", "prune", "--keep", "1"], Some("n\n"));
    assert!(outcome.err.contains("Forget 2 operations?") && outcome.err.contains("Nothing was forgotten"));
    assert_eq!(log(&tree)["bytes"].as_u64(), Some(occupied));
    let outcome = tree.run(&["log", "prune", "--keep", "1", "--yes"]);
    assert!(
        outcome.err.contains("Forgot 2 operations: ") && outcome.err.contains(" freed"),
        "{}",
        outcome.err
    );
    assert_eq!(outcome.out.lines().count(), 2);
    assert_eq!(tree.files(), before);
    assert_eq!(log(&tree)["operations"].as_array().unwrap().len(), 1);
    assert!(tree.run(&["log", "prune", "--keep", "1", "--yes"]).err.contains("nothing to forget"));
    tree.run(&["undo", "--yes"]);
    assert_eq!(text(&tree), "3");
    refused(&tree.run(&["undo", "--yes"]), "nothing to undo", "");
}

/// The demo in the middle of its first operation: `is_complete` or with one file
/// as it was before.
fn cut_off(is_complete: bool) -> Tree {
    let tree = applied();
    let before = Tree::demo();
    if !is_complete {
        let path = log(&tree)["operations"][0]["files"][0]["path"].as_str().unwrap().to_owned();
        tree.write(&path, &before.files()[&path]);
    }
    let folder = tree.root().join(".repot/journal/0001");
    fs::rename(folder.join("record"), folder.join("intent")).unwrap();
    tree
}

#[test]
fn every_command_that_looks_at_the_tree_waits_for_recovery() {
    let tree = cut_off(false);
    let before = tree.files();
    let commands: [&[&str]; 13] = [
        &["init"],
        &["status"],
        &["plan"],
        &["plan", "-o", "saved.plan"],
        &["apply", "--yes"],
        &["check"],
        &["explain", "repot.toml"],
        &["undo", "--yes"],
        &["redo", "--yes"],
        &["move", "a", "b", "--dry-run"],
        &["move", "a", "b", "--yes"],
        &["run", "retarget-imports", "--check"],
        &["log", "prune", "--keep", "1", "--yes"],
    ];
    for command in commands {
        refused(&tree.run(command), "operation 0001 (", "repot recover");
    }
    assert_eq!(tree.files(), before);
    assert!(tree.run(&["log"]).out.contains("(cut off: `repot recover`"));
    // While the operation is under way it is not recovery that is called for.
    let repository = repot_apply::Repository::open(tree.root()).unwrap().named("repot apply");
    let lock = repository.lock().unwrap();
    refused(&tree.run(&["plan"]), "another repot works on this tree: `repot apply`", "wait");
    drop(lock);
    assert_eq!(tree.run(&["recover", "--yes"]).status, ExitStatus::Fine);
    assert_eq!(tree.run(&["plan"]).status, ExitStatus::Fine);
}

#[test]
fn recovery_says_where_it_goes_before_it_goes_there() {
    for (is_complete, way) in [(false, "The tree goes back: "), (true, "The tree goes forward: ")] {
        let tree = cut_off(is_complete);
        let before = tree.files();
        let count = log(&tree)["operations"][0]["files"].as_array().unwrap().len();
        let outcome = tree.run_answering(&["recover"], Some("n\n"));
        assert!(outcome.out.contains(way), "{}", outcome.out);
        let files = match is_complete {
            true => format!("its {count} files are all written"),
            false => format!("{} of its {count} files are put back", count - 1),
        };
        assert!(outcome.out.contains(&files), "{}", outcome.out);
        assert!(outcome.err.contains("Nothing was changed"));
        assert_eq!(tree.files(), before);
        assert_eq!(tree.run(&["recover", "--yes"]).status, ExitStatus::Fine);
        let mut expected = if is_complete { applied().files() } else { Tree::demo().files() };
        expected.insert("repot.toml".to_owned(), before["repot.toml"].clone());
        assert_eq!(tree.files(), expected);
        assert!(tree.run(&["recover", "--yes"]).err.contains("Nothing to recover"));
    }
}

/// What a value is made of: its keys, and those of its first items.
fn shape(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{key}{}", shape(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(" "))
        }
        Value::Array(items) => format!("[{}]", items.first().map(shape).unwrap_or_default()),
        _ => String::new(),
    }
}

#[test]
fn the_log_of_the_documents_has_the_shape_of_the_real_one() {
    let page = include_str!("../docs/json.md");
    let examples = page.split("```json\n").skip(1).filter_map(|part| part.split("```").next());
    let examples = examples.map(|text| serde_json::from_str::<Value>(text).expect("an example is JSON"));
    let shown: Vec<String> =
        examples.filter(|value| value["kind"] == "log").map(|value| shape(&value)).collect();
    assert_eq!(shown, [shape(&log(&applied()))]);
}
