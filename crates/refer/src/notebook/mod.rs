//! Jupyter notebooks: the code of their cells as one Python file, and its edits
//! carried back into the JSON.
//!
//! A notebook is read, never written: an edit of the code becomes an edit of
//! the bytes of one JSON string, and everything else (layout, order of keys,
//! escapes, outputs) is not even looked at. What the code refers to is asked
//! elsewhere.

mod cells;
mod follow;
mod literal;
mod magic;

use repot_change::{Edit, Span};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

pub(crate) use follow::follow;

pub use cells::{CellEditError, Cells};

/// A notebook of format 3 or 4 whose kernel speaks Python.
#[derive(Debug, Clone)]
pub struct Notebook {
    code: Cells,
    markdown: Cells,
}

/// Why bytes are no notebook that can be followed.
#[derive(Debug, Error)]
pub enum NotebookError {
    /// The bytes are no UTF-8.
    #[error("the notebook is not encoded in UTF-8")]
    Encoding(#[from] std::str::Utf8Error),
    /// The text is no JSON, or not shaped as a notebook.
    #[error("the file is no notebook: {0}")]
    Json(#[from] serde_json::Error),
    /// A format that is not known.
    #[error("notebooks of format {0} are not read")]
    Format(u64),
    /// A kernel for another language.
    #[error("the notebook is written in {0}")]
    Language(String),
}

/// What is read of the file: <https://nbformat.readthedocs.io/en/latest/format_description.html>.
#[derive(Deserialize)]
struct Document<'json> {
    nbformat: u64,
    #[serde(default, borrow)]
    cells: Vec<Cell<'json>>,
    /// Format 3 has its cells in here.
    #[serde(default, borrow)]
    worksheets: Vec<Worksheet<'json>>,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct Worksheet<'json> {
    #[serde(default, borrow)]
    cells: Vec<Cell<'json>>,
}

#[derive(Deserialize)]
struct Cell<'json> {
    cell_type: String,
    #[serde(borrow)]
    source: Option<&'json RawValue>,
    /// The source of a code cell in format 3.
    #[serde(borrow)]
    input: Option<&'json RawValue>,
    language: Option<String>,
    #[serde(default)]
    metadata: Value,
}

impl Notebook {
    /// Reads the bytes of a file.
    ///
    /// A notebook that does not say which language it is written in is taken
    /// for Python, as Jupyter itself does.
    ///
    /// # Errors
    ///
    /// [`NotebookError`] when this is no notebook in Python.
    pub fn read(bytes: &[u8]) -> Result<Self, NotebookError> {
        let whole = std::str::from_utf8(bytes)?;
        let json = whole.strip_prefix('\u{feff}').unwrap_or(whole);
        let document: Document<'_> = serde_json::from_str(json)?;
        if !matches!(document.nbformat, 3 | 4) {
            return Err(NotebookError::Format(document.nbformat));
        }
        if let Some(language) = language(&document.metadata).filter(|language| !is_python(language)) {
            return Err(NotebookError::Language(language.to_owned()));
        }
        let (mut code, mut markdown) = (Cells::new(whole), Cells::new(whole));
        for cell in document.cells.iter().chain(document.worksheets.iter().flat_map(|sheet| &sheet.cells)) {
            match (cell.cell_type.as_str(), cell.source.or(cell.input)) {
                ("code", Some(source)) if cell.is_python() => code.push(whole, source, magic::masks)?,
                ("markdown", Some(source)) => markdown.push(whole, source, |_| Vec::new())?,
                _ => {}
            }
        }
        Ok(Self { code, markdown })
    }

    /// The Python code of all cells, each of which ends with a line end.
    ///
    /// What only IPython understands is masked by as many bytes of Python, so
    /// that the rest parses.
    #[must_use]
    pub fn source(&self) -> &[u8] {
        self.code.text()
    }

    /// Edits of [`Self::source`] as edits of the file's bytes.
    ///
    /// # Errors
    ///
    /// [`CellEditError`] when a change cannot be made in the cells.
    pub fn edits(&self, changes: &[(Span, String)]) -> Result<Vec<Edit>, CellEditError> {
        self.code.edits(changes)
    }

    /// The text of the Markdown cells.
    #[must_use]
    pub fn markdown(&self) -> &Cells {
        &self.markdown
    }
}

impl Cell<'_> {
    fn is_python(&self) -> bool {
        let chosen = self.metadata.pointer("/vscode/languageId").and_then(Value::as_str);
        chosen.or(self.language.as_deref()).is_none_or(is_python)
    }
}

/// The language that the metadata of a notebook names.
fn language(metadata: &Value) -> Option<&str> {
    let names = ["/kernelspec/language", "/language_info/name", "/kernelspec/name"];
    names.iter().find_map(|name| metadata.pointer(name).and_then(Value::as_str))
}

/// Whether a kernel or language of this name speaks Python: `python`,
/// `python3`, `ipython`, `conda-env-python-py`.
fn is_python(name: &str) -> bool {
    name.to_ascii_lowercase().contains("python")
}

#[cfg(test)]
mod tests;
