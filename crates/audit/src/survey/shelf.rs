//! Folder names that say: nothing in here is part of the living code.
//!
//! Judged by the name alone; whether a folder of that name is code after all is
//! decided where the tree is known.

/// Why a folder is put on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shelf {
    /// Kept for the record.
    Archive,
    /// Called a backup: a copy, or the code that makes one.
    Backup,
    /// Called the backup of something.
    Copy,
    /// Somebody else's code.
    Vendored,
    /// Written by a tool.
    Generated,
    /// To be filled in.
    Template,
}

/// What the name of a folder says about it.
pub(super) fn shelf_of(folder: &str) -> Option<Shelf> {
    let name = folder.to_ascii_lowercase();
    let last = name.rsplit(['-', '_', '.', ' ']).next().unwrap_or_default();
    match name.as_str() {
        "archive" | "archived" | "archives" | "attic" => Some(Shelf::Archive),
        "vendor" | "_vendor" | "vendored" | "third_party" | "node_modules" | "site-packages" => {
            Some(Shelf::Vendored)
        }
        "generated" | "_generated" => Some(Shelf::Generated),
        _ if name.contains("cookiecutter") || name.contains("{{") => Some(Shelf::Template),
        _ if matches!(last, "template" | "templates") => Some(Shelf::Template),
        "backup" | "backups" | "bak" => Some(Shelf::Backup),
        _ if matches!(last, "backup" | "backups" | "bak") => Some(Shelf::Copy),
        _ => None,
    }
}

/// Folders that lie beside packages and are none.
pub(super) fn is_beside(folder: &str) -> bool {
    matches!(
        folder,
        "test" | "tests" | "testdata" | "test_data" | "fixtures" | "doc" | "docs" | "scripts" | "notebooks"
    )
}

/// Whether a folder of this name is never a package: it is hidden, or Python
/// made it.
pub(super) fn is_out_of_sight(folder: &str) -> bool {
    folder.starts_with('.') || folder == "__pycache__"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_their_last_word() {
        for (name, shelf) in [
            ("archive", Some(Shelf::Archive)),
            ("Archived", Some(Shelf::Archive)),
            ("migration-backup", Some(Shelf::Copy)),
            ("backup", Some(Shelf::Backup)),
            ("project_template", Some(Shelf::Template)),
            ("{{cookiecutter.slug}}", Some(Shelf::Template)),
            ("third_party", Some(Shelf::Vendored)),
            ("backup_recovery", None),
            ("templatetags", None),
            ("archiver", None),
            ("", None),
        ] {
            assert_eq!(shelf_of(name), shelf, "{name}");
        }
    }
}
