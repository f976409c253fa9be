//! A foreign symbol: where it is defined, and how all its consumers use it.

use std::collections::BTreeSet;

use repot_change::RelPath;
use repot_python::Usage;
use repot_workspace::{ModuleId, PackageId};

use crate::Import;
use crate::inject::Place;

/// A symbol that its consumers may not import from where it is, or that is
/// defined nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The dotted module by which the consumers name it: for a definition that
    /// was found its module's name, else what they wrote below the legacy root.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// Where it is defined; `None` when it is defined nowhere.
    pub definition: Option<Definition>,
    /// Who uses it, sorted by file and line.
    pub consumers: Vec<Consumer>,
}

/// Where a symbol is defined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Definition {
    /// The module.
    pub module: ModuleId,
    /// Its name there.
    pub name: String,
}

/// One import of a foreign symbol, and what its file does with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    /// The importing module.
    pub module: ModuleId,
    /// Its file.
    pub path: RelPath,
    /// Its package, if it belongs to one.
    pub package: Option<PackageId>,
    /// The line of the imported name, counted from 1.
    pub line: usize,
    /// The statement, as an index into the file's imports.
    pub statement: usize,
    /// The name within the statement.
    pub item: usize,
    /// Whether the import stands under `TYPE_CHECKING`.
    pub type_checking: bool,
    /// What the file does with the name.
    pub usage: Usage,
}

impl Consumer {
    /// The place of the import.
    #[must_use]
    pub fn place(&self) -> Place {
        (self.module, self.statement, self.item)
    }
}

/// How an import of a foreign symbol becomes one that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// The real module is imported.
    Direct,
    /// The definition moves to the interface package.
    Relocate,
    /// The interface package gets a `Protocol` of what is used.
    Protocol,
    /// The consumer is given an instance instead of making one.
    Inject,
    /// What is defined nowhere gets a contract of what it owes.
    Contract,
}

impl Strategy {
    /// Every strategy, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::Direct, Self::Relocate, Self::Protocol, Self::Inject, Self::Contract];

    /// The strategy as a roadmap spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Relocate => "relocate",
            Self::Protocol => "protocol",
            Self::Inject => "inject",
            Self::Contract => "contract",
        }
    }

    /// The strategy that a roadmap spells `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|strategy| strategy.name() == name)
    }
}

/// A definition for an interface module, as it is to be written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The name that it defines.
    pub name: String,
    /// What it imports.
    pub imports: BTreeSet<Import>,
    /// Its source: whole lines, with `\n` and without blank lines around.
    pub text: String,
    /// What deserves a look, as sentences without a full stop.
    pub notes: Vec<String>,
    /// Whether it only says what somebody still owes.
    pub is_owed: bool,
}

impl Draft {
    /// Whether it is a class or function, which stands between blank lines.
    #[must_use]
    pub fn is_tall(&self) -> bool {
        ["class ", "def ", "async def ", "@"].iter().any(|head| self.text.starts_with(head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strategy_is_known_by_its_name() {
        for strategy in Strategy::ALL {
            assert_eq!(Strategy::named(strategy.name()), Some(strategy));
        }
        assert_eq!(Strategy::named("guess"), None);
    }
}
