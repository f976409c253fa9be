//! A tree and a plan in which everything happens that can.

use std::collections::BTreeMap;

use repot_change::Write;

use super::{Place, Thing, create, delete, edit, executable, moved, path, umasked};

/// The tree before.
pub(super) fn place() -> Place {
    let place = Place::new(&[
        ("edited.py", 0o664, "old"),
        ("special.py", 0o4711, "special"),
        ("private.py", 0o600, "secret"),
        ("script.py", 0o755, "run"),
        ("becomes_script.py", 0o640, "run too"),
        ("left.py", 0o644, "left"),
        ("right.py", 0o600, "right"),
        ("chain/a.py", 0o644, "a"),
        ("chain/b.py", 0o640, "b"),
        ("Case.py", 0o644, "case"),
        ("Upper/x.py", 0o644, "x"),
        ("folder/deep/one.py", 0o644, "one"),
        ("folder/two.py", 0o644, "two"),
        ("file", 0o644, "file"),
        ("emptied/inner/only.py", 0o644, "only"),
        ("kept/gone.py", 0o644, "gone"),
        ("kept/untracked.pyc", 0o644, "pyc"),
        ("shared.py", 0o644, "mine\nhers\n"),
        ("bystander.py", 0o444, "bystander"),
    ]);
    for (folder, mode) in [("emptied/inner", 0o700), ("emptied", 0o750), ("folder/deep", 0o711)] {
        place.chmod(folder, mode);
    }
    place
}

/// The plan.
pub(super) fn writes() -> Vec<Write> {
    vec![
        edit("edited.py", "old", "new"),
        edit("shared.py", "mine\nhers\n", "MINE\nhers\n"),
        executable(edit("special.py", "special", "changed")),
        edit("private.py", "secret", "secret too"),
        executable(edit("becomes_script.py", "run too", "run too")),
        executable(create("new/deep/tool", "tool")),
        create("new/module.py", "module"),
        moved("right.py", edit("left.py", "left", "right")),
        moved("left.py", edit("right.py", "right", "left")),
        delete("chain/a.py", "a"),
        moved("chain/a.py", edit("chain/b.py", "b", "a")),
        moved("chain/b.py", create("chain/c.py", "b and more")),
        delete("Case.py", "case"),
        moved("Case.py", create("case.py", "case")),
        delete("Upper/x.py", "x"),
        moved("Upper/x.py", create("upper/x.py", "x")),
        delete("folder/deep/one.py", "one"),
        delete("folder/two.py", "two"),
        create("folder", "a file now"),
        delete("file", "file"),
        create("file/inside.py", "a folder now"),
        delete("emptied/inner/only.py", "only"),
        delete("kept/gone.py", "gone"),
        // A path that the plan relies on and does not change.
        Write { path: path("nowhere.py"), expect: None, content: None, moved_from: None },
    ]
}

/// A plan for the tree after, which changes other lines of one of its files.
pub(super) fn later_writes() -> Vec<Write> {
    vec![edit("shared.py", "MINE\nhers\n", "MINE\nHERS\n")]
}

/// The tree after, as a person would write it down.
pub(super) fn after() -> BTreeMap<String, Thing> {
    let (folder, file) = (umasked(0o777), umasked(0o666));
    let files = [
        ("edited.py", 0o664, "new"),
        ("special.py", 0o4711, "changed"),
        ("private.py", 0o600, "secret too"),
        ("script.py", 0o755, "run"),
        ("becomes_script.py", 0o750, "run too"),
        ("new/deep/tool", umasked(0o777), "tool"),
        ("new/module.py", file, "module"),
        ("left.py", 0o600, "right"),
        ("right.py", 0o644, "left"),
        ("chain/b.py", 0o644, "a"),
        ("chain/c.py", 0o640, "b and more"),
        ("case.py", 0o644, "case"),
        ("upper/x.py", 0o644, "x"),
        ("folder", file, "a file now"),
        ("file/inside.py", file, "a folder now"),
        ("kept/untracked.pyc", 0o644, "pyc"),
        ("shared.py", 0o644, "MINE\nhers\n"),
        ("bystander.py", 0o444, "bystander"),
    ];
    let folders = ["new", "new/deep", "chain", "upper", "file", "kept"];
    let folders = folders.map(|path| (path.to_owned(), Thing::Folder(folder)));
    let files = files.map(|(path, mode, text)| (path.to_owned(), Thing::File(mode, text.to_owned())));
    folders.into_iter().chain(files).collect()
}
