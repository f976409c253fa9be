//! `[boundaries]` and `[[exception]]`: what the rules over imports ask, and what
//! they let pass for now.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::{Pattern, Spanned};

/// Which rules over imports are asked, and what they count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundaries {
    /// The rules that are asked, each one of the vocabulary's.
    pub rules: Vec<Spanned<String>>,
    /// Whether imports under `TYPE_CHECKING` count.
    pub type_checking_imports: bool,
    /// Whether imports inside functions count.
    pub local_imports: bool,
    /// Whether the imports of tests and scripts count.
    pub test_imports: bool,
    /// Whether circles are looked for among modules, too.
    pub module_cycles: bool,
    /// The modules that other packages may import beside what a package itself
    /// exports: dotted names, in which `*` stands for one part and `**` for any.
    pub public: Vec<Spanned<Pattern>>,
    /// The files that may import any domain, to put a program together.
    pub composition_roots: Vec<Spanned<Pattern>>,
    /// By import name, the distribution that brings it.
    pub distributions: BTreeMap<String, String>,
}

impl Default for Boundaries {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            type_checking_imports: true,
            local_imports: true,
            test_imports: true,
            module_cycles: false,
            public: Vec::new(),
            composition_roots: Vec::new(),
            distributions: BTreeMap::new(),
        }
    }
}

/// Findings that are let pass until a day, with somebody's name and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// The rule whose findings pass.
    pub rule: Spanned<String>,
    /// `in`: only those in files whose path this matches.
    pub within: Option<Spanned<Pattern>>,
    /// Only those about imports of what this matches, with dots as in
    /// [`Boundaries::public`].
    pub imports: Option<Spanned<Pattern>>,
    /// Who answers for it.
    pub owner: String,
    /// Why it is let pass.
    pub reason: String,
    /// The last day on which it is.
    pub expires: Date,
    /// The entry in the file.
    pub span: Option<Range<usize>>,
}

/// `text` as a pattern over dotted names: dots and colons part it.
pub(crate) fn dotted(text: &str) -> String {
    text.replace(['.', ':'], "/")
}

impl Pattern {
    /// The pattern over dotted names that `text` writes.
    ///
    /// # Errors
    ///
    /// [`PatternError`](crate::PatternError) as of [`new`](Self::new).
    pub fn dotted(text: &str) -> Result<Self, crate::PatternError> {
        Self::new(&dotted(text))
    }

    /// Whether a pattern over dotted names matches `name`, such as `a.b:Name`,
    /// or the module in which it lies.
    #[must_use]
    pub fn matches_dotted(&self, name: &str) -> bool {
        let module = name.split(':').next().unwrap_or(name);
        [name, module].iter().any(|name| self.matches(&dotted(name)))
    }
}
