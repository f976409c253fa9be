//! Where a change is shown when it could be shown in several places.
//!
//! When a block is inserted between `}` and `}`, either brace can be called the
//! new one. Git slides such a group of lines up and down over equal lines and
//! keeps the place that looks best: beside a change of the other side, else at
//! a blank line or where the indentation says that something begins. This
//! follows git's rule and its weights (`diff.indentHeuristic`, on by default),
//! so that a preview shows what `git diff` shows afterwards.

/// How far up a group is tried, in lines.
const FARTHEST: usize = 100;

/// How many blank lines are counted, at most.
const MOST_BLANKS: usize = 20;

/// Deeper indentations count as this many columns.
const DEEPEST: isize = 200;

/// One text as lines, and which of them changed.
pub(crate) struct Side<'a> {
    lines: &'a [&'a [u8]],
    changed: Vec<bool>,
}

/// A run of changed lines, half-open; empty between two unchanged lines.
#[derive(Clone, Copy)]
struct Group {
    start: usize,
    end: usize,
}

impl<'a> Side<'a> {
    /// A side of which the lines in `ranges` changed.
    pub(crate) fn new(lines: &'a [&'a [u8]], ranges: impl Iterator<Item = std::ops::Range<usize>>) -> Self {
        let mut changed = vec![false; lines.len()];
        ranges.flatten().for_each(|line| changed[line] = true);
        Self { lines, changed }
    }

    /// The number of changed lines from `line` on.
    pub(crate) fn run(&self, line: usize) -> usize {
        self.changed[line..].iter().take_while(|changed| **changed).count()
    }

    fn first(&self) -> Group {
        Group { start: 0, end: self.run(0) }
    }

    fn next(&self, group: Group) -> Option<Group> {
        let start = group.end + 1;
        (group.end < self.lines.len()).then(|| Group { start, end: start + self.run(start) })
    }

    fn previous(&self, group: Group) -> Option<Group> {
        let end = group.start.checked_sub(1)?;
        Some(Group { start: self.top(end), end })
    }

    /// The first line of the changed lines that end before `line`.
    fn top(&self, line: usize) -> usize {
        line - self.changed[..line].iter().rev().take_while(|changed| **changed).count()
    }

    /// The group one line further up, grown by the group that it then touches.
    fn up(&mut self, group: Group) -> Option<Group> {
        let (start, end) = (group.start.checked_sub(1)?, group.end - 1);
        if self.lines[start] != self.lines[end] {
            return None;
        }
        self.changed[start] = true;
        self.changed[end] = false;
        Some(Group { start: self.top(start), end })
    }

    /// The group one line further down, grown by the group that it then touches.
    fn down(&mut self, group: Group) -> Option<Group> {
        let Group { start, end } = group;
        if end >= self.lines.len() || self.lines[start] != self.lines[end] {
            return None;
        }
        self.changed[start] = false;
        self.changed[end] = true;
        Some(Group { start: start + 1, end: end + self.run(end) })
    }
}

/// Puts every group of `side` where it looks best. The groups of `other` keep
/// their lines; each stands opposite a group of `side`, as before.
pub(crate) fn settle(side: &mut Side<'_>, other: &Side<'_>) {
    let mut pair = (side.first(), other.first());
    loop {
        if pair.0.start < pair.0.end {
            pair = settle_one(side, other, pair);
        }
        match (side.next(pair.0), other.next(pair.1)) {
            (Some(group), Some(opposite)) => pair = (group, opposite),
            _ => return,
        }
    }
}

type Pair = (Group, Group);

fn settle_one(side: &mut Side<'_>, other: &Side<'_>, mut pair: Pair) -> Pair {
    let (top, beside) = loop {
        let size = pair.0.end - pair.0.start;
        while let Some(higher) = step_up(side, other, pair) {
            pair = higher;
        }
        let top = pair.0.end;
        let mut beside = (pair.1.start < pair.1.end).then_some(top);
        while let Some(lower) = step_down(side, other, pair) {
            pair = lower;
            beside = if pair.1.start < pair.1.end { Some(pair.0.end) } else { beside };
        }
        // A group that met another on its way is tried anew as a whole.
        if pair.0.end - pair.0.start == size {
            break (top, beside);
        }
    };
    let best = match beside {
        _ if pair.0.end == top => top,
        Some(end) => end,
        None => best_end(side.lines, pair.0, top),
    };
    while pair.0.end > best {
        let Some(higher) = step_up(side, other, pair) else { break };
        pair = higher;
    }
    pair
}

