//! What the layout of reStructuredText asks for when a name gets another
//! length: titles keep their lines, and grid tables keep their columns.

use repot_change::Span;

use super::command::lines;
use crate::{Follow, Unhandled};

/// Lengthens or shortens the lines of titles along with them, and leaves alone
/// what would break a grid table.
pub(super) fn keep(text: &str, follows: &mut Vec<Follow>, unhandled: &mut Vec<Unhandled>) {
    if follows.is_empty() {
        return;
    }
    let all: Vec<Span> = lines(text).collect();
    let line_of = |span: Span| all.partition_point(|line| line.end < span.start);
    let mut titles = Vec::new();
    follows.retain(|one| {
        let at = line_of(one.span);
        let row = all.get(at).and_then(|line| text.get(line.range())).unwrap_or_default().trim();
        let is_row = row.len() > 1 && row.starts_with('|') && row.ends_with('|');
        if is_row && one.new.len() != one.span.len() {
            let reason = "a grid table would lose its columns".to_owned();
            let (span, class, subject) = (one.span, one.class, one.subject.clone());
            unhandled.push(Unhandled { span, class, subject, reason });
            return false;
        }
        titles.push((at, one.clone()));
        true
    });
    while let Some((at, one)) = titles.pop() {
        let mut growth = one.new.chars().count().cast_signed() - width(text, one.span);
        while let Some((_, other)) = titles.pop_if(|(other, _)| *other == at) {
            growth += other.new.chars().count().cast_signed() - width(text, other.span);
        }
        let Some(title) = all.get(at) else { continue };
        let around = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| all.get(at));
        // A line above is only a part of the title where there is one below.
        let below = all.get(at + 1).and_then(|line| adorned(text, *title, *line, growth));
        let added = around.filter(|_| below.is_some()).filter_map(|line| {
            let new = adorned(text, *title, *line, growth)?;
            let subject = text.get(line.range())?.to_owned();
            Some(Follow {
                span: *line,
                new,
                subject,
                rule: "a title is as long as its line".to_owned(),
                ..one.clone()
            })
        });
        let added: Vec<Follow> = added.collect();
        follows.extend(added.into_iter().filter(|one| one.new != one.subject));
    }
    follows.sort_by_key(|follow| follow.span);
}

/// The line that goes with a title which grows by so many characters; `None`
/// when `line` is no such line.
fn adorned(text: &str, title: Span, line: Span, growth: isize) -> Option<String> {
    let mark = text.get(line.range())?;
    let first = mark.chars().next().filter(char::is_ascii_punctuation)?;
    if mark.len() < 3 || !mark.chars().all(|c| c == first) {
        return None;
    }
    let (title, len) = (width(text, title), mark.len().cast_signed());
    let wanted = if len == title { title + growth } else { len.max(title + growth) };
    Some(std::iter::repeat_n(first, wanted.max(3).unsigned_abs()).collect())
}

fn width(text: &str, span: Span) -> isize {
    text.get(span.range()).unwrap_or_default().chars().count().cast_signed()
}
