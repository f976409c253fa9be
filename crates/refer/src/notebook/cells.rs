//! The text of several cells, one behind the other, and the way back from a
//! place in it to the bytes of the file.

use repot_change::{Conflict, Edit, Edits, Span};
use serde_json::value::RawValue;
use thiserror::Error;

use super::literal::{decode, encode};
use super::magic::Mask;

/// The text of the cells of one kind.
#[derive(Debug, Clone)]
pub struct Cells {
    text: String,
    cells: Vec<Cell>,
    /// The JSON strings that are not empty.
    literals: Vec<Literal>,
    pieces: Vec<Piece>,
    /// What stands in the place of something else.
    masks: Vec<Span>,
    /// Whether the file holds nothing but ASCII; it is to stay so.
    is_ascii: bool,
}

#[derive(Debug, Clone)]
struct Cell {
    text: Span,
    literals: std::ops::Range<usize>,
    /// Whether the last line end of `text` is not in the file.
    is_closed: bool,
    /// What stands in the file between two lines, `",` and a new line and `"`;
    /// `None` where the cell is one string.
    separator: Option<String>,
}

#[derive(Debug, Clone)]
struct Literal {
    text: Span,
    /// The bytes between its quotes.
    json: Span,
    pieces: std::ops::Range<usize>,
}

#[derive(Debug, Clone)]
struct Piece {
    text: Span,
    json: Span,
}

/// Why a change of the text cannot be made in the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CellEditError {
    /// It reaches from one cell into another, or behind the last.
    #[error("the change reaches over the end of a cell")]
    Border,
    /// It would change what only IPython understands.
    #[error("the change touches an IPython magic")]
    Magic,
    /// It begins or ends within a character.
    #[error("the change begins or ends within a character")]
    Character,
    /// Two changes overlap.
    #[error(transparent)]
    Overlap(#[from] Conflict),
}

impl Cells {
    /// No cells yet of the notebook `whole`.
    pub(super) fn new(whole: &str) -> Self {
        Self {
            text: String::new(),
            cells: Vec::new(),
            literals: Vec::new(),
            pieces: Vec::new(),
            masks: Vec::new(),
            is_ascii: whole.is_ascii(),
        }
    }

    /// Adds the cell with this `source`, a part of `whole`: a JSON string or a
    /// list of such.
    pub(super) fn push(
        &mut self,
        whole: &str,
        source: &RawValue,
        masks: impl Fn(&str) -> Vec<Mask>,
    ) -> serde_json::Result<()> {
        let (start, first) = (self.text.len(), self.literals.len());
        let mut separator = None;
        if source.get().starts_with('[') {
            let lines: Vec<&RawValue> = serde_json::from_str(source.get())?;
            separator = separator_of(source.get(), &lines);
            for line in lines {
                self.push_literal(offset(whole, line.get()), line.get())?;
            }
        } else {
            self.push_literal(offset(whole, source.get()), source.get())?;
        }
        self.mask(start, masks);
        let cell = &self.text[start..];
        let is_closed = !cell.is_empty() && !cell.ends_with('\n');
        if is_closed {
            self.text.push('\n');
        }
        let text = Span::new(start, self.text.len());
        self.cells.push(Cell { text, literals: first..self.literals.len(), is_closed, separator });
        Ok(())
    }

