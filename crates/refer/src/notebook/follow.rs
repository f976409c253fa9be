//! The references of a notebook, found in its cells and written into its JSON.

use repot_change::{Edit, RelPath, Span};
use repot_python::SourceFile;
use repot_workspace::{Module, Role};

use super::{CellEditError, Notebook};
use crate::python::{self, Followed};
use crate::relocation::Relocation;
use crate::{Follow, Renames, Unhandled};

/// Follows the references of the notebook at `path`; what is no notebook in
/// Python has none.
pub(crate) fn follow(
    relocation: &Relocation<'_>,
    renames: &Renames<'_>,
    path: &RelPath,
    bytes: &[u8],
) -> Followed {
    let Ok(notebook) = Notebook::read(bytes) else { return Followed::default() };
    let package = relocation.workspace().package_at(path);
    let module =
        Module { path: path.clone(), package, tree: None, name: None, is_init: false, role: Role::Script };
    let source = SourceFile::parse(notebook.source().into());
    let code = python::follow_loose(relocation, renames, &module, &source);
    let mut all = carried(code, |change| notebook.edits(&[change]));
    let markdown = notebook.markdown();
    let page = path.parent().unwrap_or_else(RelPath::root).join("cells.md");
    let text = page.ok().and_then(|page| crate::text::follow(&page, markdown.text(), renames));
    let text = carried(text.unwrap_or_default(), |change| markdown.edits(&[change]));
    all.statements.extend(text.statements);
    all.imported.extend(text.imported);
    all.places.extend(text.places);
    all.unhandled.extend(text.unhandled);
    all
}

/// What was found in cells, in offsets of the file.
fn carried(found: Followed, carry: impl Fn((Span, String)) -> Result<Vec<Edit>, CellEditError>) -> Followed {
    let mut carried = Followed::default();
    for edit in found.statements {
        let change = (edit.span, String::from_utf8_lossy(&edit.new).into_owned());
        carried.statements.extend(carry(change).unwrap_or_default());
    }
    let place = |span: Span| carry((span, String::new())).ok()?.first().map(|edit| edit.span);
    for one in found.imported {
        let span = place(one.span).unwrap_or(Span::at(0));
        carried.imported.push(Follow { span, ..one });
    }
    for one in found.places {
        match carry((one.span, one.new.clone())) {
            Ok(edits) => carried.places.extend(edits.into_iter().map(|edit| Follow {
                span: edit.span,
                new: String::from_utf8_lossy(&edit.new).into_owned(),
                ..one.clone()
            })),
            Err(error) => carried.unhandled.push(Unhandled {
                span: Span::at(0),
                class: one.class,
                subject: one.subject,
                reason: error.to_string(),
            }),
        }
    }
    for one in found.unhandled {
        carried.unhandled.push(Unhandled { span: place(one.span).unwrap_or(Span::at(0)), ..one });
    }
    carried
}