fn step_up(side: &mut Side<'_>, other: &Side<'_>, (group, opposite): Pair) -> Option<Pair> {
    let higher = other.previous(opposite)?;
    side.up(group).map(|group| (group, higher))
}

fn step_down(side: &mut Side<'_>, other: &Side<'_>, (group, opposite): Pair) -> Option<Pair> {
    let lower = other.next(opposite)?;
    side.down(group).map(|group| (group, lower))
}

/// The best line to end the lowest possible `group` at, not above `top`.
fn best_end(lines: &[&[u8]], group: Group, top: usize) -> usize {
    let size = group.end - group.start;
    let top = top.max(group.end.saturating_sub(size + 1)).max(group.end.saturating_sub(FARTHEST));
    let score = |end: usize| Score::of(lines, end).plus(Score::of(lines, end - size));
    // Downwards, since the comparison is not transitive and git compares so.
    let downwards = top..=group.end;
    downwards
        .reduce(|best, end| if score(best).is_better_than(score(end)) { best } else { end })
        .unwrap_or(top)
}

/// How bad it looks to cut a text at one line, or at two.
#[derive(Clone, Copy)]
struct Score {
    indent: isize,
    penalty: isize,
}

impl Score {
    fn plus(self, other: Self) -> Self {
        Self { indent: self.indent + other.indent, penalty: self.penalty + other.penalty }
    }

    fn is_better_than(self, other: Self) -> bool {
        60 * (self.indent - other.indent).signum() + self.penalty < other.penalty
    }

    /// The score of a cut between the lines `at - 1` and `at`.
    fn of(lines: &[&[u8]], at: usize) -> Self {
        let (above, blanks_above) = beyond(lines[..at].iter().rev());
        let here = lines.get(at).and_then(|line| indentation(line));
        let (below, blanks_below) = beyond(lines.iter().skip(at + 1));
        let blanks_below = if here.is_none() { 1 + blanks_below } else { 0 };
        let blanks = blanks_above + blanks_below;
        let indent = here.or(below);
        let mut penalty = -30 * blanks + 6 * blanks_below;
        penalty += if above.is_none() && blanks_above == 0 { 1 } else { 0 };
        penalty += if at >= lines.len() { 21 } else { 0 };
        penalty += match (above, indent) {
            (Some(above), Some(indent)) => step(above, indent, below, blanks > 0),
            _ => 0,
        };
        Self { indent: indent.unwrap_or(-1), penalty }
    }
}

/// The penalty for the step from the indentation above the cut to that below.
fn step(above: isize, indent: isize, below: Option<isize>, has_blanks: bool) -> isize {
    let by_blanks = |with: isize, without: isize| if has_blanks { with } else { without };
    match indent.cmp(&above) {
        std::cmp::Ordering::Equal => 0,
        std::cmp::Ordering::Greater => by_blanks(10, -4),
        std::cmp::Ordering::Less if below.is_some_and(|below| below > indent) => by_blanks(17, 24),
        std::cmp::Ordering::Less => by_blanks(17, 23),
    }
}

/// The indentation of the next line that is not blank, and the blanks before it.
fn beyond<'a>(lines: impl Iterator<Item = &'a &'a [u8]>) -> (Option<isize>, isize) {
    let mut blanks = 0;
    for line in lines {
        match indentation(line) {
            None if blanks + 1 == MOST_BLANKS => return (Some(0), MOST_BLANKS as isize),
            None => blanks += 1,
            found => return (found, blanks as isize),
        }
    }
    (None, blanks as isize)
}

/// The columns of blanks before the first character; `None` for a blank line.
fn indentation(line: &[u8]) -> Option<isize> {
    let mut columns = 0;
    for byte in line {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 8 - columns % 8,
            byte if byte.is_ascii_whitespace() || *byte == 0x0b => {}
            _ => return Some(columns),
        }
        if columns >= DEEPEST {
            return Some(DEEPEST);
        }
    }
    None
}
