//! The past of a tree, as far as a codemod may ask for it: who had what nobody
//! defines any longer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use repot_change::RelPath;

/// Something that is imported and that nobody defines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lost {
    /// The components of the module, below the legacy root.
    pub module: Vec<String>,
    /// The name that is wanted from it; `None` for the module itself.
    pub name: Option<String>,
}

/// The last version of a file that had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// Where the file lay.
    pub path: RelPath,
    /// The commit that took it away.
    pub commit: String,
    /// The day of that commit, as `2025-06-01`, in UTC.
    pub day: String,
    /// How version control names the version, as `1a2b3c4^:src/shop/cart.py`.
    pub version: String,
}

/// What is remembered of the past.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memories {
    /// The last versions that had each, one for each path, the newest first.
    pub formers: BTreeMap<Lost, Vec<Former>>,
    /// Why there may be more.
    pub notes: Vec<String>,
}

/// Whoever remembers what a tree was.
///
/// The same question has the same answer as long as a plan is made.
pub trait Past: fmt::Debug + Sync {
    /// Who had each of `lost`.
    fn recall(&self, lost: &BTreeSet<Lost>) -> Memories;
}

impl Lost {
    /// Whether the file at `path` would be it, as a module.
    #[must_use]
    pub fn is_module_at(&self, path: &RelPath) -> bool {
        let wanted: Vec<&str> = self.module.iter().chain(&self.name).map(String::as_str).collect();
        let own = components(path);
        // A bare name says little, so at least two components must match, or all.
        let tail = wanted.len().min(2);
        tail > 0 && own.ends_with(&wanted[wanted.len() - tail..])
    }
}

/// The components of the dotted name of the module at `path`, its folders first.
#[must_use]
pub fn components(path: &RelPath) -> Vec<&str> {
    let stem = path.as_str().strip_suffix(".py").unwrap_or(path.as_str());
    stem.split('/').filter(|part| *part != "__init__").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_the_module_by_the_end_of_its_path() {
        let lost = |module: &[&str], name: Option<&str>| Lost {
            module: module.iter().map(|part| (*part).to_owned()).collect(),
            name: name.map(str::to_owned),
        };
        let is = |lost: &Lost, path: &str| lost.is_module_at(&RelPath::new(path).unwrap());
        assert!(is(&lost(&["core", "models"], None), "src/shop/core/models.py"));
        assert!(is(&lost(&["core"], Some("models")), "src/core/models/__init__.py"));
        assert!(is(&lost(&["a", "core", "models"], None), "core/models.py"));
        assert!(!is(&lost(&["core", "models"], None), "src/shop/other/models.py"));
        assert!(is(&lost(&["models"], None), "src/shop/models.py"));
        assert!(!is(&lost(&[], None), "src/shop/models.py"));
    }
}
