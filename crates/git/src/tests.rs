//! Commits in real repositories, made and looked at with the real git.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use repot_apply::Repository;
use repot_change::{Content, FileDelta, RelPath, compose, writes};
use tempfile::TempDir;

use super::*;

/// A repository with a first commit.
struct Place {
    _folder: TempDir,
    root: PathBuf,
}

const LONG: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n";

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { root: folder.path().join("tree"), _folder: folder };
        fs::create_dir(&place.root).unwrap();
        place.git(&["init", "-q", "-b", "main"]);
        for (name, text) in [("a.py", LONG), ("b.py", "b\n"), ("sub/c.py", "c\n"), ("gone.py", "gone\n")] {
            place.write(name, text);
        }
        place.git(&["add", "-A"]);
        place.git(&["commit", "-qm", "first"]);
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) -> String {
        git(&self.root, arguments)
    }

    /// Applies `steps` to the folder `root` and commits them.
    fn apply_at(
        &self,
        root: &Path,
        steps: &[Step],
        branch: Option<&str>,
        dirty: bool,
    ) -> Result<Vec<String>, GitError> {
        let git = Git::open(root)?.expect("is a repository");
        let commits = git.prepare(steps, branch, dirty)?;
        let repository = Repository::open(root)?;
        let whole = compose(steps.iter().map(|step| step.deltas.as_slice()));
        repository.apply(&repository.lock()?, "", &writes(&whole))?;
        commits.publish()
    }

    fn apply(&self, steps: &[Step], branch: Option<&str>) -> Result<Vec<String>, GitError> {
        self.apply_at(&self.root, steps, branch, false)
    }

    fn subjects(&self) -> Vec<String> {
        self.git(&["log", "--format=%s", "--reverse"]).lines().map(str::to_owned).collect()
    }
}

