//! A hunk on a page: its lines as a reader sees them, with the kinds of their
//! tokens and with what changed within them.

use serde_json::{Value, json};

use super::colors::Pen;
use super::marks;
use super::text::visible;
use crate::diff::Hunk;
use crate::lines::{Change, Comparison};

/// How many bytes of a line are shown.
const WIDEST: usize = 4000;

/// One line of a hunk.
#[derive(Debug, Default)]
struct Row {
    sign: char,
    text: String,
    tokens: String,
    marks: String,
}

/// Writes the hunks of one file, from the front to the end.
pub(crate) struct Writer<'a> {
    compared: &'a Comparison<'a>,
    fresh: Option<Pen>,
    /// The pen, and the line before which it stands.
    pen: Option<(Pen, usize)>,
    /// How many more rows are written.
    budget: usize,
    /// How many rows of the hunks that were written were not.
    left_out: usize,
    /// Whether lines end with a carriage return, all of them.
    is_crlf: bool,
}

impl<'a> Writer<'a> {
    /// A writer of at most `budget` rows, with colours where there is a pen.
    pub(crate) fn new(compared: &'a Comparison<'a>, pen: Option<Pen>, budget: usize) -> Self {
        let mut lines = compared.old.iter().chain(&compared.new);
        let is_crlf = lines.all(|line| line.ends_with(b"\r\n"));
        Self { compared, fresh: pen.clone(), pen: pen.map(|pen| (pen, 0)), budget, left_out: 0, is_crlf }
    }

    /// The hunk as a page has it; `None` when there is no room for any of it.
    pub(crate) fn hunk(&mut self, hunk: &Hunk<'_>) -> Option<Value> {
        let rows = self.rows(hunk)?;
        let column = |part: fn(&Row) -> &str| {
            let all: Vec<&str> = rows.iter().map(part).collect();
            all.join(",").trim_end_matches(',').to_owned()
        };
        let text: Vec<String> = rows.iter().map(|row| format!("{}{}", row.sign, row.text)).collect();
        Some(json!({
            "o": [hunk.old.start + 1, hunk.old.len()],
            "n": [hunk.new.start + 1, hunk.new.len()],
            "r": hunk.range(),
            "f": visible(&String::from_utf8_lossy(hunk.function)),
            "t": text.join("\n"),
            "k": column(|row| &row.tokens),
            "m": column(|row| &row.marks),
        }))
    }

    fn rows(&mut self, hunk: &Hunk<'_>) -> Option<Vec<Row>> {
        if self.budget == 0 {
            return None;
        }
        self.approach(hunk.old.start);
        let mut rows = Vec::new();
        let mut at = hunk.old.start;
        for change in hunk.changes {
            self.plain(&mut rows, at..change.old.start);
            self.change(&mut rows, change);
            at = change.old.end;
        }
        self.plain(&mut rows, at..hunk.old.end);
        if let Some((_, line)) = &mut self.pen {
            *line = hunk.old.end;
        }
        self.left_out += rows.len().saturating_sub(self.budget);
        rows.truncate(self.budget);
        self.budget -= rows.len();
        Some(rows)
    }

    /// How many lines there was no room for, in the hunks that were written.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// Takes the pen to the old line `line`.
    fn approach(&mut self, line: usize) {
        let Some(((pen, at), fresh)) = self.pen.take().zip(self.fresh.as_ref()) else { return };
        self.pen = Some((pen.after(&self.compared.old[at..line], fresh), line));
    }

    fn plain(&mut self, rows: &mut Vec<Row>, lines: std::ops::Range<usize>) {
        for line in &self.compared.old[lines] {
            let tokens = self.pen.as_mut().map(|(pen, _)| pen);
            self::push(rows, ' ', line, tokens, self.is_crlf);
        }
    }

    /// The lines before and after a change. Both are read from where they
    /// part; what follows is read as it is afterwards.
    fn change(&mut self, rows: &mut Vec<Row>, change: &Change) {
        let first = rows.len();
        let mut before = self.pen.as_ref().map(|(pen, _)| pen.clone());
        for line in self.compared.old[change.old.clone()].iter() {
            push(rows, '-', line, before.as_mut(), self.is_crlf);
        }
        for line in &self.compared.new[change.new.clone()] {
            push(rows, '+', line, self.pen.as_mut().map(|(pen, _)| pen), self.is_crlf);
        }
        let signed =
            |sign: char| (first..rows.len()).filter(|row| rows[*row].sign == sign).collect::<Vec<_>>();
        for (old, new) in signed('-').into_iter().zip(signed('+')) {
            let (gone, come) = marks::marks(&rows[old].text, &rows[new].text);
            rows[old].marks = marks::encode(&gone);
            rows[new].marks = marks::encode(&come);
        }
    }
}

/// Adds a line, and the remark that git makes where its line feed is missing.
fn push(rows: &mut Vec<Row>, sign: char, line: &[u8], pen: Option<&mut Pen>, is_crlf: bool) {
    let has_feed = line.ends_with(b"\n");
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = if is_crlf { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
    let mut text = visible(&String::from_utf8_lossy(&line[..line.len().min(WIDEST)]));
    let tokens = pen.map_or_else(String::new, |pen| pen.line(&text));
    if line.len() > WIDEST {
        text += &format!(" … and {} bytes more", line.len() - WIDEST);
    }
    rows.push(Row { sign, text, tokens, marks: String::new() });
    if !has_feed {
        let text = "No newline at end of file".to_owned();
        rows.push(Row { sign: '\\', text, ..Row::default() });
    }
}
