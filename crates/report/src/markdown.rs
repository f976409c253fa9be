//! Markdown that fits where it is posted.
//!
//! GitHub refuses a comment of more than 65,536 characters, so that every list
//! has a budget and says how much of it is left out.

/// The most characters of a report.
pub(crate) const FITS: usize = 60_000;

/// What headings, heads of tables and the words around lists take at most.
pub(crate) const HEADINGS: usize = 2_000;

/// The most characters of one name in a table.
const CELL: usize = 160;

/// `text` as the content of a table's cell.
pub(crate) fn cell(text: &str) -> String {
    let short = crate::words::shorten(&crate::quote::one_line(text), CELL);
    let escape = |c: char| match c {
        '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '#' | '@' => vec!['\\', c],
        c => vec![c],
    };
    short.chars().flat_map(escape).collect()
}

/// `text` as the content of a table's cell or a list's entry, in which what
/// stands between backticks is code.
pub(crate) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) || text.chars().count() > CELL {
        return cell(text);
    }
    let part = |(at, part): (usize, &&str)| if at % 2 == 0 { cell(part) } else { code(part) };
    parts.iter().enumerate().map(part).collect()
}

/// `text` as code that may stand in a table's cell.
pub(crate) fn code(text: &str) -> String {
    let short = crate::words::shorten(&crate::quote::one_line(text), CELL).replace('|', "\\|");
    let longest = short.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if short.starts_with('`') || short.ends_with('`') || short.is_empty() { " " } else { "" };
    format!("{fence}{pad}{short}{pad}{fence}")
}

/// As many of `lines` as fit into `budget` characters, and how many do not, in
/// the words of `more`.
pub(crate) fn fit(lines: &[String], budget: usize, more: impl Fn(usize) -> String) -> String {
    let mut left = budget;
    let fits = |line: &&String| {
        let size = line.chars().count();
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    };
    let shown: Vec<&str> = lines.iter().take_while(fits).map(String::as_str).collect();
    let rest = lines.len() - shown.len();
    shown.concat() + &if rest == 0 { String::new() } else { more(rest) }
}

/// A block that is folded until somebody wants it.
pub(crate) fn folded(title: &str, body: &str) -> String {
    format!("<details><summary>{title}</summary>\n\n{body}\n</details>\n")
}

/// `text` as a block of code, fenced by more backticks than it holds in a row.
pub(crate) fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}{fence}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_any_text() {
        assert_eq!(code("a.b:C"), "`a.b:C`");
        assert_eq!(code("a|b`c"), "``a\\|b`c``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fenced("```\n"), "````text\n```\n````\n");
    }

    #[test]
    fn a_cell_is_only_text() {
        assert_eq!(cell("a|b\n<script> @all"), "a\\|b \\<script\\> \\@all");
    }

    #[test]
    fn backticks_make_code_in_pairs() {
        assert_eq!(prose("`a_b` is *gone*"), "`a_b` is \\*gone\\*");
        assert_eq!(prose("one ` only"), "one \\` only");
    }

    #[test]
    fn a_list_says_what_it_leaves_out() {
        let lines = ["aa\n", "bb\n", "c\n"].map(str::to_owned);
        let more = |rest: usize| format!("{rest} more\n");
        assert_eq!(fit(&lines, 8, more), "aa\nbb\nc\n");
        assert_eq!(fit(&lines, 6, more), "aa\nbb\n1 more\n");
        assert_eq!(fit(&lines, 0, more), "3 more\n");
    }
}
