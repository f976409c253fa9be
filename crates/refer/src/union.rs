//! Union: what is known of files and names that meet when a package moves into
//! one that exists.
//!
//! Whoever merges packages says here what is to become of each meeting; whether
//! two files may become one is decided there, and how, here.

use std::collections::{BTreeMap, HashMap};

use repot_change::{RelPath, Span};
use repot_workspace::ModuleId;

use crate::MovedSymbol;

/// What becomes of a file of which another one stands at its new place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meeting {
    /// The other one has all that it has: it goes, and nothing of it is left.
    Covered,
    /// It takes the place of the other one, which goes.
    Replaces,
    /// Its text stands behind that of the other one.
    Joined {
        /// The parts of it that are left out.
        without: Vec<Span>,
        /// The names that it says it exports, for the other one's `__all__`.
        exports: Vec<String>,
        /// What stands behind both, with `\n` between lines.
        behind: String,
    },
}

/// What is known of the meetings of a relocation.
#[derive(Debug, Clone, Default)]
pub struct Union {
    /// What becomes of incoming files, by their path before.
    pub meetings: BTreeMap<RelPath, Meeting>,
    /// Where files go that go elsewhere than the package around them, or that
    /// lie outside of every package that moves.
    pub carried: BTreeMap<RelPath, RelPath>,
    /// Folders that text may name, and what they are called afterwards.
    pub folders: BTreeMap<RelPath, RelPath>,
    /// Names of modules that move which are called otherwise afterwards, where
    /// the module goes.
    pub aliases: HashMap<(ModuleId, String), MovedSymbol>,
}
