//! Why a move is not made.

use repot_change::{PathError, RelPath};
use repot_roadmap::nearest;
use repot_workspace::{Place, Workspace};
use thiserror::Error;

use crate::Subject;

/// A move that cannot be made, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// Nothing has the old name.
    #[error("there is no module `{subject}`{}", did_you_mean(.nearest))]
    Unknown {
        /// What was to move.
        subject: Subject,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// The module has no such symbol of its own.
    #[error("`{module}` ({path}) defines no `{symbol}` at its top level{}", did_you_mean(.nearest))]
    UnknownSymbol {
        /// The module.
        module: String,
        /// Its file or folder.
        path: RelPath,
        /// The symbol.
        symbol: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// The symbol's definition cannot be taken out of its module.
    #[error("`{symbol}` of {module}.py cannot move: {reason}")]
    Symbol {
        /// The module, without its extension.
        module: RelPath,
        /// The symbol.
        symbol: String,
        /// Why.
        reason: String,
    },
    /// Several packages have the old name.
    #[error("`{subject}` is the name of {}", listed(.places))]
    Ambiguous {
        /// What was to move.
        subject: Subject,
        /// The places that have the name.
        places: Vec<RelPath>,
    },
    /// One move leads to where another one begins.
    #[error("`{subject}` is the new name of one move and the old name of another; make them in two steps")]
    Chain {
        /// The name of both.
        subject: Subject,
    },
    /// The new name lies below a module that is no package.
    #[error("`{name}` cannot be made: {module}.py is a module and not a package")]
    NoPackage {
        /// The new name.
        name: String,
        /// The module, without its extension.
        module: RelPath,
    },
    /// The package above the new name binds it to something else.
    #[error("`{from}` cannot become `{to}`: {init} defines that name itself")]
    Bound {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// The package's file.
        init: RelPath,
    },
    /// The new name makes no path.
    #[error("`{name}` cannot be a path: {source}")]
    Path {
        /// The new name.
        name: String,
        /// Why.
        source: PathError,
    },
    /// What moves would take a place that is taken.
    #[error("`{from}` cannot become `{to}`: {}", collisions(.paths))]
    Occupied {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
        /// Each file that moves, and what stands in its way.
        paths: Vec<(RelPath, RelPath)>,
    },
}

impl Refused {
    pub(crate) fn unknown(subject: &Subject, workspace: &Workspace) -> Self {
        let names = workspace.modules().iter().filter_map(|(_, module)| module.name.as_deref());
        let nearest = nearest(&subject.module, names).map(str::to_owned);
        Self::Unknown { subject: subject.clone(), nearest }
    }

    pub(crate) fn unknown_symbol(subject: &Subject, workspace: &Workspace, place: &Place) -> Self {
        let symbol = subject.symbol.clone().unwrap_or_default();
        let nearest = match place {
            Place::Module(id) => {
                let names = &workspace.file(*id).definitions().names;
                nearest(&symbol, names.keys().map(String::as_str)).map(str::to_owned)
            }
            Place::Namespace(_) => None,
        };
        let path = workspace.path_of(place);
        Self::UnknownSymbol { module: subject.module.clone(), path, symbol, nearest }
    }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

fn listed(places: &[RelPath]) -> String {
    places.iter().map(RelPath::as_str).collect::<Vec<_>>().join(" and of ")
}

fn collisions(paths: &[(RelPath, RelPath)]) -> String {
    const SHOWN: usize = 10;
    let shown = paths.iter().take(SHOWN).map(|(from, to)| format!("{from} would take the place of {to}"));
    let mut text = shown.collect::<Vec<_>>().join("; ");
    if paths.len() > SHOWN {
        text += &format!("; and {} more", paths.len() - SHOWN);
    }
    text
}
