//! TOML: values and keys by the way that leads to them, and comments.

use repot_change::{Applicability, Span};
use toml_edit::{Document, Item, Key, TableLike, Value};

use super::keys::{KEYS, NEVER, Rule, VALUES};
use super::region::{Meaning, Region};

/// The parts of a TOML file that may refer; `tool` is the way to its root, as
/// `pyproject.toml` would have it.
pub(super) fn regions(text: &str, tool: &str) -> Result<Vec<Region>, String> {
    let document = Document::parse(text)
        .map_err(|error| format!("is not valid TOML: {}", error.message().trim().replace('\n', ", ")))?;
    let mut reading = Reading { text, way: Vec::new(), regions: Vec::new(), known: Vec::new() };
    reading.way.extend(tool.split('.').filter(|part| !part.is_empty()).map(str::to_owned));
    reading.table(document.as_table());
    let Reading { mut regions, mut known, .. } = reading;
    known.sort();
    regions.extend(comments(text, &known));
    Ok(regions)
}

struct Reading<'t> {
    text: &'t str,
    way: Vec<String>,
    regions: Vec<Region>,
    /// The spans of all strings and keys, in which no comment begins.
    known: Vec<Span>,
}

impl Reading<'_> {
    fn table(&mut self, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            self.way.push(name.to_owned());
            if let Some((key, _)) = table.get_key_value(name) {
                self.key(key);
            }
            self.item(item);
            self.way.pop();
        }
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::None => {}
            Item::Value(value) => self.value(value),
            Item::Table(table) => self.table(table),
            Item::ArrayOfTables(tables) => tables.iter().for_each(|table| self.table(table)),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(array) => array.iter().for_each(|value| self.value(value)),
            Value::InlineTable(table) => self.table(table),
            Value::String(_) => {
                let Some(span) = value.span().map(|span| self.inside(Span::new(span.start, span.end))) else {
                    return;
                };
                let text = self.text.get(span.range()).unwrap_or_default();
                if find(NEVER, &self.way).is_some() {
                    return;
                }
                self.regions.push(match find(VALUES, &self.way) {
                    Some((meaning, rule)) => Region::new(span, meaning, rule),
                    None => unnamed(text, span),
                });
            }
            _ => {}
        }
    }

    fn key(&mut self, key: &Key) {
        let Some(span) = key.span() else { return };
        let whole = Span::new(span.start, span.end);
        let span = self.inside(whole);
        if find(NEVER, &self.way).is_some() {
            return;
        }
        let text = self.text.get(span.range()).unwrap_or_default();
        match find(KEYS, &self.way) {
            Some((Meaning::Names, rule)) if span == whole => {
                self.regions.push(Region::new(span, Meaning::BareKey, rule));
            }
            Some((meaning, rule)) => self.regions.push(Region::new(span, meaning, rule)),
            None if text.contains(['.', '/']) => self.regions.push(unnamed(text, span)),
            None => {}
        }
    }

    /// The part of a string between its quotes.
    fn inside(&mut self, span: Span) -> Span {
        self.known.push(span);
        let text = self.text.get(span.range()).unwrap_or_default();
        let quotes = ["\"\"\"", "'''", "\"", "'"];
        let quote = quotes.iter().find(|quote| text.starts_with(**quote) && text.ends_with(**quote));
        let len = quote.map_or(0, |quote| quote.len());
        if text.len() < 2 * len { span } else { Span::new(span.start + len, span.end - len) }
    }
}

/// A string that no rule is about: a single word may refer, sentences tell.
pub(super) fn unnamed(text: &str, span: Span) -> Region {
    let is_word = !text.trim().contains(char::is_whitespace);
    let (meaning, rule) = match is_word {
        true if text.trim_start().starts_with('-') => (Meaning::Command, "an option names it"),
        true => (Meaning::Text, "a value names it"),
        false => (Meaning::Prose, "a sentence names it"),
    };
    Region::new(span, meaning, rule)
}

/// The rule for the value or key that `way` leads to.
fn find(rules: &[Rule], way: &[String]) -> Option<(Meaning, &'static str)> {
    let fits = |pattern: &str| {
        let mut parts = pattern.split(' ');
        let mut way = way.iter();
        loop {
            match (parts.next(), way.next()) {
                (None, None) | (Some("**"), _) => return true,
                (Some(part), Some(step)) if part == "*" || part.split('|').any(|part| part == step) => {}
                _ => return false,
            }
        }
    };
    rules.iter().find(|(pattern, _, _)| fits(pattern)).map(|(_, meaning, rule)| (*meaning, *rule))
}

/// The comments outside the sorted spans `known`, which hold all strings.
pub(super) fn comments(text: &str, known: &[Span]) -> Vec<Region> {
    let (mut comments, mut at) = (Vec::new(), 0);
    let mut strings = known.iter().peekable();
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('#')).map(|found| at + found) {
        while strings.next_if(|span| span.end <= start).is_some() {}
        if let Some(span) = strings.peek().filter(|span| span.start <= start) {
            at = span.end;
            continue;
        }
        let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |len| start + len);
        comments.push(
            Region::new(Span::new(start, end), Meaning::Prose, "a comment names it")
                .at_most(Applicability::Offered),
        );
        at = end;
    }
    comments
}