    /// Adds the JSON string `raw`, which begins at byte `at` of the file.
    fn push_literal(&mut self, at: usize, raw: &str) -> serde_json::Result<()> {
        let Some(inside) = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) else {
            // This is no string, and serde_json says so.
            return serde_json::from_str::<String>(raw).map(|_| ());
        };
        let (start, first, at) = (self.text.len(), self.pieces.len(), at + 1);
        for piece in decode(inside) {
            let text = Span::new(self.text.len(), self.text.len() + piece.text.len());
            self.text.push_str(&piece.text);
            self.pieces.push(Piece { text, json: Span::new(at + piece.json.start, at + piece.json.end) });
        }
        if !inside.is_empty() {
            let text = Span::new(start, self.text.len());
            let json = Span::new(at, at + inside.len());
            self.literals.push(Literal { text, json, pieces: first..self.pieces.len() });
        }
        Ok(())
    }

    /// Puts the masks over the cell that begins at `start`.
    fn mask(&mut self, start: usize, masks: impl Fn(&str) -> Vec<Mask>) {
        for mask in masks(&self.text[start..]) {
            let span = Span::new(start + mask.at, start + mask.at + mask.text.len());
            self.text.replace_range(span.range(), &mask.text);
            self.masks.push(span);
        }
    }

    /// The text; each cell that is not empty ends with a line end.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Changes of [`Self::text`] as edits of the file's bytes: what is replaced
    /// stands in one JSON string or in several that follow each other, and a
    /// new line gets a string of its own where the lines of the cell have one.
    ///
    /// # Errors
    ///
    /// [`CellEditError`] when a change cannot be made in the cells.
    pub fn edits(&self, changes: &[(Span, String)]) -> Result<Vec<Edit>, CellEditError> {
        let edits = changes.iter().map(|(span, new)| Edit::replace(*span, new.as_bytes())).collect();
        let mut joined: Vec<Change> = Vec::new();
        for edit in Edits::new(edits)?.iter() {
            let new = String::from_utf8_lossy(&edit.new).into_owned();
            let change = Change { cell: self.cell(edit.span)?, span: edit.span, new };
            match joined.last_mut() {
                Some(last) if self.is_one(last, &change) => {
                    last.span.end = change.span.end;
                    last.new.push_str(&change.new);
                }
                _ => joined.push(change),
            }
        }
        joined.into_iter().map(|change| self.edit(change)).collect()
    }

    /// The cell that holds `span`, which no mask does.
    fn cell(&self, span: Span) -> Result<usize, CellEditError> {
        let index = self.cells.partition_point(|cell| cell.text.end <= span.start);
        let cell = self.cells.get(index).filter(|cell| span.end <= cell.text.end);
        if cell.is_none() {
            return Err(CellEditError::Border);
        }
        let is_masked = |mask: &Span| mask.overlaps(span) || (mask.start < span.start && span.end < mask.end);
        match self.masks.iter().any(is_masked) {
            true => Err(CellEditError::Magic),
            false if !self.text.is_char_boundary(span.start) || !self.text.is_char_boundary(span.end) => {
                Err(CellEditError::Character)
            }
            false => Ok(index),
        }
    }

    /// Whether two changes touch so that they can only be made as one.
    fn is_one(&self, first: &Change, second: &Change) -> bool {
        let border = second.span.start;
        let starts_literal = |literal: &Literal| literal.text.start == border;
        // What the cell ends with is then up to the first.
        let is_end = second.span.end + 1 >= self.cells[second.cell].text.end
            && matches!(second.new.as_str(), "" | "\n");
        let keeps_border = !is_end
            && !self.text[..border].ends_with('\n')
            && self.literals[self.cells[second.cell].literals.clone()].iter().any(starts_literal);
        first.cell == second.cell && first.span.end == border && !keeps_border
    }

    fn edit(&self, change: Change) -> Result<Edit, CellEditError> {
        let cell = &self.cells[change.cell];
        let (span, new) = self.within(cell, change)?;
        let literals = &self.literals[cell.literals.clone()];
        let at = |offset: usize| literals.partition_point(|literal| literal.text.end <= offset);
        let first = at(span.start).min(literals.len().saturating_sub(1));
        let last = if span.is_empty() { first } else { at(span.end - 1).min(literals.len() - 1) };
        let (Some(head), Some(tail)) = (literals.get(first), literals.get(last)) else {
            return Err(CellEditError::Border);
        };
        let mut json = Span::new(self.json(head, span.start)?, self.json(tail, span.end)?);
        let mut goes_on = json.end < tail.json.end;
        let old = &self.text[span.range()];
        if span.is_empty() || span.end < tail.text.end || new.ends_with('\n') {
            return Ok(Edit::replace(json, self.spell(cell, &new, goes_on)));
        }
        // Where a line end goes, the border between two strings goes with it.
        match literals.get(last + 1) {
            Some(next) if old.ends_with('\n') => (json.end, goes_on) = (next.json.start, true),
            None if new.is_empty() && span.start == head.text.start && first > 0 => {
                json.start = literals[first - 1].json.end;
            }
            _ => {}
        }
        Ok(Edit::replace(json, self.spell(cell, &new, goes_on)))
    }

    /// The change without the line end that closes a cell only here. A cell
    /// must end with a line end afterwards as well, or be empty.
    fn within(&self, cell: &Cell, change: Change) -> Result<(Span, String), CellEditError> {
        let Change { mut span, mut new, .. } = change;
        let closing = cell.text.end - 1;
        if cell.is_closed && span.end == closing {
            new.push('\n');
            span.end = cell.text.end;
        }
        if span.end < cell.text.end {
            return Ok((span, new));
        }
        let before = &self.text[cell.text.start..span.start];
        let ends_line = |text: &str| text.is_empty() || text.ends_with('\n');
        if !ends_line(if new.is_empty() { before } else { &new }) {
            return Err(CellEditError::Border);
        }
        if cell.is_closed {
            span.end = closing;
            let shorter = new.strip_suffix('\n').unwrap_or_default();
            if !ends_line(if shorter.is_empty() { before } else { shorter }) {
                new.truncate(shorter.len());
            }
        }
        Ok((span, new))
    }

    /// The byte of the file at which `offset` stands in `literal`.
    fn json(&self, literal: &Literal, offset: usize) -> Result<usize, CellEditError> {
        let pieces = &self.pieces[literal.pieces.clone()];
        match pieces.get(pieces.partition_point(|piece| piece.text.end <= offset)) {
            None => Ok(literal.json.end),
            Some(piece) if piece.text.start == offset => Ok(piece.json.start),
            Some(piece) if piece.text.len() == piece.json.len() => {
                Ok(piece.json.start + (offset - piece.text.start))
            }
            Some(_) => Err(CellEditError::Character),
        }
    }

    /// `new` as JSON, each of its lines a string of its own in a cell that is a
    /// list. With `goes_on`, something follows in the last string.
    fn spell(&self, cell: &Cell, new: &str, goes_on: bool) -> String {
        let mut lines: Vec<String> =
            new.split_inclusive('\n').map(|line| encode(line, self.is_ascii)).collect();
        if goes_on && new.ends_with('\n') {
            lines.push(String::new());
        }
        lines.join(cell.separator.as_deref().unwrap_or_default())
    }
}

/// A change of the text of one cell.
struct Change {
    cell: usize,
    span: Span,
    new: String,
}

/// What stands between two lines of a list: as between the first two, or as in
/// front of the only one.
fn separator_of(list: &str, lines: &[&RawValue]) -> Option<String> {
    let start = |line: &RawValue| offset(list, line.get());
    let layout = match lines {
        [] => return None,
        [only] => format!(",{}", list.get(1..start(only))?),
        [first, second, ..] => list.get(start(first) + first.get().len()..start(second))?.to_owned(),
    };
    Some(format!("\"{layout}\""))
}

/// The offset in `whole` of `part`, which was borrowed from it.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}
