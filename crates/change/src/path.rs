//! A path inside the workspace, as git would print it.
//!
//! This is a name, not a file: whether anything exists there is not known here.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;

/// A path relative to the workspace root, with `/` between its components.
///
/// Invariant: no component is empty, `.` or `..`, and no component holds a NUL,
/// so that joining it to the root can never leave the root by its spelling.
/// The empty path is the root itself. Paths order by their components, so that
/// a folder's files stand together.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RelPath(Arc<str>);

/// Why a text is no [`RelPath`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PathError {
    /// The path begins at the root of the file system.
    #[error("`{0}` is absolute; a path must be relative to the workspace root")]
    Absolute(String),
    /// A component is empty, `.`, `..`, or holds a NUL.
    #[error("`{0}` has a component that is empty, `.`, `..` or not a name")]
    Component(String),
}

impl RelPath {
    /// Checks `text` and makes a path of it; one trailing `/` is dropped.
    ///
    /// # Errors
    ///
    /// [`PathError`] when `text` is absolute or could leave the root.
    pub fn new(text: &str) -> Result<Self, PathError> {
        if text.starts_with('/') {
            return Err(PathError::Absolute(text.to_owned()));
        }
        let text = text.strip_suffix('/').unwrap_or(text);
        let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains('\0');
        if !text.is_empty() && text.split('/').any(bad) {
            return Err(PathError::Component(text.to_owned()));
        }
        Ok(Self(text.into()))
    }

    /// The workspace root: the empty path.
    #[must_use]
    pub fn root() -> Self {
        Self("".into())
    }

    /// The path as text; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the workspace root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The components from the root downwards; none for the root.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// The last component; empty for the root.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The last component without its last extension: `a/b.py` gives `b`.
    #[must_use]
    pub fn file_stem(&self) -> &str {
        let name = self.file_name();
        match name.rfind('.') {
            None | Some(0) => name,
            Some(dot) => &name[..dot],
        }
    }

    /// The last extension without its dot, if there is one.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        let name = self.file_name();
        match name.rfind('.') {
            None | Some(0) => None,
            Some(dot) => Some(&name[dot + 1..]),
        }
    }

    /// The folder that holds this path; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        let end = self.0.rfind('/').unwrap_or(0);
        Some(Self(self.0[..end].into()))
    }

    /// This path with `tail` below it.
    ///
    /// # Errors
    ///
    /// [`PathError`] when `tail` is absolute or could leave the root.
    pub fn join(&self, tail: &str) -> Result<Self, PathError> {
        match (self.is_root(), tail.is_empty()) {
            (_, true) => Ok(self.clone()),
            (true, false) => Self::new(tail),
            (false, false) => {
                Self::new(tail)?;
                Self::new(&format!("{self}/{tail}"))
            }
        }
    }

    /// Whether this path is `folder` or lies anywhere below it.
    #[must_use]
    pub fn is_within(&self, folder: &Self) -> bool {
        self.relative_to(folder).is_some()
    }

    /// What is left of this path below `folder`; empty for `folder` itself.
    #[must_use]
    pub fn relative_to(&self, folder: &Self) -> Option<&str> {
        if folder.is_root() {
            return Some(&self.0);
        }
        let rest = self.0.strip_prefix(&*folder.0)?;
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
    }

    /// The folders above this path, the nearest first, the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), Self::parent)
    }
}

impl PartialOrd for RelPath {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RelPath {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // No component holds a NUL, so a border that counts as one orders by
        // components without looking for them.
        let border = |byte: u8| if byte == b'/' { 0 } else { byte };
        self.0.bytes().map(border).cmp(other.0.bytes().map(border))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl Serialize for RelPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for RelPath {
    /// Reads a path, and refuses one that could leave the root.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn refuses_what_could_leave_the_root() {
        for text in ["/etc", "..", "a/../b", "a//b", "./a", "a/.", "a\0b"] {
            assert!(RelPath::new(text).is_err(), "{text:?}");
            assert!(path("x").join(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn takes_itself_apart() {
        let file = path("src/shop/cart.py");
        assert_eq!(file.file_name(), "cart.py");
        assert_eq!(file.file_stem(), "cart");
        assert_eq!(file.extension(), Some("py"));
        assert_eq!(path(".gitignore").extension(), None);
        assert_eq!(file.parent(), Some(path("src/shop")));
        assert_eq!(path("src").parent(), Some(RelPath::root()));
        assert_eq!(RelPath::root().parent(), None);
        assert_eq!(file.ancestors().count(), 3);
    }

    #[test]
    fn a_folder_is_not_a_prefix_of_letters() {
        assert!(path("shop/cart").is_within(&path("shop")));
        assert!(!path("shopping/cart").is_within(&path("shop")));
        assert_eq!(path("shop").relative_to(&path("shop")), Some(""));
        assert_eq!(path("shop/a b.py").relative_to(&RelPath::root()), Some("shop/a b.py"));
    }

    proptest::proptest! {
        #[test]
        fn the_order_is_that_of_the_components(a in "[a/!~]{1,6}", b in "[a/!~]{1,6}") {
            let (Ok(a), Ok(b)) = (RelPath::new(&a), RelPath::new(&b)) else { return Ok(()) };
            proptest::prop_assert_eq!(a.cmp(&b), a.components().cmp(b.components()));
        }
    }

    #[test]
    fn orders_by_component() {
        let mut paths = [path("a-b/x"), path("a/z"), path("a/b/c")];
        paths.sort();
        assert_eq!(paths.map(|p| p.to_string()), ["a/b/c", "a/z", "a-b/x"]);
    }
}
