//! The journal on the disk: one folder for each operation below `.repot/`.
//!
//! ```text
//! .repot/.gitignore           `*`: git does not see the journal
//! .repot/lock                 who works on the tree
//! .repot/journal/0001/objects the old bytes
//! .repot/journal/0001/intent  the record of an operation under way, or
//! .repot/journal/0001/record  the same record once it is carried out
//! .repot/journal/forgotten    the last number that was forgotten
//! ```
//!
//! Renaming `intent` to `record` is the commit mark. A folder with
//! neither holds nothing that anybody relies on. What an operation does to the
//! tree is not known here.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk::Disk;
use crate::record::{self, Draft, Record};
use crate::store::{self, Store};
use crate::tree::mode_of;
use crate::{ApplyError, OperationId};

/// The folder below the root that is Repot's own.
pub(crate) const HOME: &str = ".repot";
const INTENT: &str = "intent";
const RECORD: &str = "record";
const OBJECTS: &str = "objects";
const FORGOTTEN: &str = "forgotten";
const UNNAMED: &str = "unnamed.tmp";

/// The journal of one tree.
#[derive(Debug)]
pub(crate) struct Journal<'a> {
    home: PathBuf,
    disk: &'a dyn Disk,
}

impl<'a> Journal<'a> {
    pub(crate) fn new(root: &Path, disk: &'a dyn Disk) -> Self {
        Self { home: root.join(HOME), disk }
    }

    pub(crate) fn lock_path(&self) -> PathBuf {
        self.home.join("lock")
    }

    fn folder(&self) -> PathBuf {
        self.home.join("journal")
    }

    fn folder_of(&self, id: OperationId) -> PathBuf {
        self.folder().join(id.to_string())
    }

    /// Makes `.repot/` and tells git to ignore it, before anything else is
    /// written there.
    pub(crate) fn make_home(&self) -> Result<(), ApplyError> {
        make_folder(self.disk, &self.home)?;
        let ignore = self.home.join(".gitignore");
        if fs::symlink_metadata(&ignore).is_ok() {
            return Ok(());
        }
        self.publish(&self.home, ".gitignore", b"*\n")
    }

    /// Where what is kept beside the operations lies.
    pub(crate) fn kept(&self, folder: &str, name: &str) -> PathBuf {
        self.home.join(folder).join(name)
    }

    /// Keeps `bytes` as [`Self::kept`] says.
    pub(crate) fn keep(&self, folder: &str, name: &str, bytes: &[u8]) -> Result<(), ApplyError> {
        self.make_home()?;
        let folder = self.home.join(folder);
        make_folder(self.disk, &folder)?;
        self.publish(&folder, name, bytes)
    }

