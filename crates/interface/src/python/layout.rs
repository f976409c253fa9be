//! Lines: what fits stays on one, the rest is broken at its brackets as `ruff
//! format` breaks it.
//!
//! Expressions are annotations on one line: names, dots, brackets, `|`, and
//! strings. What has no bracket to break at stays as long as it is.

/// How long a line may be.
pub(super) const WIDTH: usize = 88;

/// `text` behind `indent`, with `tail` behind it, as lines.
pub(super) struct Line<'a> {
    /// How far in it begins.
    pub(super) indent: usize,
    /// What stands before the expression.
    pub(super) head: &'a str,
    /// The expression.
    pub(super) text: &'a str,
    /// What stands behind it.
    pub(super) tail: &'a str,
}

/// Whether `text` fits on a line that begins `indent` in.
pub(super) fn fits(indent: usize, text: &str) -> bool {
    indent + text.chars().count() <= WIDTH
}

impl Line<'_> {
    /// The lines; a union that is broken stands in parentheses where
    /// `is_wrapped`.
    pub(super) fn lines(&self, is_wrapped: bool) -> Vec<String> {
        let Self { indent, head, text, tail } = *self;
        let blank = " ".repeat(indent);
        let whole = format!("{head}{text}{tail}");
        let operands = split(text, '|');
        if fits(indent, &whole) || (operands.len() == 1 && brackets(text).is_none() && !is_wrapped) {
            return vec![format!("{blank}{whole}")];
        }
        if operands.len() > 1 {
            return self.union(&operands, is_wrapped);
        }
        let Some((before, items, after)) = brackets(text) else {
            return vec![format!("{blank}{whole}")];
        };
        let mut lines = vec![format!("{blank}{head}{before}")];
        lines.extend(inside(indent + 4, &items));
        lines.push(format!("{blank}{after}{tail}"));
        lines
    }

    fn union(&self, operands: &[&str], is_wrapped: bool) -> Vec<String> {
        let Self { indent, head, tail, .. } = *self;
        let blank = " ".repeat(indent);
        let inner = if is_wrapped { indent + 4 } else { indent };
        let mut lines = Vec::new();
        if is_wrapped {
            lines.push(format!("{blank}{head}("));
        }
        let last = operands.len() - 1;
        for (at, operand) in operands.iter().enumerate() {
            let head = match at {
                0 if is_wrapped => "",
                0 => head,
                _ => "| ",
            };
            let tail = if at == last && !is_wrapped { tail } else { "" };
            lines.extend(Line { indent: inner, head, text: operand, tail }.lines(false));
        }
        if is_wrapped {
            lines.push(format!("{blank}){tail}"));
        }
        lines
    }
}

/// What stands between brackets: on one line where it fits, else one line for
/// each item.
fn inside(indent: usize, items: &[&str]) -> Vec<String> {
    let one = items.join(", ");
    if fits(indent, &one) {
        return vec![format!("{}{one}", " ".repeat(indent))];
    }
    let tail = if items.len() > 1 { "," } else { "" };
    items.iter().flat_map(|text| Line { indent, head: "", text, tail }.lines(false)).collect()
}

/// `a[b, c]` is `a[`, `b` and `c`, `]`; `None` where the last bracket does not
/// end the expression, or nothing stands in it.
fn brackets(text: &str) -> Option<(&str, Vec<&str>, &str)> {
    let open = text.find('[')?;
    let end = text.strip_suffix(']')?.len();
    let inner = text.get(open + 1..end)?;
    let mut depth = 0_i32;
    for (char, _) in code(inner) {
        depth += step(char);
        if depth < 0 {
            return None;
        }
    }
    let items = split(inner, ',');
    (!inner.is_empty()).then(|| (&text[..=open], items, &text[end..]))
}