fn git(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Who commits, for a git that reads the repository's own configuration.
fn introduce(root: &Path) {
    git(root, &["config", "user.name", "T"]);
    git(root, &["config", "user.email", "t@example.org"]);
}

fn place() -> Place {
    let place = Place::new();
    introduce(&place.root);
    place
}

fn delta(old: Option<(&str, &str)>, new: Option<(&str, &str)>) -> FileDelta {
    let side = |(path, text): (&str, &str)| (RelPath::new(path).unwrap(), Content::plain(text.as_bytes()));
    FileDelta { old: old.map(side), new: new.map(side) }
}

fn step(message: &str, deltas: Vec<FileDelta>) -> Step {
    Step { message: message.to_owned(), deltas }
}

fn two_steps() -> Vec<Step> {
    vec![
        step(
            "one\n\nbody\n",
            vec![
                delta(Some(("b.py", "b\n")), Some(("b.py", "bb\n"))),
                delta(None, Some(("new/d.py", "d\n"))),
            ],
        ),
        step("nothing", Vec::new()),
        step(
            "two",
            vec![
                delta(Some(("b.py", "bb\n")), Some(("b.py", "bbb\n"))),
                delta(Some(("gone.py", "gone\n")), None),
            ],
        ),
    ]
}

#[test]
fn each_step_is_a_commit_and_the_tree_is_clean_afterwards() {
    let place = place();
    let first = place.git(&["rev-parse", "HEAD"]);
    let ids = place.apply(&two_steps(), Some("migrate")).unwrap();
    assert_eq!(place.subjects(), ["first", "one", "two"]);
    assert_eq!(
        place.git(&["log", "-2", "--format=%H", "--reverse"]).split_whitespace().collect::<Vec<_>>(),
        ids
    );
    assert_eq!(place.git(&["status", "--porcelain"]), "");
    assert_eq!(place.git(&["show", "HEAD~1:b.py"]), "bb\n");
    assert_eq!(place.git(&["diff", "--name-status", "HEAD~2"]), "M\tb.py\nD\tgone.py\nA\tnew/d.py\n");
    assert_eq!(place.git(&["branch", "--show-current"]), "migrate\n");
    assert_eq!(place.git(&["rev-parse", "main"]), first, "the branch that was left stays");
}

#[test]
fn a_detached_head_and_a_branch_that_is_checked_out_move_on() {
    let place = place();
    place.apply(&two_steps()[..1], None).unwrap();
    assert_eq!(place.git(&["branch", "--show-current"]), "main\n");
    place.git(&["checkout", "-q", "--detach"]);
    place.apply(&two_steps()[2..], None).unwrap();
    assert_eq!(place.subjects(), ["first", "one", "two"]);
    assert_eq!(place.git(&["branch", "--show-current"]), "");
    assert_eq!(place.git(&["log", "-1", "--format=%s", "main"]), "one\n");
}

#[test]
fn a_work_tree_and_a_shallow_clone_are_repositories_too() {
    let place = place();
    place.git(&["commit", "-q", "--allow-empty", "-m", "second"]);
    let (other, shallow) = (place.root.with_file_name("other"), place.root.with_file_name("shallow"));
    place.git(&["worktree", "add", "-q", "--detach", other.to_str().unwrap()]);
    place.git(&[
        "clone",
        "-q",
        "--depth=1",
        &format!("file://{}", place.root.display()),
        shallow.to_str().unwrap(),
    ]);
    introduce(&shallow);
    for root in [&other, &shallow] {
        let branch = root.file_name().unwrap().to_str().unwrap();
        place.apply_at(root, &two_steps(), Some(branch), false).unwrap();
        assert_eq!(git(root, &["log", "-3", "--format=%s"]), "two\none\nsecond\n", "{branch}");
        assert_eq!(git(root, &["status", "--porcelain"]), "", "{branch}");
    }
    assert_eq!(place.git(&["log", "-1", "--format=%s"]), "second\n");
}

#[test]
fn a_tree_below_the_top_commits_its_own_files() {
    let place = place();
    let steps = [step("sub", vec![delta(Some(("c.py", "c\n")), Some(("moved/c.py", "c\n")))])];
    place.write("a.py", "dirty, and elsewhere");
    place.apply_at(&place.root.join("sub"), &steps, None, false).unwrap();
    assert_eq!(
        place.git(&["show", "--format=", "--name-status", "-M", "HEAD"]),
        "R100\tsub/c.py\tsub/moved/c.py\n"
    );
    assert_eq!(place.git(&["status", "--porcelain"]), " M a.py\n");
}

#[test]
fn what_would_mix_other_work_into_a_step_is_refused_before_anything_is_written() {
    let place = place();
    let refs = place.git(&["for-each-ref"]);
    let refused = |dirty| {
        let error = place.apply_at(&place.root, &two_steps(), Some("x"), dirty).unwrap_err();
        assert_eq!(place.git(&["for-each-ref"]), refs);
        error
    };
    place.write("a.py", "dirty");
    assert!(matches!(refused(false), GitError::Dirty { paths } if paths == [RelPath::new("a.py").unwrap()]));
    place.write("b.py", "dirty");
    assert!(matches!(refused(true), GitError::Mixed { paths } if paths == [RelPath::new("b.py").unwrap()]));
    place.git(&["checkout", "-q", "b.py"]);
    place.write("new/d.py", "untracked");
    assert!(matches!(refused(true), GitError::Mixed { .. }));
    fs::remove_dir_all(place.root.join("new")).unwrap();
    place.git(&["add", "a.py"]);
    let ids = place.apply_at(&place.root, &two_steps(), Some("x"), true).unwrap();
    assert_eq!(ids.len(), 2);
    assert_eq!(place.git(&["status", "--porcelain"]), "M  a.py\n", "what was staged is staged still");
    assert_eq!(place.git(&["show", "HEAD:a.py"]), LONG);
}

#[test]
fn a_branch_that_exists_or_cannot_is_refused_and_so_is_a_merge() {
    let place = place();
    for (name, exists) in [("main", true), ("a..b", false), ("-x", false), ("", false), ("@{-1}", false)] {
        let error = place.apply(&two_steps(), Some(name)).unwrap_err();
        assert_eq!(matches!(error, GitError::BranchExists { .. }), exists, "{name}: {error}");
        assert_eq!(matches!(error, GitError::BadBranch { .. }), !exists, "{name}: {error}");
    }
    fs::write(place.root.join(".git/MERGE_HEAD"), place.git(&["rev-parse", "HEAD"])).unwrap();
    assert!(matches!(place.apply(&two_steps(), None), Err(GitError::Merging)));
}

#[test]
fn a_submodule_is_told_from_the_tree() {
    let (place, inner) = (place(), place());
    place.git(&["submodule", "--quiet", "add", &format!("file://{}", inner.root.display()), "vendor/inner"]);
    place.git(&["commit", "-qm", "submodule"]);
    place.apply(&two_steps(), None).unwrap();
    let inside = [step("in", vec![delta(Some(("vendor/inner/b.py", "b\n")), None)])];
    let error = place.apply(&inside, None).unwrap_err();
    assert!(
        matches!(&error, GitError::Submodule { submodule, .. } if submodule == "vendor/inner"),
        "{error}"
    );
}

#[test]
fn history_follows_a_file_that_moves_and_changes_a_great_deal() {
    let place = place();
    let other = "all\nis\ndifferent\nhere\nnow\nand\nlonger\n";
    let deltas =
        vec![delta(Some(("a.py", LONG)), Some(("x/a.py", other))), delta(None, Some(("a.py", "shim\n")))];
    let ids = place.apply(&[step("move\n", deltas)], None).unwrap();
    assert_eq!(ids.len(), 2);
    assert_eq!(place.subjects(), ["first", "move: the moves alone", "move"]);
    assert_eq!(
        place.git(&["log", "--follow", "--format=%s", "--", "x/a.py"]),
        "move\nmove: the moves alone\nfirst\n"
    );
    assert_eq!(place.git(&["status", "--porcelain"]), "");
    let small = LONG.replace("two", "2");
    let deltas =
        vec![delta(Some(("b.py", "b\n")), None), delta(Some(("x/a.py", other)), Some(("y.py", other)))];
    assert_eq!(place.apply(&[step("near", deltas)], None).unwrap().len(), 1, "{small}");
}

#[test]
fn attributes_and_modes_are_those_of_the_repository() {
    let place = place();
    place.write(".gitattributes", "*.py text eol=crlf\n");
    place.git(&["add", "-A"]);
    place.git(&["commit", "-qm", "attributes"]);
    let mut deltas =
        vec![delta(Some(("b.py", "b\n")), Some(("b.py", "b\r\nc\r\n"))), delta(None, Some(("run", "#!\n")))];
    deltas[1].new.as_mut().unwrap().1.executable = true;
    place.apply(&[step("one", deltas)], None).unwrap();
    assert_eq!(place.git(&["cat-file", "-p", "HEAD:b.py"]), "b\nc\n");
    assert_eq!(place.git(&["ls-files", "--stage", "run"]).split(' ').next(), Some("100755"));
    assert_eq!(place.git(&["status", "--porcelain"]), "");
}

#[test]
fn no_repository_and_no_commit_are_said() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Git::open(folder.path()).unwrap().is_none());
    git(folder.path(), &["init", "-q"]);
    let git = Git::open(folder.path()).unwrap().unwrap();
    assert_eq!(git.head().unwrap(), None);
    assert!(matches!(git.prepare(&two_steps(), None, false), Err(GitError::Unborn)));
}