    /// The numbers of all operations, ascending, finished or not.
    pub(crate) fn ids(&self) -> Result<Vec<OperationId>, ApplyError> {
        let folder = self.folder();
        for place in [&self.home, &folder] {
            match fs::symlink_metadata(place) {
                Ok(metadata) => refuse_other_than_folder(place, &metadata)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
                Err(error) => return Err(ApplyError::io("look at", place)(error)),
            }
        }
        let list = || fs::read_dir(&folder)?.collect::<io::Result<Vec<_>>>();
        let mut ids = Vec::new();
        for entry in list().map_err(ApplyError::io("list", &folder))? {
            let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let place = entry.path();
            let metadata = fs::symlink_metadata(&place).map_err(ApplyError::io("look at", &place))?;
            refuse_other_than_folder(&place, &metadata)?;
            ids.push(id);
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// The record of every operation that was carried out, oldest first.
    pub(crate) fn records(&self) -> Result<Vec<Record>, ApplyError> {
        self.ids()?.into_iter().filter_map(|id| self.load(id, RECORD).transpose()).collect()
    }

    /// The record of the operation that was begun and not finished.
    pub(crate) fn intent(&self) -> Result<Option<Record>, ApplyError> {
        self.ids()?.into_iter().rev().find_map(|id| self.load(id, INTENT).transpose()).transpose()
    }

    fn load(&self, id: OperationId, name: &str) -> Result<Option<Record>, ApplyError> {
        let path = self.folder_of(id).join(name);
        match fs::read(&path) {
            Ok(bytes) => record::read(&path, id, &bytes).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ApplyError::io("read", &path)(error)),
        }
    }

    /// Makes the folder of the next operation. Its mode tells what the umask
    /// leaves of a new folder and, by its other bits, of a new file.
    pub(crate) fn reserve(&self) -> Result<(OperationId, u32), ApplyError> {
        make_folder(self.disk, &self.folder())?;
        let last = self.ids()?.last().copied().unwrap_or(OperationId::NONE);
        let id = last.max(self.last_forgotten()?).next();
        let folder = self.folder_of(id);
        Ok((id, make_measured(self.disk, &folder)?))
    }

    /// Stores the old bytes and the intent of operation `id`. When this returns,
    /// recovery knows of it, whatever happens.
    pub(crate) fn begin(&self, id: OperationId, draft: Draft<'_>) -> Result<Record, ApplyError> {
        let folder = self.folder_of(id);
        let objects = store::write(self.disk, &folder.join(OBJECTS), draft.contents.iter().copied())?;
        let record = draft.record(id, objects);
        // The folders above must be as durable as the intent in them.
        let above: Vec<_> = self.folder().ancestors().take(3).map(Path::to_owned).collect();
        store::sync(self.disk, &above)?;
        self.publish(&folder, INTENT, &record.text())?;
        Ok(record)
    }

    /// Sets the commit mark of operation `id`.
    pub(crate) fn commit(&self, id: OperationId) -> Result<(), ApplyError> {
        let folder = self.folder_of(id);
        let intent = folder.join(INTENT);
        self.disk.rename(&intent, &folder.join(RECORD)).map_err(ApplyError::io("rename", &intent))?;
        // From here on the operation is done. Should this sync fail and the
        // mark be lost with the power, recovery sets it again.
        drop(self.disk.sync(&[folder]));
        Ok(())
    }

    /// Forgets operation `id`, which left no trace in the tree. The intent goes
    /// first: without it the rest is litter that the next operation sweeps.
    pub(crate) fn discard(&self, id: OperationId) -> Result<(), ApplyError> {
        let folder = self.folder_of(id);
        for name in [INTENT, UNNAMED, OBJECTS] {
            remove_if_there(self.disk, &folder.join(name))?;
        }
        self.disk.remove_dir(&folder).map_err(ApplyError::io("remove", &folder))
    }

    /// Discards every folder that a run left before it wrote its intent, or
    /// after it removed it.
    pub(crate) fn sweep(&self) -> Result<(), ApplyError> {
        let ids = self.ids()?;
        remove_if_there(self.disk, &self.folder().join(UNNAMED))?;
        for id in ids {
            let folder = self.folder_of(id);
            if ![INTENT, RECORD].iter().any(|name| fs::symlink_metadata(folder.join(name)).is_ok()) {
                self.discard(id)?;
            }
        }
        Ok(())
    }

    /// Forgets the operations `ids`, which are sorted, from the first to the last:
    /// what is left of a plan always ends as the plan does. An operation is
    /// forgotten with its record; the rest is litter then.
    pub(crate) fn forget(&self, ids: &[OperationId]) -> Result<(), ApplyError> {
        let Some(last) = ids.last() else { return Ok(()) };
        let last = self.last_forgotten()?.max(*last);
        self.publish(&self.folder(), FORGOTTEN, last.to_string().as_bytes())?;
        for id in ids {
            let folder = self.folder_of(*id);
            remove_if_there(self.disk, &folder.join(RECORD))?;
            store::sync(self.disk, &[folder])?;
            self.discard(*id)?;
        }
        store::sync(self.disk, &[self.folder()])
    }

    /// The last number that was forgotten, so that no operation gets it again.
    fn last_forgotten(&self) -> Result<OperationId, ApplyError> {
        let path = self.folder().join(FORGOTTEN);
        match fs::read(&path) {
            Ok(bytes) => std::str::from_utf8(&bytes)
                .ok()
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| ApplyError::Damaged { path, reason: "it holds no number".to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(OperationId::NONE),
            Err(error) => Err(ApplyError::io("read", &path)(error)),
        }
    }

    /// The old bytes of the operation `record`.
    pub(crate) fn store(&self, record: &Record) -> Result<Store, ApplyError> {
        Store::open(self.folder_of(record.id).join(OBJECTS), &record.objects)
    }

    /// Writes `folder/name` so that it is there with all its bytes or not at all.
    fn publish(&self, folder: &Path, name: &str, bytes: &[u8]) -> Result<(), ApplyError> {
        let (unnamed, path) = (folder.join(UNNAMED), folder.join(name));
        remove_if_there(self.disk, &unnamed)?;
        let mut file = self.disk.create(&unnamed).map_err(ApplyError::io("create", &unnamed))?;
        let write = self.disk.write(&mut file, bytes).map_err(ApplyError::io("write", &unnamed));
        let named = write
            .and_then(|()| store::sync(self.disk, std::slice::from_ref(&unnamed)))
            .and_then(|()| self.disk.rename(&unnamed, &path).map_err(ApplyError::io("rename", &unnamed)));
        if named.is_err() {
            // The first error is the one to tell; what stays is swept later.
            drop(self.disk.remove_file(&unnamed));
        }
        named.and_then(|()| store::sync(self.disk, &[folder.to_owned()]))
    }
}

/// Makes a folder of the journal where it is missing. A link in its place could
/// lead out of the root, so it is refused.
fn make_folder(disk: &dyn Disk, path: &Path) -> Result<(), ApplyError> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => refuse_other_than_folder(path, &metadata),
        Err(_) => disk.create_dir(path).map_err(ApplyError::io("create", path)),
    }
}

fn refuse_other_than_folder(path: &Path, metadata: &fs::Metadata) -> Result<(), ApplyError> {
    if metadata.is_dir() {
        return Ok(());
    }
    Err(ApplyError::io("use", path)(io::ErrorKind::NotADirectory.into()))
}

/// Makes the folder `path` where it is missing, and tells which mode the umask
/// left of it.
pub(crate) fn make_measured(disk: &dyn Disk, path: &Path) -> Result<u32, ApplyError> {
    make_folder(disk, path)?;
    let metadata = fs::symlink_metadata(path).map_err(ApplyError::io("look at", path))?;
    Ok(mode_of(&metadata))
}

fn remove_if_there(disk: &dyn Disk, path: &Path) -> Result<(), ApplyError> {
    if fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    disk.remove_file(path).map_err(ApplyError::io("remove", path))
}
