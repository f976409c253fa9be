//! Small pieces of text that every report needs: counts, lists, columns.

/// `1 file`, `3 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `1 name awaits`, `3 names await`: a count with its verb.
pub(crate) fn count_with(number: usize, noun: &str, one: &str, many: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { one } else { many })
}

/// A figure: whole numbers without a point, `unknown` for none.
pub(crate) fn figure(value: Option<f64>) -> String {
    value.map_or_else(|| "unknown".to_owned(), |value| value.to_string())
}

/// Rows of cells in columns, two blanks between them, each line after `indent`.
///
/// A column with a number in it stands to the right. What else ends a row is as
/// long as it is and widens no column, so that a remark may stand below a table.
pub(crate) fn columns(indent: &str, rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let columns: Vec<Column> = (0..count).map(|at| Column::of(at, rows)).collect();
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().zip(&columns).map(|(cell, column)| column.pad(cell)).collect();
        format!("{indent}{}", cells.join("  ")).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

struct Column {
    width: usize,
    is_numeric: bool,
}

impl Column {
    fn of(at: usize, rows: &[Vec<String>]) -> Self {
        let is_number = |cell: &String| !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
        let is_numeric = rows.iter().filter_map(|row| row.get(at)).any(is_number);
        let counts = |row: &&Vec<String>| is_numeric || at + 1 < row.len();
        let cells = rows.iter().filter(counts).filter_map(|row| row.get(at));
        Self { width: cells.map(|cell| cell.chars().count()).max().unwrap_or(0), is_numeric }
    }

    fn pad(&self, cell: &str) -> String {
        let width = self.width;
        if self.is_numeric { format!("{cell:>width$}") } else { format!("{cell:width$}") }
    }
}

/// `text` in at most `limit` characters, an ellipsis in place of the rest.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

/// The end of a dotted name in at most `limit` characters: its last component
/// says the most.
pub(crate) fn shorten_front(name: &str, limit: usize) -> String {
    let length = name.chars().count();
    if length <= limit {
        return name.to_owned();
    }
    std::iter::once('…').chain(name.chars().skip(length + 1 - limit.max(1))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [["a", "1", "x y"], ["longer", "23", "z"], ["é", "", ""]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        assert_eq!(columns("  ", &rows), "  a        1  x y\n  longer  23  z\n  é\n");
        assert_eq!(columns("  ", &[]), "");
        let rows =
            [vec!["1".to_owned(), "a".to_owned(), "b".to_owned()], vec![String::new(), "remark".to_owned()]];
        assert_eq!(columns("", &rows), "1  a  b\n   remark\n");
    }

    #[test]
    fn figures_are_plain_numbers() {
        assert_eq!(figure(Some(12.0)), "12");
        assert_eq!(figure(Some(0.5)), "0.5");
        assert_eq!(figure(None), "unknown");
        assert_eq!(count(1, "file") + ", " + &count(0, "name"), "1 file, 0 names");
    }

    #[test]
    fn what_is_too_long_says_so() {
        assert_eq!(shorten("ééé", 3), "ééé");
        assert_eq!(shorten("éééé", 3), "éé…");
        assert_eq!(shorten_front("a.b.Cé", 4), "….Cé");
        assert_eq!(shorten_front("éé", 2), "éé");
    }
}
