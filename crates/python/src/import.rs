//! Import statements as values: what they name, and where each name stands.
//!
//! These are names as written. What they resolve to is not known here.

use repot_change::Span;

/// One identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The identifier as written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// Identifiers joined by dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DottedName {
    /// The name without blanks: `shop . cart` is `shop.cart`.
    pub text: String,
    /// From the first identifier to the end of the last, as written.
    pub span: Span,
}

impl DottedName {
    /// The identifiers from left to right.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split('.')
    }

    /// The first identifier.
    #[must_use]
    pub fn first(&self) -> &str {
        self.text.split('.').next().unwrap_or_default()
    }
}

/// One item of an import statement: `a.b`, `a.b as c`, or `X as Y` after `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedName {
    /// What is imported; after `from` a single identifier.
    pub name: DottedName,
    /// The name behind `as`.
    pub alias: Option<Name>,
    /// From the name to the end of the alias, or of the name without one.
    pub span: Span,
}

impl ImportedName {
    /// The name that the item binds: its alias, or the first component of what
    /// it imports (`import a.b` binds `a`, `from m import X` binds `X`).
    #[must_use]
    pub fn bound(&self) -> &str {
        self.alias.as_ref().map_or_else(|| self.name.first(), |alias| alias.text.as_str())
    }

    /// Where the identifier that [`Self::bound`] names begins.
    #[must_use]
    pub fn bound_start(&self) -> usize {
        self.alias.as_ref().map_or(self.name.span.start, |alias| alias.span.start)
    }
}

/// The parts of a `from` statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromImport {
    /// How many dots stand before the module; 0 is an absolute import.
    pub level: usize,
    /// The module behind the dots; `None` for `from . import x`.
    pub module: Option<DottedName>,
    /// From the first dot, or the module's first byte, to the end of the
    /// module or the last dot, as written.
    pub module_span: Span,
    /// What is imported from it.
    pub names: FromNames,
}

impl FromImport {
    /// The module as a statement spells it, dots first: `..shop.cart`.
    #[must_use]
    pub fn written(&self) -> String {
        ".".repeat(self.level) + self.dotted()
    }

    /// The module without the dots before it; empty for `from . import x`.
    #[must_use]
    pub fn dotted(&self) -> &str {
        self.module.as_ref().map_or("", |module| module.text.as_str())
    }
}

/// What a `from` statement imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FromNames {
    /// Everything: the place of the `*`.
    Star(Span),
    /// Names, in the order written.
    Names {
        /// The names; at least one.
        names: Vec<ImportedName>,
        /// The parentheses around them, both included.
        parentheses: Option<Span>,
    },
}

/// The two forms of import statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportKind {
    /// `import a.b, c as d`.
    Import(Vec<ImportedName>),
    /// `from m import x, y`.
    From(FromImport),
}

impl ImportKind {
    /// The imported items in the order written; none for `*`.
    #[must_use]
    pub fn items(&self) -> &[ImportedName] {
        match self {
            Self::Import(names) | Self::From(FromImport { names: FromNames::Names { names, .. }, .. }) => {
                names
            }
            Self::From(_) => &[],
        }
    }
}

/// One import statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportStmt {
    /// From the keyword to the last byte that belongs to the statement: no
    /// `;`, comment or line end.
    pub span: Span,
    /// The line of the keyword, counted from 1.
    pub line: usize,
    /// What is imported.
    pub kind: ImportKind,
    /// What stands around the statement.
    pub context: ImportContext,
}

impl ImportStmt {
    /// The imported items in the order written; none for `*`.
    #[must_use]
    pub fn items(&self) -> &[ImportedName] {
        self.kind.items()
    }

    /// The `from` parts, unless it is a plain import.
    #[must_use]
    pub fn as_from(&self) -> Option<&FromImport> {
        match &self.kind {
            ImportKind::Import(_) => None,
            ImportKind::From(from) => Some(from),
        }
    }

    /// Whether the statement stands in no function and no class.
    #[must_use]
    pub fn is_module_level(&self) -> bool {
        !self.context.in_function && !self.context.in_class
    }

    /// Whether the statement runs whenever the module is loaded: it stands in no
    /// function, no class, and under no condition.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.is_module_level() && !self.context.conditional
    }

    /// Whether this is an import from `__future__`.
    #[must_use]
    pub fn is_future(&self) -> bool {
        self.as_from().is_some_and(|from| from.written() == "__future__")
    }
}

/// What stands around an import statement, at any distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportContext {
    /// A `def` stands around it.
    pub in_function: bool,
    /// A `class` stands around it.
    pub in_class: bool,
    /// An `if TYPE_CHECKING:` stands around it: it never runs.
    pub type_checking: bool,
    /// It stands in the body, a handler or the `else` of a `try` that handles
    /// `ImportError`, `ModuleNotFoundError`, `Exception`, `BaseException` or
    /// everything. A `try` around a function that holds the import does not
    /// count: the function runs outside of it.
    pub guarded: bool,
    /// An `if`, `try`, `match`, `for`, `while` or `with` stands around it.
    pub conditional: bool,
}
