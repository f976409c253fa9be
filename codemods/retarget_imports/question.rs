//! Questions: the legacy names of a file, and where each of them stands.

use repot_change::{Span, line_at};
use repot_python::{FromImport, FromNames, ImportKind, ImportStmt, ImportedName};
use repot_workspace::below;

/// A file as far as the scan reads it.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The import statements.
    pub imports: &'a [ImportStmt],
}

impl Text<'_> {
    /// The line of the name that is asked for.
    pub fn line(self, question: &Question<'_>) -> usize {
        let inside = &self.bytes[question.statement.span.start..question.span.start];
        question.statement.line + line_at(inside, inside.len()) - 1
    }
}

/// What is asked for: one name of one statement.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The statement.
    pub statement: &'a ImportStmt,
    /// The module wanted, without the legacy root.
    pub module: Vec<&'a str>,
    /// The name wanted from it; `None` for the module itself and for a star.
    pub name: Option<&'a str>,
    /// The item of the statement; `None` for a star.
    pub item: Option<&'a ImportedName>,
    /// The bytes of the name.
    pub span: Span,
    /// What is imported: `a.b:name`, or `a.b`.
    pub subject: String,
}

/// The legacy roots that are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Roots<'a>(pub &'a [String]);

impl Roots<'_> {
    /// What is left of `dotted` below one of the roots; empty for a root.
    fn below(self, dotted: &str) -> Option<&str> {
        self.0.iter().filter_map(|root| below(dotted, root)).min_by_key(|rest| rest.len())
    }

    fn wanted_module(self, from: &FromImport) -> Option<&str> {
        let module = from.module.as_ref().filter(|_| from.level == 0)?;
        self.below(&module.text)
    }

    /// The legacy names of a statement, each with its position.
    pub fn questions(self, statement: &ImportStmt) -> Vec<(usize, Question<'_>)> {
        match &statement.kind {
            ImportKind::Import(items) => {
                let legacy = items.iter().enumerate();
                legacy.filter_map(|(at, item)| Some((at, self.about_module(statement, item)?))).collect()
            }
            ImportKind::From(from) => self.about_names(statement, from),
        }
    }

    fn about_module<'s>(self, statement: &'s ImportStmt, item: &'s ImportedName) -> Option<Question<'s>> {
        let module = split(self.below(&item.name.text)?);
        let subject = item.name.text.clone();
        Some(Question { statement, module, name: None, item: Some(item), span: item.span, subject })
    }

    fn about_names<'s>(self, statement: &'s ImportStmt, from: &'s FromImport) -> Vec<(usize, Question<'s>)> {
        let Some((below, named)) = self.wanted_module(from).zip(from.module.as_ref()) else {
            return Vec::new();
        };
        let blank = |span: Span, name: &str| Question {
            statement,
            module: split(below),
            name: None,
            item: None,
            span,
            subject: format!("{}:{name}", named.text),
        };
        match &from.names {
            FromNames::Star(span) => vec![(0, blank(*span, "*"))],
            FromNames::Names { names, .. } => {
                let ask = |item: &'s ImportedName| {
                    let name = item.name.text.as_str();
                    Question { name: Some(name), item: Some(item), ..blank(item.span, name) }
                };
                names.iter().map(ask).enumerate().collect()
            }
        }
    }
}

fn split(dotted: &str) -> Vec<&str> {
    dotted.split('.').filter(|part| !part.is_empty()).collect()
}
