//! A disk that fails or stops at one call.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::disk::{Disk, SystemDisk};

/// What happens from one call on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing.
    None,
    /// This call and all that follow do nothing: the process was killed.
    Stop,
    /// This call alone fails.
    Fail(ErrorKind),
    /// This call alone fails, and the process is killed at the call given here.
    FailThenStop(usize),
    /// No call that needs space succeeds any more.
    Full,
}

/// The disk of the operating system, until a fault; nothing is synced, because
/// no test switches the power off.
#[derive(Debug)]
pub(super) struct FaultyDisk {
    fault: Fault,
    at: usize,
    calls: AtomicUsize,
}

impl FaultyDisk {
    /// A disk with `fault` at the call `at`, counted from 0.
    pub(super) fn new(fault: Fault, at: usize) -> Self {
        Self { fault, at, calls: AtomicUsize::new(0) }
    }

    /// How many calls there were.
    pub(super) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    fn gate(&self, needs_space: bool) -> io::Result<()> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        match self.fault {
            Fault::Stop if call >= self.at => Err(io::Error::other("the process was killed")),
            Fault::Fail(kind) if call == self.at => Err(kind.into()),
            Fault::FailThenStop(stop) if call == self.at || call >= stop => Err(io::Error::other("stopped")),
            Fault::Full if call >= self.at && needs_space => Err(ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

impl Disk for FaultyDisk {
    fn create(&self, path: &Path) -> io::Result<File> {
        self.gate(true)?;
        SystemDisk.create(path)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let is_first = self.calls() == self.at;
        let result = self.gate(true);
        if result.is_err() && is_first {
            // A write that is cut off leaves some of its bytes.
            SystemDisk.write(file, &bytes[..bytes.len() / 2])?;
        }
        result?;
        SystemDisk.write(file, bytes)
    }

    fn set_mode(&self, path: &Path, mode: u32) -> io::Result<()> {
        self.gate(false)?;
        SystemDisk.set_mode(path, mode)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.gate(false)?;
        SystemDisk.rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.gate(false)?;
        SystemDisk.remove_file(path)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.gate(true)?;
        SystemDisk.create_dir(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.gate(false)?;
        SystemDisk.remove_dir(path)
    }

    fn sync(&self, paths: &[PathBuf]) -> Result<(), (PathBuf, io::Error)> {
        let first = paths.first().cloned().unwrap_or_default();
        // What is synced must be there.
        assert!(paths.iter().all(|path| path.exists()), "{paths:?}");
        self.gate(false).map_err(|error| (first, error))
    }
}
