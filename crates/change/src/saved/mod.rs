//! A saved plan: a plan as one file that carries all it needs.
//!
//! ```text
//! line 1   JSON: the format and the hash of all that follows
//! then     JSON, compressed (RFC 1950): the basis, the phases, the contents
//! ```
//!
//! The hash tells damage and edits by hand; it is no signature. What a hostile
//! hand could write with a right hash is therefore checked as well: every path
//! stays inside the tree, and every delta begins with what the one before it
//! left, so that nothing is written that is not shown. Nothing is read from a
//! disk here.

mod order;
mod wire;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ContentHash, Plan, RelPath, Reliance};

/// The format that is written, and the newest that is read.
const FORMAT: u32 = 1;

/// How many bytes a plan may have once it is unpacked.
const MOST: u64 = 4 << 30;

/// What a plan was made of, beside the files that it names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Basis {
    /// The version of the Repot that made it.
    pub made_by: String,
    /// The commit that was checked out, where there was one.
    pub commit: Option<String>,
    /// The file of the roadmap, where there was one.
    pub roadmap: Option<Reliance>,
    /// What the plan was limited to, as it was asked for; empty for all of it.
    pub selection: String,
}

/// A plan and what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlan {
    /// The plan.
    pub plan: Plan,
    /// What it was made of.
    pub basis: Basis,
}

/// Why some bytes are no saved plan that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SavedPlanError {
    /// Something else altogether.
    #[error("is no saved plan")]
    Foreign,
    /// A plan of a format that is not known.
    #[error("is a saved plan of format {format}, which this repot does not know")]
    Newer {
        /// The format.
        format: u32,
    },
    /// A plan that was cut off, damaged or edited.
    #[error("is a saved plan that was damaged or edited: {reason}")]
    Damaged {
        /// What is wrong with it.
        reason: String,
    },
}

impl SavedPlanError {
    /// What the person can do about it, as one sentence without a full stop.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Foreign => "`repot plan -o FILE` writes one",
            Self::Newer { .. } => "use the repot that wrote it, or a newer one",
            Self::Damaged { .. } => "plan again; a saved plan is never edited",
        }
    }
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "repot-plan")]
    format: u32,
    hash: ContentHash,
}

impl SavedPlan {
    /// The plan as a file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = serde_json::to_vec(&wire::Body::of(self)).expect("a plan is JSON");
        let body = packed(&body);
        let head = Head { format: FORMAT, hash: ContentHash::of(&body) };
        let mut bytes = serde_json::to_vec(&head).expect("a head is JSON");
        bytes.push(b'\n');
        bytes.extend(body);
        bytes
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// [`SavedPlanError`], whatever the bytes are.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SavedPlanError> {
        let plan = wire::Body::into_saved(read_body(bytes)?)?;
        order::check(&plan.plan).map_err(damaged)?;
        Ok(plan)
    }

    /// The files that the plan knows of as they stand before its phase `index`,
    /// with `None` where no file stands; for the number of phases: after all.
    #[must_use]
    pub fn state_before(&self, index: usize) -> BTreeMap<RelPath, Option<ContentHash>> {
        let relied = self.plan.relies_on.iter().chain(&self.basis.roadmap);
        let mut state: BTreeMap<_, _> = relied.map(|file| (file.path.clone(), file.hash)).collect();
        let mut known = BTreeMap::new();
        for (at, phase) in self.plan.phases.iter().enumerate() {
            for write in phase.writes() {
                // The first phase that names a path says what stood there.
                let before = known.entry(write.path.clone()).or_insert(write.expect);
                let after = write.content.map(|content| ContentHash::of(&content.bytes));
                if at < index {
                    *before = after;
                }
            }
        }
        state.extend(known);
        state
    }
}

fn damaged(reason: impl Into<String>) -> SavedPlanError {
    SavedPlanError::Damaged { reason: reason.into() }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("a vector takes all bytes")
}

/// The unpacked body, once its hash is seen to be right.
fn read_body(bytes: &[u8]) -> Result<wire::Body, SavedPlanError> {
    #[derive(Deserialize)]
    struct Versioned {
        #[serde(rename = "repot-plan")]
        format: u32,
    }
    let end = memchr::memchr(b'\n', bytes).ok_or(SavedPlanError::Foreign)?;
    let (first, body) = (&bytes[..end], &bytes[end + 1..]);
    // The format is read alone first: the rest of a newer one is not known.
    let Versioned { format } = serde_json::from_slice(first).map_err(|_| SavedPlanError::Foreign)?;
    match format {
        FORMAT => {}
        0 => return Err(damaged("there is no format 0")),
        format => return Err(SavedPlanError::Newer { format }),
    }
    let head: Head = serde_json::from_slice(first).map_err(|error| damaged(error.to_string()))?;
    if ContentHash::of(body) != head.hash {
        return Err(damaged("its bytes are not those that were written"));
    }
    let mut text = Vec::new();
    let read = ZlibDecoder::new(body).take(MOST).read_to_end(&mut text);
    read.map_err(|error| damaged(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))
}

#[cfg(test)]
mod tests;
