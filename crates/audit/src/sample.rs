//! Small workspaces for the tests of metrics.

use std::sync::Arc;

use repot_change::RelPath;
use repot_roadmap::{Domain, Pattern, Spanned};
use repot_workspace::{Shape, Snapshot, Workspace};

/// A workspace of the packages `p/*`, of which `p/shop` is the domain `sales`.
pub fn workspace(files: &[(&str, &str)]) -> Workspace {
    let files = files.iter().map(|(path, text)| (RelPath::new(path).unwrap(), text.as_bytes().to_vec()));
    let members = vec![Spanned::unwritten(Pattern::new("p/shop").unwrap())];
    let sales = Domain { members, may_import: Vec::new(), span: None };
    let shape = Shape {
        members: vec![Pattern::new("p/*").unwrap()],
        domains: [("sales".to_owned(), sales)].into(),
        ..Shape::default()
    };
    Workspace::new(Snapshot::from_files(files), Arc::new(shape))
}
