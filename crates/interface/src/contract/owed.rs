//! Contracts that a tree holds and that nothing implements, found by their
//! docstrings.

use memchr::memmem;
use repot_change::Span;
use repot_python::SourceFile;

use super::OWED;

/// A contract that is still owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The name of the class or function.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What its docstring says of it, without the mark.
    pub about: String,
}

/// The top-level classes and functions of a file whose docstrings begin with
/// [`OWED`], in order.
#[must_use]
pub fn owed(bytes: &[u8]) -> Vec<Owed> {
    if memmem::find(bytes, OWED.as_bytes()).is_none() {
        return Vec::new();
    }
    let file = SourceFile::parse(bytes.into());
    let names = &file.definitions().names;
    let mut found: Vec<Owed> = names
        .iter()
        .filter_map(|(name, bindings)| {
            let span = bindings.last()?.span;
            let summary = match file.surface(name) {
                Some(surface) => surface.summary,
                None => file.callables(name).pop().and_then(|one| one.summary),
            };
            let about = summary?.strip_prefix(OWED)?.to_owned();
            Some(Owed { name: name.clone(), span, about })
        })
        .collect();
    found.sort_by_key(|one| one.span);
    found
}