/// The parts of `text` between `separator`s that stand in no bracket.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (char, at) in code(text) {
        depth += step(char);
        if depth == 0 && char == separator {
            parts.push(text[start..at].trim());
            start = at + char.len_utf8();
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn step(char: char) -> i32 {
    match char {
        '[' | '(' | '{' => 1,
        ']' | ')' | '}' => -1,
        _ => 0,
    }
}

/// The characters of `text` outside of strings, with their offsets.
fn code(text: &str) -> impl Iterator<Item = (char, usize)> {
    let mut quote = None;
    text.char_indices().filter_map(move |(at, char)| match (quote, char) {
        (None, '"' | '\'') => {
            quote = Some(char);
            None
        }
        (None, _) => Some((char, at)),
        (Some(open), _) if open == char => {
            quote = None;
            None
        }
        (Some(_), _) => None,
    })
}

/// The lines of the call of `function`, with `head` before it.
#[must_use]
pub fn call(indent: usize, head: &str, function: &str, items: &[String]) -> String {
    let head = format!("{head}{function}");
    Parenthesised { indent, head: &head, items, tail: "", is_definition: false }.lines().join("\n")
}

/// What a call or definition takes, between its parentheses: `head(`, the
/// items, and what follows the closing one.
pub(super) struct Parenthesised<'a> {
    /// How far in it begins.
    pub(super) indent: usize,
    /// Everything before the `(`.
    pub(super) head: &'a str,
    /// What stands between the parentheses.
    pub(super) items: &'a [String],
    /// Everything behind the `)` where it fits on the line: ` -> T:`.
    pub(super) tail: &'a str,
    /// Whether a single item gets a comma when it stands by itself.
    pub(super) is_definition: bool,
}

impl Parenthesised<'_> {
    /// The lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { indent, head, items, tail, .. } = *self;
        let blank = " ".repeat(indent);
        let whole = format!("{head}({}){tail}", items.join(", "));
        if fits(indent, &whole) || (items.is_empty() && !tail.contains(['[', '|'])) {
            return vec![format!("{blank}{whole}")];
        }
        let mut lines = Vec::new();
        let close = if items.is_empty() {
            format!("{head}()")
        } else {
            lines.push(format!("{blank}{head}("));
            lines.extend(self.items());
            ")".to_owned()
        };
        lines.extend(self.closing(&close));
        lines
    }

    fn items(&self) -> Vec<String> {
        let indent = self.indent + 4;
        let one = self.items.join(", ");
        let is_single = self.items.len() == 1 && self.is_definition;
        if !is_single && fits(indent, &one) {
            return vec![format!("{}{one}", " ".repeat(indent))];
        }
        let parameter = |item: &String| {
            let (head, text) = item.split_once(": ").map_or(("", item.as_str()), |(name, text)| {
                (item.get(..name.len() + 2).unwrap_or_default(), text)
            });
            let (text, tail) = text
                .split_once(" = ")
                .map_or((text, ",".to_owned()), |(text, value)| (text, format!(" = {value},")));
            Line { indent, head, text, tail: &tail }.lines(false)
        };
        self.items.iter().flat_map(parameter).collect()
    }

    /// The line of the closing parenthesis, broken in what is returned.
    fn closing(&self, close: &str) -> Vec<String> {
        let returned = self.tail.strip_prefix(" -> ").and_then(|rest| rest.rsplit_once(':'));
        let Some((text, rest)) = returned else {
            return vec![format!("{}{close}{}", " ".repeat(self.indent), self.tail)];
        };
        let (head, tail) = (format!("{close} -> "), format!(":{rest}"));
        Line { indent: self.indent, head: &head, text, tail: &tail }.lines(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(head: &str, text: &str, is_wrapped: bool) -> String {
        Line { indent: 4, head, text, tail: "," }.lines(is_wrapped).join("\n")
    }

    #[test]
    fn what_fits_stays_and_the_rest_breaks_at_its_brackets() {
        let long = "x".repeat(40);
        assert_eq!(lines("a: ", "dict[str, int]", false), "    a: dict[str, int],");
        let one = format!("dict[{long}, {long}]");
        let expected = format!("    a: dict[\n        {long}, {long}\n    ],");
        assert_eq!(
            lines("a: ", &one, false),
            expected.replace(&format!("{long}, {long}\n"), &format!("{long},\n        {long},\n"))
        );
        let short = "x".repeat(32);
        let one = format!("Callable[[{short}], {short}] | None");
        assert_eq!(lines("a: ", &one, false), format!("    a: Callable[[{short}], {short}]\n    | None,"));
        assert_eq!(
            lines("a: ", &format!("{long} | {long}y"), true),
            format!("    a: (\n        {long}\n        | {long}y\n    ),")
        );
        let atom = "x".repeat(99);
        assert_eq!(lines("a: ", &atom, false), format!("    a: {atom},"));
    }

    #[test]
    fn strings_hide_what_stands_in_them() {
        assert_eq!(split("Literal[\"a|b\", 'c,d'] | int", '|'), ["Literal[\"a|b\", 'c,d']", "int"]);
        assert_eq!(brackets("a[b] | c[d]"), None);
        assert_eq!(brackets("a[b, c[d]]"), Some(("a[", vec!["b", "c[d]"], "]")));
    }
}
