//! The imports of Python's own that generated text needs.

use std::collections::BTreeSet;

use repot_python::SourceFile;

use crate::Import;

/// Where the names come from that generated definitions use.
const KNOWN: [(&str, &[&str]); 5] = [
    (
        "collections.abc",
        &["AsyncIterable", "AsyncIterator", "Awaitable", "Callable", "Generator", "Iterable", "Iterator"],
    ),
    ("contextlib", &["AbstractAsyncContextManager", "AbstractContextManager"]),
    ("enum", &["Enum"]),
    ("typing", &["Any", "ClassVar", "Protocol", "overload", "runtime_checkable"]),
    ("warnings", &[]),
];

/// The imports for those names of `text` that Python's own modules have and
/// that nothing in it binds.
#[must_use]
pub fn known_imports(text: &str) -> BTreeSet<Import> {
    let file = SourceFile::parse(text.as_bytes().into());
    let unbound = file.scopes().unbound();
    let found = unbound.iter().filter_map(|name| {
        let is_it = |entry: &&(&str, &[&str])| entry.0 == name.text || entry.1.contains(&name.text.as_str());
        let (module, _) = KNOWN.iter().find(is_it)?;
        Some(match *module == name.text {
            true => Import { module: name.text.clone(), name: None, alias: None, type_checking: false },
            false => Import::from(module, &name.text, &name.text),
        })
    });
    found.collect()
}
