//! Random trees and random plans: apply and undo are nothing, undo and redo are
//! nothing, and so is a stop anywhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use repot_change::{Content, RelPath, Write};

use super::disk::{Fault, FaultyDisk};
use super::{Place, Thing, hash, path};
use crate::ApplyError;

/// A file of a random tree: where, its text, its mode.
type File = (String, (String, u32));
type Files = BTreeMap<String, (String, u32)>;

/// Few names, so that files meet folders, and names that differ by case alone.
fn file() -> impl Strategy<Value = File> {
    let name = prop::sample::select(vec!["a", "b", "A", "c.py"]);
    let place = prop::collection::vec(name, 1..4).prop_map(|parts| parts.join("/"));
    let text = prop::sample::select(vec!["", "one", "two\r\n", "\u{feff}three"]).prop_map(str::to_owned);
    let mode = prop::sample::select(vec![0o644, 0o755, 0o600, 0o664, 0o700]);
    (place, (text, mode))
}

/// Those of `files` that fit into one tree together with `tree`.
fn grow(mut tree: Files, files: Vec<File>) -> Files {
    for (place, file) in files {
        let is_below = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with('/'));
        if !tree.keys().any(|other| is_below(other, &place) || is_below(&place, other)) {
            tree.insert(place, file);
        }
    }
    tree
}

/// A tree of files that the plan does not know, those before it and those after.
#[derive(Debug, Clone)]
struct Case {
    strangers: Files,
    before: Files,
    after: Files,
    folder_modes: Vec<u32>,
    stop: usize,
}

fn case() -> impl Strategy<Value = Case> {
    let files = |most| prop::collection::vec(file(), 0..most);
    let modes = prop::collection::vec(prop::sample::select(vec![0o755, 0o700, 0o775]), 1..5);
    (files(3), files(10), files(10), modes, 0..120_usize).prop_map(|(known, old, new, folder_modes, stop)| {
        let strangers = grow(Files::new(), known);
        let without =
            |tree: Files| tree.into_iter().filter(|(place, _)| !strangers.contains_key(place)).collect();
        let before = without(grow(strangers.clone(), old));
        let after = without(grow(strangers.clone(), new));
        Case { before, after, strangers, folder_modes, stop }
    })
}

impl Case {
    fn place(&self) -> Place {
        let place = Place::new(&[]);
        for (at, (text, mode)) in self.strangers.iter().chain(&self.before) {
            place.put(at, *mode, text);
        }
        let folders: Vec<_> =
            place.snapshot().into_iter().filter(|(_, thing)| matches!(thing, Thing::Folder(_))).collect();
        for ((folder, _), mode) in folders.iter().zip(self.folder_modes.iter().cycle()) {
            place.chmod(folder, *mode);
        }
        place
    }

    /// The plan that leads from before to after. A file whose bytes come from a
    /// path that goes is moved.
    fn writes(&self) -> Vec<Write> {
        let paths: std::collections::BTreeSet<_> = self.before.keys().chain(self.after.keys()).collect();
        let write = |at: &String| {
            let new = self.after.get(at);
            let source = |(text, _): &(String, u32)| {
                let goes = |(place, (old, _)): &(&String, &(String, u32))| *place != at && old == text;
                self.before.iter().find(goes).map(|(place, _)| path(place))
            };
            Write {
                path: path(at),
                expect: self.before.get(at).map(|(text, _)| hash(text)),
                content: new.map(|(text, mode)| Content {
                    bytes: text.as_bytes().into(),
                    executable: mode & 0o100 != 0,
                }),
                moved_from: new.filter(|_| !self.before.contains_key(at)).and_then(source),
            }
        };
        paths.into_iter().map(write).collect()
    }

    /// The plan that leads from the tree after this one to `files`.
    fn followed_by(&self, files: Vec<File>) -> Self {
        let mut after = grow(self.strangers.clone(), files);
        after.retain(|place, _| !self.strangers.contains_key(place));
        Self { before: self.after.clone(), after, ..self.clone() }
    }

