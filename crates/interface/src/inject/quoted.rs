//! What texts name as `module.name` or `module:name`, in quotes: patches of
//! tests, entry points, settings of frameworks.

use std::collections::HashMap;

use repot_change::RelPath;
use repot_workspace::Workspace;

use crate::Definition;

/// The quoted dotted names in all files of a workspace.
pub(super) struct Quoted {
    /// By the last component: the file, and where that component begins, in the
    /// order of the files.
    by_name: HashMap<Box<[u8]>, Vec<(RelPath, usize)>>,
}

impl Quoted {
    /// Reads every file once.
    pub(super) fn new(workspace: &Workspace) -> Self {
        let mut by_name: HashMap<Box<[u8]>, Vec<_>> = HashMap::new();
        for (path, file) in workspace.snapshot().files() {
            let Some(bytes) = file.bytes() else { continue };
            for end in memchr::memchr2_iter(b'"', b'\'', bytes) {
                let name = bytes[..end].rsplit(|byte| !is_part(*byte)).next().unwrap_or_default();
                let start = end - name.len();
                let follows = matches!(bytes[..start].last(), Some(b'.' | b':'));
                if !name.is_empty() && follows && start > 1 && is_part(bytes[start - 2]) {
                    by_name.entry(name.into()).or_default().push((path.clone(), start));
                }
            }
        }
        Self { by_name }
    }

    /// The first place in `workspace` that names `definition`, whose module's last
    /// component is `last`: its file and line.
    pub(super) fn find(
        &self,
        workspace: &Workspace,
        definition: &Definition,
        last: &str,
    ) -> Option<(&RelPath, usize)> {
        self.by_name.get(definition.name.as_bytes())?.iter().find_map(|(path, start)| {
            let bytes = workspace.snapshot().get(path)?.bytes()?;
            let is_it = bytes[..start - 1].ends_with(last.as_bytes());
            is_it.then(|| (path, memchr::memchr_iter(b'\n', &bytes[..*start]).count() + 1))
        })
    }
}

/// Whether a byte may stand in a component of a dotted name, hyphens included,
/// which folders have.
fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_workspace::{Shape, Snapshot};

    use super::*;

    #[test]
    fn a_name_is_found_where_its_module_stands_before_it() {
        let file = |path: &str, text: &str| (RelPath::new(path).unwrap(), text.as_bytes().to_vec());
        let texts = [
            file("a.toml", "x = \"Store\"\ny = \"rows.Store.load\"\nz = \"other.Store\"\n.Store\"\n"),
            file("b.py", "patch('shop.rows.Store')\n"),
            file("c.ini", "\nx = \"shop.rows:Store\"\n"),
            file("d.cfg", "x = 'my-rows.Größe'\n"),
            file("rows.py", ""),
        ];
        let workspace = Workspace::new(Snapshot::from_files(texts), Arc::new(Shape::default()));
        let module = workspace.modules().at(&RelPath::new("rows.py").unwrap()).unwrap();
        let quoted = Quoted::new(&workspace);
        let find = |name: &str, last: &str| {
            let definition = Definition { module, name: name.to_owned() };
            quoted.find(&workspace, &definition, last).map(|(path, line)| format!("{path}:{line}"))
        };
        assert_eq!(find("Store", "rows").as_deref(), Some("b.py:1"));
        assert_eq!(find("Store", "other").as_deref(), Some("a.toml:3"));
        assert_eq!(find("Größe", "my-rows").as_deref(), Some("d.cfg:1"));
        assert_eq!(find("Store", "page"), None);
        assert_eq!(find("load", "rows"), None);
    }
}
