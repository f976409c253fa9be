//! What old names are called now, for text in which names are only spelled.
//!
//! Import statements are resolved, and do not come here. A string, a
//! configuration value or a document spells a name in full; this is the table
//! in which it is looked up.

use std::collections::{BTreeMap, HashMap};

use repot_change::{RelPath, Span};
use repot_workspace::{Place, Workspace};

use crate::mentions::Needles;

/// What the text behind a known name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The name is all there is.
    Whole,
    /// It goes on with a name that the module or class really has.
    Deeper,
    /// It goes on with something that the module does not have.
    Stranger,
}

/// How a name is spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `shop.cart`, `shop.cart:add`
    Dotted,
    /// `src/shop/cart.py`, `shop/cart/`
    Path,
}

/// One place in a text that spells an old name, whole at both ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The bytes of the old name; what goes on behind it is left out.
    pub span: Span,
    /// The whole token: `shop.cart.add` where `span` is `shop.cart`.
    pub token: Span,
    /// What stands there afterwards.
    pub new: String,
    /// How it is spelled.
    pub spelling: Spelling,
    /// What the rest of the token says.
    pub known: Known,
    /// Whether the token is a single word, such as `shop`, which refers only
    /// where a name or path is expected.
    pub bare: bool,
    /// Whether a path begins with a slash that the format must know to mean
    /// the root of the workspace.
    pub rooted: bool,
}

/// The old names and the new ones.
#[derive(Debug)]
pub struct Renames<'w> {
    pub(crate) workspace: &'w Workspace,
    modules: HashMap<String, (String, Place)>,
    symbols: HashMap<String, String>,
    pub(crate) paths: BTreeMap<RelPath, RelPath>,
    pub(crate) needles: Needles,
}

impl<'w> Renames<'w> {
    /// A table of renames.
    ///
    /// `modules` holds every module that moves, those below a moved package
    /// among them, by the dotted name that code may spell it by; `symbols`
    /// holds symbols as `module.name`; `paths` holds the files and folders that
    /// move, a folder standing for all that lies below it.
    #[must_use]
    pub fn new(
        workspace: &'w Workspace,
        modules: HashMap<String, (String, Place)>,
        symbols: HashMap<String, String>,
        paths: BTreeMap<RelPath, RelPath>,
    ) -> Self {
        let needles = Needles::new(workspace, modules.keys(), symbols.keys(), paths.keys());
        Self { workspace, modules, symbols, paths, needles }
    }

    /// What the dotted name `text` is called now: the longest old name that it
    /// begins with, as a number of bytes of `text`, what replaces these, and
    /// what the rest says. A `:` may stand for the dot before a symbol.
    #[must_use]
    pub fn dotted(&self, text: &str) -> Option<(usize, &str, Known)> {
        let ends = text.match_indices(['.', ':']).map(|(at, _)| at).chain([text.len()]);
        let mut best = None;
        for end in ends {
            let dotted = text[..end].replace(':', ".");
            if let Some(new) = self.symbols.get(&dotted) {
                best =
                    Some((end, new.as_str(), if end == text.len() { Known::Whole } else { Known::Deeper }));
            } else if let Some((new, place)) = self.modules.get(&dotted) {
                best = Some((end, new.as_str(), self.known(place, &text[end..])));
            }
        }
        best
    }

    /// What `rest`, which is empty or begins with a dot or colon, says of
    /// `place`.
    fn known(&self, place: &Place, rest: &str) -> Known {
        match rest.get(1..).map(|rest| rest.split(['.', ':']).next().unwrap_or_default()) {
            None => Known::Whole,
            Some(name) if self.workspace.binds(place, name) => Known::Deeper,
            Some(_) => Known::Stranger,
        }
    }

    /// The path at which what lies at `path` lies afterwards.
    #[must_use]
    pub fn path(&self, path: &RelPath) -> Option<RelPath> {
        if let Some(new) = self.paths.get(path) {
            return Some(new.clone());
        }
        let folder = path.ancestors().find(|folder| self.paths.contains_key(folder))?;
        self.paths.get(&folder)?.join(path.relative_to(&folder)?).ok()
    }
}
