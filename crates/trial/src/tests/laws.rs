//! What holds whatever a command does.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use repot_apply::{Repository, Scratch};

use super::scene::{Scene, limited, listing, path, plan, plan_of_two, proof, writes};
use crate::output::KEPT;
use crate::{Interrupt, TrialError};

/// Commands that do what they should not.
const VANDALS: &[&str] = &[
    "rm -rf -- * .[!.]*",
    "rm -rf .; cd ..; rm -rf .",
    "echo x > ../x; mkdir ../../y; echo z > \"$TMPDIR/z\"",
    "echo x > absolute/a.py; echo y >> link; rm -r absolute/; chmod -R 0 .",
    "mkdir -p deep/er; touch deep/er/file; chmod 500 deep/er deep; exit 3",
    "ln -s / everything; mkfifo pipe",
    "git init -q . 2>/dev/null; true",
];

#[test]
fn the_tree_stays_byte_for_byte_whatever_a_command_does() {
    for command in VANDALS {
        let scene = Scene::new();
        let before = scene.listing();
        scene.trial(command);
        assert_eq!(scene.listing(), before, "{command}");
    }
}

#[test]
fn every_run_sees_the_tree_and_nothing_that_another_left() {
    let scene = Scene::new();
    let mut plan = plan();
    let commands = ["echo left > mark; rm run.sh", "ls; cat src/a.py; test ! -e mark"];
    let proofs = |_: &_| commands.map(proof).to_vec();
    crate::prove(&mut plan, &scene.tree(), &proofs, &mut super::scene::Nobody, &Interrupt::default())
        .unwrap();
    let [_, trial] = plan.phases[0].trials.as_slice() else { panic!("two trials") };
    assert!(trial.passed(), "{trial:?}");
    assert_eq!(trial.before.output, "absolute\nlink\nrun.sh\nsrc\none\n");
    assert_eq!(trial.after.output, "absolute\nlib\nlink\nnew\nrun.sh\nsrc\nONE\n");
}

#[test]
fn the_tree_after_is_what_apply_writes() {
    let (scene, plan) = (Scene::new(), plan());
    let scratch = Scratch::of(&scene.root()).unwrap();
    let tree = scene.tree();
    scratch.fill((&tree.files, &tree.links), &[writes(&plan)], &|| true).unwrap();
    let tried = listing(scratch.root());
    let repository = Repository::open(&scene.root()).unwrap();
    let lock = repository.lock().unwrap();
    repository.apply(&lock, "first", &writes(&plan)).unwrap();
    let mut applied = listing(&scene.root());
    applied.retain(|place, _| !place.starts_with(".repot"));
    // The one way out of the copy leads back into it.
    let target = scratch.root().join("src").into_os_string().into_encoded_bytes();
    applied.get_mut(std::path::Path::new("absolute")).unwrap().0 = target;
    assert_eq!(tried, applied);
    assert_eq!(tried[std::path::Path::new("lib/b.py")].1 & 0o777, 0o640);
}

#[test]
fn the_copy_goes_with_everything_in_it() {
    let scene = Scene::new();
    let place = scene.beside("where");
    for command in VANDALS {
        let command = format!("pwd > '{}'; {command}", place.display());
        scene.trial(&command);
        let copy = fs::read_to_string(&place).unwrap();
        let home = std::path::Path::new(copy.trim()).parent().unwrap().parent().unwrap();
        assert!(home.file_name().unwrap().to_str().unwrap().starts_with("repot-trial-"), "{home:?}");
        assert!(!home.exists(), "{command}");
    }
}

#[test]
fn a_file_that_changed_meanwhile_is_told() {
    let scene = Scene::new();
    fs::write(scene.root().join("src/a.py"), "other\n").unwrap();
    let error = scene.try_all(&mut plan(), "true").unwrap_err();
    assert!(matches!(error, TrialError::Copy(_)), "{error:?}");
}

#[test]
fn a_run_is_not_repeated() {
    let scene = Scene::new();
    let log = scene.beside("log");
    let mut plan = plan_of_two();
    let command = format!("echo $REPOT_SIDE $(cat lib/b.py) >> '{}'", log.display());
    scene.try_all(&mut plan, &command).unwrap();
    assert_eq!(fs::read_to_string(log).unwrap(), "before\nafter TWO\nafter\n");
    let tried: Vec<usize> = plan.phases.iter().map(|phase| phase.trials.len()).collect();
    assert_eq!(tried, [1, 0, 1]);
    assert_eq!(plan.phases[0].trials[0].after, plan.phases[2].trials[0].before);
}

#[test]
fn a_command_stands_where_its_user_stands() {
    let scene = Scene::new();
    let mut inner = proof("pwd; basename \"$PWD\"; echo \"$REPOT_ROOT\"; read line || echo no input");
    inner.folder = path("src");
    let mut plan = plan();
    scene.try_with(&mut plan, &inner, &Interrupt::default()).unwrap();
    let trial = &plan.phases[0].trials[0];
    assert_eq!(trial.before.output, format!("src\nsrc\n{}\nno input\n", scene.root().display()));
    // There is no such folder any more, or never was.
    inner.folder = path("gone");
    inner.command = "pwd".to_owned();
    scene.try_with(&mut plan, &inner, &Interrupt::default()).unwrap();
    assert_eq!(plan.phases[0].trials[0].before.output, ".\n");
}