    /// Whether the tree below `root` holds the files after, and no others.
    fn assert_after(&self, root: &Path) {
        let things = super::snapshot(root);
        let mut files: BTreeMap<_, _> = BTreeMap::new();
        for (name, thing) in &things {
            match thing {
                Thing::File(mode, text) => {
                    files.insert(name.clone(), (text.clone(), mode & 0o100 != 0));
                }
                Thing::Folder(_) => {
                    let is_above = |file: &String| RelPath::new(file).unwrap().is_within(&path(name));
                    assert!(things.keys().any(|other| other != name && is_above(other)), "{name} is empty");
                }
                Thing::Link(_) => panic!("{name} is a link"),
            }
        }
        let expected = self.strangers.iter().chain(&self.after);
        let expected = expected.map(|(name, (text, mode))| (name.clone(), (text.clone(), mode & 0o100 != 0)));
        assert_eq!(files, expected.collect());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn apply_and_undo_are_nothing_and_undo_and_redo_are_nothing(case in case()) {
        let place = case.place();
        let before = place.snapshot();
        let repository = place.repository();
        let lock = repository.lock().unwrap();
        match repository.apply(&lock, "random", &case.writes()) {
            Err(ApplyError::NothingToWrite) => return Ok(()),
            result => result.unwrap(),
        };
        case.assert_after(place.root());
        let after = place.snapshot();
        for _ in 0..2 {
            repository.undo(&lock, None).unwrap();
            prop_assert_eq!(&place.snapshot(), &before);
            repository.redo(&lock).unwrap();
            prop_assert_eq!(&place.snapshot(), &after);
        }
        place.assert_clean();
    }

    /// Under a later plan, the undo of the first leaves the tree alone or can be
    /// taken back to the byte.
    #[test]
    fn an_undo_below_later_work_is_nothing_or_comes_back(case in case(), files in prop::collection::vec(file(), 0..10)) {
        let place = case.place();
        let repository = place.repository();
        let lock = repository.lock().unwrap();
        for plan in [&case, &case.followed_by(files)] {
            match repository.apply(&lock, "random", &plan.writes()) {
                Err(ApplyError::NothingToWrite) => return Ok(()),
                result => result.unwrap(),
            };
        }
        let before = place.snapshot();
        let first = "1".parse().unwrap();
        match repository.undo(&lock, Some(&first)) {
            Err(error) => {
                // Later work may have brought back what the undo would.
                let is_expected = matches!(error, ApplyError::ChangedSince { .. } | ApplyError::NothingToWrite);
                prop_assert!(is_expected, "{}", error);
                prop_assert_eq!(&place.snapshot(), &before);
            }
            Ok(_) => {
                let after = place.snapshot();
                repository.redo(&lock).unwrap();
                prop_assert_eq!(&place.snapshot(), &before);
                repository.undo(&lock, Some(&first)).unwrap();
                prop_assert_eq!(&place.snapshot(), &after);
            }
        }
        place.assert_clean();
    }

    #[test]
    fn a_stop_anywhere_is_before_or_after(case in case()) {
        let whole = case.place();
        let lock = whole.repository().lock().unwrap();
        let result = whole.repository().apply(&lock, "random", &case.writes());
        if matches!(result, Err(ApplyError::NothingToWrite)) {
            return Ok(());
        }
        let place = case.place();
        let before = place.snapshot();
        let faulty = place.faulty(&Arc::new(FaultyDisk::new(Fault::Stop, case.stop)));
        drop(faulty.lock().and_then(|lock| faulty.apply(&lock, "random", &case.writes())));
        let repository = place.repository();
        repository.recover(&repository.lock().unwrap()).unwrap();
        place.assert_clean();
        let now = place.snapshot();
        prop_assert!(now == before || now == whole.snapshot(), "{:#?}\n{:#?}\n{:#?}", before, now, whole.snapshot());
    }

    #[test]
    fn no_journal_makes_recovery_or_undo_panic(bytes in prop::collection::vec(any::<u8>(), 0..40), at in 0..600_usize) {
        let place = Place::new(&[("a.py", 0o644, "a")]);
        let repository = place.repository();
        let lock = repository.lock().unwrap();
        repository.apply(&lock, "one", &[super::edit("a.py", "a", "b")]).unwrap();
        let record = place.root().join(".repot/journal/0001/record");
        let mut text = fs::read(&record).unwrap();
        let at = at.min(text.len());
        let end = (at + bytes.len()).min(text.len());
        text.splice(at..end, bytes);
        fs::write(&record, &text).unwrap();
        drop(repository.undo(&lock, None));
        fs::rename(&record, record.with_file_name("intent")).ok();
        drop(repository.recover(&lock));
        prop_assert!(["a", "b"].contains(&place.text("a.py").as_str()));
    }
}
