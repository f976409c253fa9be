//! How much changed in each file, as `git diff --stat` prints it.

use repot_change::FileDelta;

use crate::diff::{bytes, is_binary};
use crate::lines::Comparison;
use crate::quote::git_path;
use crate::style::{Role, Style};

/// The least columns for the signs, however long the names are.
const FEWEST_SIGNS: usize = 6;

/// The blanks and the bar between name, number and signs.
const BETWEEN: usize = 6;

/// One file of the statistics.
struct Row {
    name: String,
    size: Size,
}

enum Size {
    Lines { added: usize, removed: usize },
    Bytes { old: usize, new: usize },
}

impl Row {
    fn of(delta: &FileDelta) -> Option<Self> {
        if delta.old == delta.new {
            return None;
        }
        let (old, new) = (bytes(delta.old.as_ref()), bytes(delta.new.as_ref()));
        let size = if is_binary(delta) {
            Size::Bytes { old: old.len(), new: new.len() }
        } else {
            let compared = Comparison::of(old, new);
            Size::Lines { added: compared.added(), removed: compared.removed() }
        };
        let name = match (&delta.old, &delta.new) {
            (Some((from, _)), Some((to, _))) if from != to => renamed(from.as_str(), to.as_str()),
            _ => git_path(delta.path()?.as_str()).into_owned(),
        };
        Some(Self { name, size })
    }

    fn lines(&self) -> (usize, usize) {
        match self.size {
            Size::Lines { added, removed } => (added, removed),
            Size::Bytes { .. } => (0, 0),
        }
    }

    fn total(&self) -> usize {
        let (added, removed) = self.lines();
        added + removed
    }

    /// The columns of `Bin 1 -> 2 bytes`; 0 for a text.
    fn bytes_width(&self) -> usize {
        match self.size {
            Size::Lines { .. } => 0,
            Size::Bytes { old, new } => 14 + digits(old) + digits(new),
        }
    }
}

/// The deltas as `git diff --stat` prints them on a terminal of `width`
/// columns, with the line of totals; empty when nothing changes.
#[must_use]
pub fn stat<'a>(deltas: impl IntoIterator<Item = &'a FileDelta>, style: Style, width: usize) -> String {
    let rows: Vec<Row> = deltas.into_iter().filter_map(Row::of).collect();
    let columns = Columns::of(&rows, width);
    let mut text: String = rows.iter().map(|row| columns.row(row, style)).collect();
    if !rows.is_empty() {
        text.push_str(&totals(&rows));
    }
    text
}

/// `a/{old => new}/b.py`: what both paths share at folder borders stands once.
pub(crate) fn renamed(from: &str, to: &str) -> String {
    let (quoted_from, quoted_to) = (git_path(from), git_path(to));
    if quoted_from != from || quoted_to != to {
        return format!("{quoted_from} => {quoted_to}");
    }
    let same = |(a, b): &(u8, u8)| a == b;
    let equal = from.bytes().zip(to.bytes()).take_while(same).count();
    let head = from[..equal].rfind('/').map_or(0, |slash| slash + 1);
    let equal = from.bytes().rev().zip(to.bytes().rev()).take_while(same).count();
    // The slash between head and tail may belong to both: `a/{ => b}/c`.
    let shared = head.saturating_sub(1);
    let longest = equal.min(from.len() - shared).min(to.len() - shared);
    let tail =
        (0..=longest).rev().find(|len| from.as_bytes().get(from.len() - len) == Some(&b'/')).unwrap_or(0);
    if head == 0 && tail == 0 {
        return format!("{from} => {to}");
    }
    let middle = |path: &str| path.get(head..path.len() - tail).unwrap_or_default().to_owned();
    format!("{}{{{} => {}}}{}", &from[..head], middle(from), middle(to), &from[from.len() - tail..])
}

/// How the columns of a terminal are shared out.
struct Columns {
    name: usize,
    number: usize,
    signs: usize,
    most: usize,
}

impl Columns {
    fn of(rows: &[Row], width: usize) -> Self {
        let most = rows.iter().map(Row::total).max().unwrap_or(0);
        let longest = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
        let binary = rows.iter().map(Row::bytes_width).max().unwrap_or(0);
        let number = digits(most).max(if binary > 0 { 3 } else { 0 });
        let width = width.max(16 + BETWEEN + number);
        let mut signs = if most + 4 > binary { most } else { binary - 4 };
        let mut name = longest;
        if name + number + BETWEEN + signs > width {
            let share = (width * 3 / 8).saturating_sub(number + BETWEEN);
            signs = if signs > share { share.max(FEWEST_SIGNS) } else { signs };
            let left = width.saturating_sub(number + BETWEEN + signs);
            if name > left {
                name = left;
            } else {
                signs = width - number - BETWEEN - name;
            }
        }
        Self { name, number, signs, most }
    }

    fn row(&self, row: &Row, style: Style) -> String {
        let (width, number) = (self.name, self.number);
        let name = self.fit(&row.name);
        match row.size {
            Size::Bytes { old, new } => {
                let (old, new) =
                    (style.paint(Role::Removed, old.to_string()), style.paint(Role::Added, new.to_string()));
                format!(" {name:width$} | {:>number$} {old} -> {new} bytes\n", "Bin")
            }
            Size::Lines { added, removed } => {
                let (plus, minus) = self.scale(added, removed);
                let signs = style.paint(Role::Added, "+".repeat(plus))
                    + &style.paint(Role::Removed, "-".repeat(minus));
                let blank = if signs.is_empty() { "" } else { " " };
                format!(" {name:width$} | {:>number$}{blank}{signs}\n", added + removed)
            }
        }
    }

    /// A name that is too long loses its front, if possible up to a folder.
    fn fit(&self, name: &str) -> String {
        let length = name.chars().count();
        if length <= self.name {
            return name.to_owned();
        }
        let kept: String = name.chars().skip(length - self.name.saturating_sub(3)).collect();
        let tail = kept.find('/').map_or(kept.as_str(), |slash| &kept[slash..]);
        format!("...{tail}")
    }

    fn scale(&self, added: usize, removed: usize) -> (usize, usize) {
        if self.most < self.signs {
            return (added, removed);
        }
        let linear = |count: usize| match count {
            0 => 0,
            _ => 1 + count * (self.signs.max(1) - 1) / self.most.max(1),
        };
        let both = added > 0 && removed > 0;
        let total = linear(added + removed).max(if both { 2 } else { 0 });
        if added < removed {
            let plus = linear(added);
            (plus, total - plus)
        } else {
            let minus = linear(removed);
            (total - minus, minus)
        }
    }
}

fn totals(rows: &[Row]) -> String {
    let added: usize = rows.iter().map(|row| row.lines().0).sum();
    let removed: usize = rows.iter().map(|row| row.lines().1).sum();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let mut text = format!(" {} file{} changed", rows.len(), plural(rows.len()));
    if added > 0 || removed == 0 {
        text += &format!(", {added} insertion{}(+)", plural(added));
    }
    if removed > 0 || added == 0 {
        text += &format!(", {removed} deletion{}(-)", plural(removed));
    }
    text + "\n"
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

#[cfg(test)]
mod tests;
