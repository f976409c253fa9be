//! History and trees of real repositories, compared with what the real git says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::*;

fn git(root: &Path, time: i64, arguments: &[&str]) -> String {
    let date = format!("@{time} +0000");
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

const DAY: i64 = 86_400;
/// 2025-07-07.
const START: i64 = 1_751_846_400;

/// Three commits and a merge of a fourth, a day apart.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, 0, &["init", "-q", "-b", "main"]);
    git(root, 0, &["config", "uploadpack.allowFilter", "true"]);
    let commit = |day: i64, message: &str| {
        git(root, 0, &["add", "-A"]);
        git(root, START + day * DAY, &["commit", "-qm", message]);
    };
    write(root, "a.py", "a\n");
    write(root, "sub/b.py", "b\n");
    write(root, "sub/deep/é c.txt", "c\n");
    std::os::unix::fs::symlink("a.py", root.join("link")).unwrap();
    commit(1, "first\n\nwith a body");
    write(root, "a.py", "a2\n");
    commit(2, "second");
    git(root, 0, &["checkout", "-qb", "side"]);
    write(root, "side.py", "side\n");
    commit(3, "beside");
    git(root, 0, &["checkout", "-q", "main"]);
    write(root, "sub/b.py", "b3\n");
    commit(4, "third");
    git(root, START + 5 * DAY, &["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    folder
}

fn subjects(history: &History) -> Vec<&str> {
    history.commits.iter().map(|commit| commit.message.lines().next().unwrap()).collect()
}

#[test]
fn history_follows_the_first_parents() {
    let folder = repository();
    let opened = Git::open(folder.path()).unwrap().unwrap();
    let head = opened.head().unwrap().unwrap();
    let all = opened.history(Since::Time(0), &head).unwrap();
    assert_eq!(subjects(&all), ["first", "second", "third", "merge"]);
    assert!(!all.is_cut);
    assert_eq!(all.commits[0].message, "first\n\nwith a body");
    assert_eq!((all.commits[0].parent.as_deref(), all.commits[1].time), (None, START + 2 * DAY));
    assert_eq!(all.commits[2].parent.as_ref(), Some(&all.commits[1].id));
    // What a day began with is part of it.
    let late = opened.history(Since::Time(START + 3 * DAY), &head).unwrap();
    assert_eq!(subjects(&late), ["second", "third", "merge"]);
    let base = opened.commit("HEAD~2").unwrap().unwrap();
    assert_eq!(subjects(&opened.history(Since::Commit(&base), &head).unwrap()), ["second", "third", "merge"]);
    assert_eq!(subjects(&opened.history(Since::Commit(&head), &head).unwrap()), ["merge"]);
    assert_eq!(opened.commit("nothing").unwrap(), None);
    assert_eq!(opened.commit("--all").unwrap(), None);
}

#[test]
fn a_shallow_clone_says_that_it_is_cut() {
    let folder = repository();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    git(clone.path(), 0, &["clone", "-q", "--depth", "2", &url, "."]);
    let opened = Git::open(clone.path()).unwrap().unwrap();
    let head = opened.head().unwrap().unwrap();
    let all = opened.history(Since::Time(0), &head).unwrap();
    assert_eq!((subjects(&all), all.is_cut), (vec!["third", "merge"], true));
    assert!(!opened.history(Since::Commit(&head), &head).unwrap().is_cut);
}

/// The files below `root` at `commit`, as the real git lists and shows them.
fn listed(root: &Path, commit: &str) -> BTreeMap<String, String> {
    let names = git(root, 0, &["-c", "core.quotePath=off", "ls-tree", "-r", "--name-only", commit]);
    let show = |name: &str| git(root, 0, &["cat-file", "-p", &format!("{commit}:./{name}")]);
    names.lines().map(|name| (name.to_owned(), show(name))).collect()
}

#[test]
fn a_tree_holds_what_git_says_it_holds() {
    let folder = repository();
    for root in [folder.path().to_owned(), folder.path().join("sub")] {
        let opened = Git::open(&root).unwrap().unwrap();
        let objects = opened.objects().unwrap();
        for commit in ["HEAD", "HEAD~1", "HEAD~2", "HEAD~3"] {
            let commit = opened.commit(commit).unwrap().unwrap();
            let tree = objects.tree(&commit).unwrap().unwrap();
            let text = |id: &ObjectId| String::from_utf8(objects.blob(id).unwrap().unwrap()).unwrap();
            let found = tree.entries.iter().map(|entry| (entry.path.to_string(), text(&entry.blob)));
            let found: BTreeMap<String, String> =
                found.map(|(path, text)| (path, text.trim().to_owned())).collect();
            assert_eq!(found, listed(&root, &commit));
            let links = tree.entries.iter().filter(|entry| entry.kind == EntryKind::Link).count();
            assert_eq!(links, usize::from(found.contains_key("link")));
        }
        // A tree that nothing below the root changed has the name that it had.
        let id = |commit: &str| objects.tree(&opened.commit(commit).unwrap().unwrap()).unwrap().unwrap().id;
        assert_eq!(id("HEAD~2") == id("HEAD~3"), root.ends_with("sub"));
    }
}

#[test]
fn what_is_not_here_is_missing_and_never_fetched() {
    let folder = repository();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", folder.path().display());
    git(clone.path(), 0, &["clone", "-q", "--filter=blob:none", &url, "."]);
    let opened = Git::open(clone.path()).unwrap().unwrap();
    let objects = opened.objects().unwrap();
    let first = opened.commit("HEAD~3").unwrap().unwrap();
    let tree = objects.tree(&first).unwrap().unwrap();
    let old = tree.entries.iter().find(|entry| entry.path.as_str() == "a.py").unwrap();
    assert_eq!(objects.blob(&old.blob).unwrap(), None);
    assert_eq!(objects.tree(&"0".repeat(40)).unwrap(), None);
    assert_eq!(objects.blob("a\nb").unwrap(), None);
    // The next answer is still the one to the next question.
    assert!(objects.tree(&first).unwrap().is_some());
}

#[test]
fn former_versions_are_those_that_commits_changed_or_took_away() {
    let folder = repository();
    let root = folder.path();
    fs::remove_file(root.join("a.py")).unwrap();
    fs::remove_file(root.join("link")).unwrap();
    git(root, 0, &["mv", "side.py", "sub/ünder deep.py"]);
    git(root, 0, &["add", "-A"]);
    git(root, START + 9 * DAY, &["commit", "-qm", "taken away"]);
    let listed = |place: &Path| {
        let git = Git::open(place).unwrap().unwrap();
        let (all, is_cut) = git.formers("HEAD", "*.py").unwrap();
        assert!(!is_cut);
        let objects = git.objects().unwrap();
        let text = |id: &ObjectId| String::from_utf8(objects.blob(id).unwrap().unwrap()).unwrap();
        let line = |one: &Former| {
            let day = (one.time - START) / DAY;
            let after = one.after.as_ref().map(&text);
            assert!(!git.name_of(&format!("{}^", one.commit), &one.path).is_empty());
            (day, one.path.to_string(), text(&one.before), after)
        };
        all.iter().map(line).collect::<Vec<_>>()
    };
    let row = |day: i64, path: &str, before: &str, after: Option<&str>| {
        (day, path.to_owned(), before.to_owned(), after.map(str::to_owned))
    };
    let b = |path: &str| row(4, path, "b\n", Some("b3\n"));
    let a = [row(9, "a.py", "a2\n", None), row(9, "side.py", "side\n", None)];
    assert_eq!(listed(root), [&a[..], &[b("sub/b.py"), row(2, "a.py", "a\n", Some("a2\n"))]].concat());
    // Seen from a folder, only what lies below it, by the name that it has there.
    assert_eq!(listed(&root.join("sub")), [b("b.py")]);
    let below = Git::open(&root.join("sub")).unwrap().unwrap();
    let path = repot_change::RelPath::new("b.py").unwrap();
    assert_eq!(git(root, 0, &["show", &below.name_of("HEAD~3", &path)]), "b");
}

#[test]
fn a_shallow_clone_says_that_there_was_more() {
    let origin = repository();
    let clones = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    git(clones.path(), 0, &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let shallow = Git::open(&clones.path().join("shallow")).unwrap().unwrap();
    assert_eq!(shallow.formers("HEAD", "*.py").unwrap(), (Vec::new(), true));
}