#[test]
fn a_folder_is_as_new_as_its_last_commit() {
    let place = Place::new();
    place.write("s[u]b/d.py", "d\n");
    place.git(&["add", "-A"]);
    place.git(&["commit", "-qm", "second", "--date", "@2000000000 +0000"]);
    let git = Git::open(&place.root).unwrap().unwrap();
    let time = |name: &str| git.last_touched(&RelPath::new(name).unwrap()).unwrap();
    let committed =
        |folder: &str| place.git(&["--literal-pathspecs", "log", "-1", "--format=%ct", "--", folder]);
    assert_eq!(time("sub").unwrap().to_string(), committed("sub").trim());
    assert_eq!(time("s[u]b").unwrap().to_string(), committed("s[u]b").trim());
    assert_eq!(time("nowhere"), None);
    assert_eq!(git.last_touched(&RelPath::root()).unwrap(), time("s[u]b"));
}

#[test]
fn what_an_ignore_pattern_names_is_passed_over_unless_it_is_tracked() {
    let place = Place::new();
    place.write(".gitignore", "sub/\n*.log\n");
    let path = |text: &str| RelPath::new(text).unwrap();
    let all = ["a.py", "sub/c.py", "sub/new ü.py", "x.log"].map(path);
    let git = Git::open(&place.root).unwrap().unwrap();
    let ignored = |paths: &[&RelPath]| -> Vec<String> {
        git.ignored(paths).unwrap().into_iter().map(ToString::to_string).collect()
    };
    assert_eq!(ignored(&all.iter().collect::<Vec<_>>()), ["sub/new ü.py", "x.log"]);
    assert_eq!(ignored(&[&all[0]]), [""; 0]);
    assert_eq!(ignored(&[]), [""; 0]);
}
