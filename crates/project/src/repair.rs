//! Faults of TOML that can be repaired without knowing what was meant.
//!
//! A backslash that escapes nothing, and a key that is said twice with the same
//! value. Anything else is left to a person.

use crate::{Broken, Document};

/// How many faults of one file are repaired.
const MAX_FAULTS: usize = 64;

/// A text that was no TOML and now is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The text after the repair.
    pub text: String,
    /// Each fault: its line before, and what was done, as a sentence without a
    /// full stop.
    pub faults: Vec<(usize, String)>,
}

/// Repairs the mechanical faults of `text`, which has `\n` line ends; `None`
/// when something else is wrong with it as well, or nothing is.
#[must_use]
pub fn repair(text: &str) -> Option<Repair> {
    let mut repair = Repair { text: text.to_owned(), faults: Vec::new() };
    let mut removed: Vec<usize> = Vec::new();
    for _ in 0..MAX_FAULTS {
        let Err(broken) = Document::parse(&repair.text) else {
            return (!repair.faults.is_empty()).then_some(repair);
        };
        // Lines are told as they are numbered in the file.
        let mut line = broken.line;
        removed.iter().for_each(|gone| line += usize::from(*gone <= line));
        if let Some(text) = unescaped(&repair.text, &broken) {
            repair.text = text;
            repair.faults.push((line, "a backslash that escapes nothing is doubled".to_owned()));
        } else if let Some((text, key)) = doubled(&repair.text, &broken) {
            repair.text = text;
            removed.push(line);
            removed.sort_unstable();
            repair
                .faults
                .push((line, format!("`{key}` is said twice with the same value; the second is taken away")));
        } else {
            return None;
        }
    }
    None
}

/// Doubles the first backslash of the line that escapes nothing.
fn unescaped(text: &str, broken: &Broken) -> Option<String> {
    let (start, line) = line(text, broken.line)?;
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(found) = line.get(at..)?.find('\\').map(|found| at + found) {
        let next = bytes.get(found + 1).copied().unwrap_or(b' ');
        if !b"btnfre\"\\uUx".contains(&next) {
            let offset = start + found;
            let repaired = format!("{}\\{}", text.get(..offset)?, text.get(offset..)?);
            // Only where that was the fault: the next one is further on.
            let is_better = match Document::parse(&repaired) {
                Ok(_) => true,
                Err(next) => next.offset > broken.offset,
            };
            return is_better.then_some(repaired);
        }
        at = found + 2;
    }
    None
}

/// Takes a line away that says what an earlier line of the same table says.
fn doubled(text: &str, broken: &Broken) -> Option<(String, String)> {
    if !broken.message.contains("duplicate key") {
        return None;
    }
    let (start, second) = line(text, broken.line)?;
    let (key, _) = second.split_once('=')?;
    let is_whole = |line: &str| Document::parse(line).is_ok();
    let before = text.get(..start)?;
    let table = before.rfind("\n[").map_or(0, |at| at + 1);
    let stated = values(second);
    let is_same = |line: &str| is_whole(line) && values(line) == stated;
    let is_said =
        is_whole(second) && before.get(table..)?.lines().any(|line| line.contains('=') && is_same(line));
    let after = text.get(start + second.len()..)?;
    let after = after.strip_prefix('\n').unwrap_or(after);
    // A comment beside it would be lost.
    (is_said && !second.contains('#')).then(|| (format!("{before}{after}"), key.trim().to_owned()))
}

fn values(line: &str) -> Option<serde_json::Value> {
    Document::parse(line).ok().map(|document| document.values())
}

/// The offset and the text of a line, counted from 1, without its end.
fn line(text: &str, number: usize) -> Option<(usize, &str)> {
    let mut start = 0;
    for (index, line) in text.split('\n').enumerate() {
        if index + 1 == number {
            return Some((start, line));
        }
        start += line.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_that_escapes_nothing_is_doubled() {
        let text = "[a]\nx = [\n  \"\\.py$\", # \\w\n  \"\\s+\\d\",\n]\n";
        let repair = repair(text).unwrap();
        assert_eq!(repair.text, "[a]\nx = [\n  \"\\\\.py$\", # \\w\n  \"\\\\s+\\\\d\",\n]\n");
        assert_eq!(repair.faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 4]);
    }

    #[test]
    fn a_key_said_twice_with_one_value_is_said_once() {
        let repaired = repair("[a]\nx = 1\ny = 2\nx = 1\nx = 1\n").unwrap();
        assert_eq!(repaired.text, "[a]\nx = 1\ny = 2\n");
        assert_eq!(repaired.faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
        assert_eq!(repair("[a]\nx = 1\nx = 2\n"), None);
        assert_eq!(repair("[a]\nx = 1\nx = 1 # why\n"), None);
        assert_eq!(repair("x = \n"), None);
        assert_eq!(repair("x = 1\n"), None);
    }
}