#[test]
fn in_a_git_tree_git_knows_the_copy_and_nothing_else() {
    let scene = Scene::new();
    let mut tree = scene.tree();
    tree.is_in_git = true;
    let command =
        "git rev-parse --show-toplevel; git ls-files; git status --short; git log --oneline | wc -l";
    let mut plan = plan();
    let proofs = |_: &_| vec![proof(command)];
    crate::prove(&mut plan, &tree, &proofs, &mut super::scene::Nobody, &Interrupt::default()).unwrap();
    let after = &plan.phases[0].trials[0].after;
    let lines: Vec<&str> = after.output.lines().map(str::trim).collect();
    assert_eq!(lines, [".", "absolute", "lib/b.py", "link", "new/c.py", "run.sh", "src/a.py", "1"]);
}

#[test]
fn bytes_that_are_no_text_and_no_bytes_at_all_are_output() {
    let scene = Scene::new();
    let trial = scene.trial("printf 'a\\377b\\n' >&2; printf 'last'");
    assert_eq!(trial.after.output, "a\u{fffd}b\nlast");
    let trial = scene.trial("exec >&- 2>&-; sleep 0.05");
    assert!(trial.passed() && trial.after.output.is_empty());
}

#[test]
fn of_a_great_deal_of_output_the_end_is_kept_and_all_is_read() {
    let scene = Scene::new();
    let noise = "yes 'nothing to see here, nothing at all' | head -n 400000";
    let trial = scene.trial(&format!("echo 'src/a.py:1:1: F821 x'; {noise}; echo end; grep -q one src/a.py"));
    assert_eq!(trial.broken, ["src/a.py:1:1: F821 x"]);
    assert!(trial.after.output.len() < KEPT + 200, "{}", trial.after.output.len());
    assert!(trial.after.output.starts_with("… the first ") && trial.after.output.ends_with("\nend\n"));
}

/// Whether the process of the number in `file` goes on. One that was killed may
/// take a moment, and stays a zombie where nobody asks for it.
pub(super) fn runs(file: &std::path::Path) -> bool {
    let id = fs::read_to_string(file).unwrap();
    let goes_on = || {
        let state = Command::new("ps").args(["-o", "stat=", "-p", id.trim()]).output().unwrap().stdout;
        !state.is_empty() && !state.starts_with(b"Z")
    };
    (0..500).all(|_| {
        std::thread::sleep(Duration::from_millis(10));
        goes_on()
    })
}

#[test]
fn a_timeout_ends_every_process_and_counts_as_broken() {
    let scene = Scene::new();
    let id = scene.beside("id");
    // What is left alone and what does not listen must both end.
    let slow = "(trap '' TERM; sleep 1000) & sleep 1000";
    let command = format!("if [ $REPOT_SIDE = after ]; then sh -c 'echo $$ > {}; {slow}'; fi", id.display());
    let mut plan = plan();
    scene.try_with(&mut plan, &limited(&command, Duration::from_millis(700)), &Interrupt::default()).unwrap();
    let trial = &plan.phases[0].trials[0];
    assert_eq!(trial.broken, ["it did not end within 700ms, and was stopped"]);
    assert_eq!(trial.after.status, None);
    assert!(!runs(&id));
    let error = scene
        .try_with(&mut plan, &limited("sleep 1000", Duration::from_millis(50)), &Interrupt::default())
        .unwrap_err();
    assert!(matches!(error, TrialError::TooSlow { .. }), "{error:?}");
}

#[test]
fn what_a_command_leaves_running_ends_with_it() {
    let scene = Scene::new();
    let id = scene.beside("id");
    let began = Instant::now();
    let trial = scene.trial(&format!("sleep 1000 & echo $! > '{}'; echo done", id.display()));
    assert_eq!(trial.after.output, "done\n");
    assert!(!runs(&id));
    assert!(began.elapsed() < Duration::from_secs(500), "the sleep was waited for");
}

#[test]
fn a_command_that_is_not_there_is_no_fault_of_the_plan() {
    let scene = Scene::new();
    for command in ["no-such-command --flag", "./src/a.py"] {
        let error = scene.try_all(&mut plan(), command).unwrap_err();
        assert!(matches!(&error, TrialError::NotFound { .. }), "{error:?}");
        assert!(error.to_string().starts_with(&format!("`{command}` cannot be run: ")), "{error}");
    }
    // After the phase it is the phase that took it away.
    let trial = scene.trial("cat src/b.py >/dev/null 2>&1 || exit 127");
    assert_eq!(
        trial.broken,
        ["it ended with exit status 127, before with exit status 0, and printed nothing"]
    );
}

#[test]
fn a_command_that_looks_at_the_tree_itself_is_told() {
    let scene = Scene::new();
    let mut plan = plan();
    scene.try_all(&mut plan, "echo \"$REPOT_ROOT/src/a.py:1: is odd\"").unwrap();
    assert!(plan.notes[0].message.contains("names files of the tree itself"), "{:?}", plan.notes);
    let mut plan = super::scene::plan();
    scene.try_all(&mut plan, "pwd; ls").unwrap();
    assert!(plan.notes.is_empty());
}
