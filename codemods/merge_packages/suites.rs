//! Suites of tests import each other by what pytest puts on the path, which no
//! package says: where a top of a suite is called otherwise, these imports follow.

use repot_change::{Edit, RelPath, Span};
use repot_python::ImportKind;
use repot_workspace::{Target, Workspace, below};

/// The edits of the Python files below `suite` by which imports of the tops
/// `renamed`, old and new, follow; file by file.
pub fn respelled(
    workspace: &Workspace,
    suite: &RelPath,
    renamed: &[(String, String)],
) -> Vec<(RelPath, Vec<Edit>)> {
    let files = workspace.snapshot().below(suite).map(|(path, _)| path);
    let modules = files.filter_map(|path| Some((path, workspace.modules().at(path)?)));
    let edits = modules.map(|(path, id)| {
        let module = workspace.modules().get(id);
        let file = workspace.file(id);
        let bytes = file.bytes().map_or(&[][..], |bytes| bytes);
        let names = file.imports().iter().flat_map(|statement| names(&statement.kind));
        let edit = |(span, dotted): (Span, String)| {
            // What resolves is known to the reference engine.
            let is_found = matches!(workspace.resolve(module, 0, &dotted), Target::Found(_));
            let (old, new) = renamed.iter().find(|(old, _)| below(&dotted, old).is_some())?;
            let root = Span::new(span.start, span.start + old.len());
            let is_spelled = bytes.get(root.range()) == Some(old.as_bytes());
            (!is_found && is_spelled).then(|| Edit::replace(root, new.as_bytes()))
        };
        (path.clone(), names.filter_map(edit).collect::<Vec<Edit>>())
    });
    edits.filter(|(_, edits)| !edits.is_empty()).collect()
}

/// The modules that a statement names in full and binds no root of.
fn names(kind: &ImportKind) -> Vec<(Span, String)> {
    match kind {
        ImportKind::From(from) if from.level == 0 => vec![(from.module_span, from.dotted().to_owned())],
        ImportKind::From(_) => Vec::new(),
        ImportKind::Import(items) => {
            let aliased = items.iter().filter(|item| item.alias.is_some());
            aliased.map(|item| (item.name.span, item.name.text.clone())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use repot_change::Edits;
    use repot_roadmap::Pattern;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    #[test]
    fn what_pytest_alone_can_find_follows() {
        let text = "from unit.more import a\nfrom .unit import b\nimport unit.more as c, units\nfrom units import d\n";
        let files = [("p/tests/unit/__init__.py", ""), ("p/tests/unit/test_a.py", text)];
        let path = |text: &str| RelPath::new(text).unwrap();
        let files = files.map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new("p").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        let renamed = [("unit".to_owned(), "unit_old".to_owned())];
        let found = respelled(&workspace, &path("p/tests"), &renamed);
        let (_, edits) = found.into_iter().next().unwrap();
        let after = Edits::new(edits).unwrap().apply(text.as_bytes()).unwrap();
        let expected = text.replacen("unit.more import", "unit_old.more import", 1);
        let expected = expected.replace("import unit.more as", "import unit_old.more as");
        assert_eq!(String::from_utf8(after).unwrap(), expected);
    }
}
