//! The laws of the transaction, and what the tests of all of them share.

mod crash;
mod disk;
mod fault;
mod fresh;
mod history;
mod kill;
mod later;
mod prune;
mod random;
mod recovery;
mod refuse;
mod scene;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use repot_change::{Content, ContentHash, RelPath, Write};
use tempfile::TempDir;

use crate::{ApplyError, Operation, Repository};
use disk::{Fault, FaultyDisk};

/// What stands at a path of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thing {
    Folder(u32),
    File(u32, String),
    Link(String),
}

/// Everything below `root` but `.repot`, with its mode.
fn snapshot(root: &Path) -> BTreeMap<String, Thing> {
    let mut things = BTreeMap::new();
    collect(root, root, &mut things);
    things
}

fn collect(root: &Path, folder: &Path, things: &mut BTreeMap<String, Thing>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let metadata = fs::symlink_metadata(&path).unwrap();
        let mode = metadata.permissions().mode() & 0o7777;
        let thing = if metadata.is_symlink() {
            Thing::Link(fs::read_link(&path).unwrap().to_string_lossy().into_owned())
        } else if metadata.is_dir() {
            Thing::Folder(mode)
        } else {
            Thing::File(mode, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned())
        };
        if name == ".repot" {
            continue;
        }
        if metadata.is_dir() {
            collect(root, &path, things);
        }
        things.insert(name, thing);
    }
}

/// Every file that an operation should have cleaned up, in the tree and in the
/// journal.
fn litter(root: &Path) -> Vec<String> {
    let is_temporary = |name: &&String| name.contains(".repot-tmp");
    let mut litter: Vec<_> = snapshot(root).keys().filter(is_temporary).cloned().collect();
    let mut inside = BTreeMap::new();
    if root.join(".repot").exists() {
        collect(root, &root.join(".repot"), &mut inside);
    }
    let is_kept = |name: &str| {
        [".repot/.gitignore", ".repot/lock", ".repot/journal", ".repot/journal/forgotten"].contains(&name)
            || name.ends_with("/objects")
            || name.ends_with("/record")
            || inside.contains_key(&format!("{name}/record"))
    };
    litter.extend(inside.keys().filter(|name| !is_kept(name)).cloned());
    litter
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap()
}

fn content(text: &str) -> Content {
    Content::plain(text.as_bytes())
}

fn hash(text: &str) -> ContentHash {
    ContentHash::of(text.as_bytes())
}

/// The write of a new file.
fn create(at: &str, text: &str) -> Write {
    Write { path: path(at), expect: None, content: Some(content(text)), moved_from: None }
}

/// The write that changes the bytes of a file that nobody executes.
fn edit(at: &str, old: &str, new: &str) -> Write {
    Write { expect: Some(hash(old)), ..create(at, new) }
}

/// The write that removes a file.
fn delete(at: &str, old: &str) -> Write {
    Write { path: path(at), expect: Some(hash(old)), content: None, moved_from: None }
}

/// `write`, of a file that its owner may execute.
fn executable(mut write: Write) -> Write {
    if let Some(content) = &mut write.content {
        content.executable = true;
    }
    write
}

/// `write`, of a file that comes from `source`.
fn moved(source: &str, write: Write) -> Write {
    Write { moved_from: Some(path(source)), ..write }
}

/// What the umask leaves of `mode`.
fn umasked(mode: u32) -> u32 {
    let folder = temporary_folder();
    let probe = folder.path().join("probe");
    fs::create_dir(&probe).unwrap();
    fs::metadata(&probe).unwrap().permissions().mode() & mode
}

/// A temporary folder, in memory where the system offers that: the laws make
/// some ten thousand of them.
fn temporary_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// What is done to the tree of [`scene`].
type Act = fn(&Repository) -> Result<Operation, ApplyError>;

fn apply(repository: &Repository) -> Result<Operation, ApplyError> {
    repository.apply(&repository.lock()?, "all", &scene::writes())
}

fn undo(repository: &Repository) -> Result<Operation, ApplyError> {
    repository.undo(&repository.lock()?, None)
}

fn redo(repository: &Repository) -> Result<Operation, ApplyError> {
    repository.redo(&repository.lock()?)
}

/// Each act, and the acts before it.
const ACTS: [(&[Act], Act); 3] = [(&[], apply), (&[apply], undo), (&[apply, undo], redo)];

/// The scene after `acts`.
fn place_after(acts: &[Act]) -> Place {
    let place = scene::place();
    for act in acts {
        act(&place.repository()).unwrap();
    }
    place
}

/// A tree below a temporary folder.
struct Place {
    folder: TempDir,
}

impl Place {
    /// Writes `files`, each a path, its mode and its text.
    fn new(files: &[(&str, u32, &str)]) -> Self {
        let place = Self { folder: temporary_folder() };
        for (path, mode, text) in files {
            place.put(path, *mode, text);
        }
        place
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn put(&self, path: &str, mode: u32, text: &str) {
        let place = self.root().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, text).unwrap();
        self.chmod(path, mode);
    }

    fn chmod(&self, path: &str, mode: u32) {
        fs::set_permissions(self.root().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    /// The tree as any `repot` finds it, but without waiting for the device.
    fn repository(&self) -> Repository {
        self.faulty(&Arc::new(FaultyDisk::new(Fault::None, 0)))
    }

    fn faulty(&self, disk: &Arc<FaultyDisk>) -> Repository {
        let disk: Arc<FaultyDisk> = Arc::clone(disk);
        Repository::with_disk(self.root(), disk).unwrap()
    }

    fn snapshot(&self) -> BTreeMap<String, Thing> {
        snapshot(self.root())
    }

    fn assert_clean(&self) {
        assert_eq!(litter(self.root()), [""; 0]);
        assert_eq!(self.repository().unfinished().unwrap(), None);
    }
}
