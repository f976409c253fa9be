//! New files without a journal: all or none, and never over another.

use std::io::ErrorKind;
use std::sync::Arc;

use super::disk::{Fault, FaultyDisk};
use super::{Place, Thing, content, path, snapshot, umasked};
use crate::{ApplyError, DriftKind, write_new};

fn files() -> [(repot_change::RelPath, repot_change::Content); 3] {
    [("repot.toml", "[workspace]"), ("src/a/x.py", "x"), ("src/b.py", "b")]
        .map(|(at, text)| (path(at), content(text)))
}

#[test]
fn files_appear_in_a_folder_that_is_made() {
    let place = Place::new(&[]);
    let root = place.root().join("deep/demo");
    write_new(&root, files()).unwrap();
    let names: Vec<_> = snapshot(&root).into_keys().collect();
    assert_eq!(names, ["repot.toml", "src", "src/a", "src/a/x.py", "src/b.py"]);
    assert_eq!(snapshot(&root)["src/b.py"], Thing::File(umasked(0o666), "b".to_owned()));
    assert!(!root.join(".repot").exists());
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::new(&[("src/b.py", 0o644, "mine")]);
    let start = place.snapshot();
    let error = write_new(place.root(), files()).unwrap_err();
    let ApplyError::Stale { files } = error else { panic!("{error}") };
    assert_eq!((files.len(), &files[0].kind), (1, &DriftKind::Appeared));
    assert_eq!(place.snapshot(), start);
}

#[test]
fn a_failure_leaves_nothing_behind() {
    for call in 0.. {
        let place = Place::new(&[]);
        let disk = Arc::new(FaultyDisk::new(Fault::Fail(ErrorKind::StorageFull), call));
        let Err(error) = place.faulty(&disk).write_new(files()) else { break };
        // The measuring folder alone may stay, when removing it is what failed.
        let left = place.snapshot();
        assert!(left.keys().all(|name| name == ".repot-tmp-0000-umask"), "call {call}: {left:?}");
        assert!(error.hint().is_some_and(|hint| hint.contains("space")));
    }
}

#[test]
fn a_second_try_cleans_up_after_one_that_was_killed() {
    for call in 0.. {
        let place = Place::new(&[]);
        let stopped = place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, call))).write_new(files());
        if stopped.is_ok() {
            assert!(call > 10, "{call}");
            break;
        }
        let there: Vec<_> =
            files().into_iter().filter(|(at, _)| !place.root().join(at.as_str()).exists()).collect();
        place.repository().write_new(there).unwrap();
        let names: Vec<_> = place.snapshot().into_keys().collect();
        assert_eq!(names, ["repot.toml", "src", "src/a", "src/a/x.py", "src/b.py"], "call {call}");
    }
}
