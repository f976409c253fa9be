//! Layers: what each class of edits does to the files of a step.
//!
//! A step runs in rounds, and each round changes files under several classes.
//! What a reader sees is one diff for each class, one on top of the other. So
//! the edits of every round are carried back to the files before the step, each
//! with its class, and the state behind a class is those files with the edits
//! of this class and of those before it. No tree is built for that.

use std::collections::BTreeMap;

use repot_change::{
    ChangeSet, Class, Content, Edit, Edits, FileChange, FileDelta, PlannedPart, RelPath, Span, TreeError,
    edited,
};
use repot_workspace::Snapshot;

/// The files that a step has changed so far.
#[derive(Debug, Default)]
pub struct Layers {
    /// Those that exist, by the path at which they are now.
    there: BTreeMap<RelPath, Story>,
    /// Those that existed before the step and are gone.
    gone: Vec<Story>,
}

/// What becomes of one file.
#[derive(Debug, Clone)]
pub struct Story {
    /// The path before the step; `None` for a new file.
    pub origin: Option<RelPath>,
    /// The path now; `None` when it is gone.
    pub place: Option<RelPath>,
    /// The class under which it came to its place.
    pub placed: Class,
    /// The content before the step, or that with which it was created.
    pub base: Content,
    /// What changes in `base`, by class, sorted by place.
    pub edits: Vec<Tagged>,
}

/// An edit and its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tagged {
    pub edit: Edit,
    pub class: Class,
}

impl Layers {
    /// Adds one round, which was made for the tree `before` and fits it.
    pub fn add<'a>(&mut self, before: &Snapshot, parts: impl Iterator<Item = (Class, &'a ChangeSet)>) {
        let mut edits: BTreeMap<&RelPath, Vec<Tagged>> = BTreeMap::new();
        let mut changes: Vec<(Class, &RelPath, &FileChange)> = Vec::new();
        for (class, part) in parts {
            for (path, change) in part.iter() {
                if let FileChange::Edit(own) | FileChange::Move { edits: own, .. } = change {
                    let tagged = own.iter().map(|edit| Tagged { edit: edit.clone(), class });
                    edits.entry(path).or_default().extend(tagged);
                }
                changes.push((class, path, change));
            }
        }
        for (path, tagged) in edits {
            self.edit(before, path, tagged);
        }
        self.place(before, &changes);
    }

    fn edit(&mut self, before: &Snapshot, path: &RelPath, tagged: Vec<Tagged>) {
        let Some(now) = before.content(path) else { return };
        let story = self.there.entry(path.clone()).or_insert_with(|| Story::of(path, now.clone()));
        story.edits = fold(std::mem::take(&mut story.edits), tagged, &now.bytes);
    }

    /// Takes every file that goes from its place before it puts one to a new
    /// place, since files may swap.
    fn place(&mut self, before: &Snapshot, changes: &[(Class, &RelPath, &FileChange)]) {
        let mut arrived = Vec::new();
        for (class, path, change) in changes {
            let target = match change {
                FileChange::Edit(_) | FileChange::Create(_) => continue,
                FileChange::Delete => None,
                FileChange::Move { to, .. } => Some(to),
            };
            let untouched = || before.content(path).map(|content| Story::of(path, content));
            let Some(story) = self.there.remove(path).or_else(untouched) else { continue };
            arrived.push(Story { place: target.cloned(), placed: *class, ..story });
        }
        for story in arrived {
            match &story.place {
                Some(place) => drop(self.there.insert(place.clone(), story)),
                None if story.origin.is_some() => self.gone.push(story),
                None => {}
            }
        }
        for (class, path, change) in changes {
            if let FileChange::Create(content) = change {
                self.create(*class, path, content);
            }
        }
    }

    /// A file that was deleted and comes again is one that was edited.
    fn create(&mut self, class: Class, path: &RelPath, content: &Content) {
        let old = self.gone.iter().position(|story| story.origin.as_ref() == Some(path));
        let story = match old.map(|at| self.gone.swap_remove(at)) {
            Some(story) if story.base.executable == content.executable => {
                let whole = Edit::replace(Span::new(0, story.base.bytes.len()), &*content.bytes);
                Story { place: Some(path.clone()), edits: vec![Tagged { edit: whole, class }], ..story }
            }
            other => {
                self.gone.extend(other);
                let place = Some(path.clone());
                Story { origin: None, place, placed: class, base: content.clone(), edits: Vec::new() }
            }
        };
        self.there.insert(path.clone(), story);
    }

    /// What becomes of each file.
    pub fn stories(&self) -> impl Iterator<Item = &Story> {
        self.there.values().chain(&self.gone)
    }

    /// Puts what `change` makes of each story in its place.
    pub fn rewrite(&mut self, change: impl Fn(Story) -> Option<Story>) {
        let (there, gone) = (std::mem::take(&mut self.there), std::mem::take(&mut self.gone));
        for story in there.into_values().chain(gone).filter_map(change) {
            match &story.place {
                Some(place) => drop(self.there.insert(place.clone(), story)),
                None => self.gone.push(story),
            }
        }
    }

    /// All that the step does, as changes of the tree before it.
    ///
    /// # Errors
    ///
    /// [`TreeError`] when what is left of the step does not go together.
    pub fn changes(&self) -> Result<ChangeSet, TreeError> {
        let mut changes = ChangeSet::new();
        for story in self.stories() {
            let edits: Vec<Edit> = story.edits.iter().map(|tagged| tagged.edit.clone()).collect();
            match (&story.origin, &story.place) {
                (None, None) => {}
                (None, Some(path)) => {
                    let bytes = edited(path, &story.base.bytes, edits)?;
                    let executable = story.base.executable;
                    changes.create(path.clone(), Content { bytes: bytes.into(), executable })?;
                }
                (Some(path), None) => changes.delete(path.clone())?,
                (Some(from), Some(to)) => {
                    changes.add_edits(from, edits)?;
                    if from != to {
                        changes.rename(from.clone(), to.clone())?;
                    }
                }
            }
        }
        Ok(changes)
    }

    /// The deltas of each class, those that change nothing left out.
    pub fn parts(&self) -> Vec<PlannedPart> {
        let stories = || self.stories();
        let mut parts = Vec::new();
        for class in Class::ALL {
            let mut deltas: Vec<FileDelta> = stories().filter_map(|story| story.delta(class)).collect();
            deltas.sort_by(|a, b| a.path().cmp(&b.path()));
            if !deltas.is_empty() {
                parts.push(PlannedPart { class, deltas });
            }
        }
        parts
    }
}

impl Story {
    fn of(path: &RelPath, content: Content) -> Self {
        let place = Some(path.clone());
        Self { origin: place.clone(), place, placed: Class::Imports, base: content, edits: Vec::new() }
    }

    /// What `class` does to the file; `None` when it does nothing.
    pub fn delta(&self, class: Class) -> Option<FileDelta> {
        let is_own = self.placed == class || self.edits.iter().any(|tagged| tagged.class == class);
        let delta =
            FileDelta { old: self.state(|other| other < class), new: self.state(|other| other <= class) };
        (is_own && delta.old != delta.new).then_some(delta)
    }

    /// The file with all that the classes `is_in` do to it.
    fn state(&self, is_in: impl Fn(Class) -> bool) -> Option<(RelPath, Content)> {
        let place = if is_in(self.placed) { &self.place } else { &self.origin };
        let place = place.clone()?;
        let edits = self.edits.iter().filter(|tagged| is_in(tagged.class)).map(|tagged| tagged.edit.clone());
        let edits = Edits::new(edits.collect()).unwrap_or_default();
        if edits.is_empty() {
            return Some((place, self.base.clone()));
        }
        let bytes = edits.apply(&self.base.bytes).ok()?;
        Some((place, Content { bytes: bytes.into(), executable: self.base.executable }))
    }
}

/// Edits `old` of a file and edits `new` of what they make of it, its bytes
/// `now`, as edits of the file alone. Edits of two rounds that touch become one
/// under the later of their classes.
fn fold(old: Vec<Tagged>, new: Vec<Tagged>, now: &[u8]) -> Vec<Tagged> {
    if old.is_empty() {
        return sorted(new);
    }
    let mut shift = Shift::default();
    let mut all: Vec<Piece> = Vec::new();
    for tagged in sorted(old) {
        let start = shift.forth(tagged.edit.span.start);
        shift.pass(&tagged.edit);
        let span = Span::new(start, start + tagged.edit.new.len());
        all.push(Piece { span, class: tagged.class, old: Some(tagged.edit), new: Vec::new() });
    }
    all.extend(sorted(new).into_iter().map(|tagged| Piece {
        span: tagged.edit.span,
        class: tagged.class,
        old: None,
        new: vec![tagged.edit],
    }));
    all.sort_by_key(|piece| piece.span);
    clusters(all, now)
}

/// Sorted by place; an edit that several classes make is the first one's.
fn sorted(mut edits: Vec<Tagged>) -> Vec<Tagged> {
    edits.sort_by(|a, b| {
        let key = |tagged: &Tagged| (tagged.edit.span, tagged.class);
        key(a).cmp(&key(b))
    });
    edits.dedup_by(|later, first| later.edit == first.edit);
    edits
}

/// How far what lies behind some edits has been moved by them.
#[derive(Debug, Default, Clone, Copy)]
struct Shift {
    added: usize,
    removed: usize,
}

impl Shift {
    fn pass(&mut self, edit: &Edit) {
        self.removed += edit.span.len();
        self.added += edit.new.len();
    }

    fn forth(self, offset: usize) -> usize {
        (offset + self.added).saturating_sub(self.removed)
    }

    fn back(self, offset: usize) -> usize {
        (offset + self.removed).saturating_sub(self.added)
    }
}

/// One or more edits that touch, in offsets of the file as it is now.
struct Piece {
    span: Span,
    class: Class,
    /// The edit that led to the file as it is now; of several, any.
    old: Option<Edit>,
    /// Those that are made of it.
    new: Vec<Edit>,
}

impl Piece {
    /// Edits of one round never touch each other in a way that matters.
    fn joins(&self, other: &Self) -> bool {
        (self.old.is_some() || other.old.is_some()) && other.span.start <= self.span.end
    }
}

fn clusters(sorted: Vec<Piece>, now: &[u8]) -> Vec<Tagged> {
    let mut result = Vec::new();
    let mut shift = Shift::default();
    let mut rest = sorted.into_iter().peekable();
    while let Some(mut piece) = rest.next() {
        let start = shift.back(piece.span.start);
        piece.old.iter().for_each(|edit| shift.pass(edit));
        while let Some(other) = rest.next_if(|other| piece.joins(other)) {
            other.old.iter().for_each(|edit| shift.pass(edit));
            piece.span = Span::new(piece.span.start, piece.span.end.max(other.span.end));
            piece.class = piece.class.max(other.class);
            piece.old = piece.old.or(other.old);
            piece.new.extend(other.new);
        }
        let span = Span::new(start, shift.back(piece.span.end));
        result.push(Tagged { edit: Edit::replace(span, rewritten(&piece, now)), class: piece.class });
    }
    result
}

/// The bytes of `piece` with its new edits made.
fn rewritten(piece: &Piece, now: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut at = piece.span.start;
    for edit in &piece.new {
        text.extend_from_slice(now.get(at..edit.span.start).unwrap_or_default());
        text.extend_from_slice(&edit.new);
        at = edit.span.end;
    }
    text.extend_from_slice(now.get(at..piece.span.end).unwrap_or_default());
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    type Round = BTreeMap<Class, ChangeSet>;

    /// The tree after a round, and whether the round fits the tree at all.
    fn after(before: &Snapshot, round: &Round) -> Option<Snapshot> {
        let mut all = ChangeSet::new();
        round.values().try_for_each(|part| all.merge(part)).ok()?;
        before.with(&all).ok()
    }

    fn replace(changes: &mut Round, class: Class, file: &str, span: (usize, usize), new: &str) {
        let edits = Edits::new(vec![Edit::replace(Span::new(span.0, span.1), new)]).unwrap();
        changes.entry(class).or_default().edit(path(file), edits).unwrap();
    }

    fn run(before: &Snapshot, rounds: &[Round]) -> Vec<PlannedPart> {
        let mut layers = Layers::default();
        let mut current = before.clone();
        for round in rounds {
            let next = after(&current, round).unwrap();
            layers.add(&current, round.iter().map(|(class, part)| (*class, part)));
            current = next;
        }
        layers.parts()
    }

    fn texts(delta: &FileDelta) -> String {
        let side = |side: &Option<(RelPath, Content)>| match side {
            Some((path, content)) => format!("{path}: {}", String::from_utf8_lossy(&content.bytes)),
            None => "nothing".to_owned(),
        };
        format!("{} => {}", side(&delta.old), side(&delta.new))
    }

    #[test]
    fn a_moved_file_is_edited_by_a_later_class_at_its_new_path() {
        let before = Snapshot::from_files([(path("a.py"), b"import x; 'x'".to_vec())]);
        let mut round = Round::new();
        round.entry(Class::Imports).or_default().rename(path("a.py"), path("b.py")).unwrap();
        replace(&mut round, Class::Imports, "a.py", (7, 8), "yy");
        replace(&mut round, Class::Strings, "a.py", (11, 12), "yy");
        let parts = run(&before, &[round]);
        let shown: Vec<_> = parts.iter().map(|part| (part.class, texts(&part.deltas[0]))).collect();
        let moved = "a.py: import x; 'x' => b.py: import yy; 'x'".to_owned();
        let edited = "b.py: import yy; 'x' => b.py: import yy; 'yy'".to_owned();
        assert_eq!(shown, [(Class::Imports, moved), (Class::Strings, edited)]);
    }

    #[test]
    fn later_rounds_add_to_the_same_class() {
        let before = Snapshot::from_files([(path("a.py"), b"one two three".to_vec())]);
        let mut rounds = vec![Round::new(), Round::new()];
        replace(&mut rounds[0], Class::Strings, "a.py", (0, 3), "1");
        replace(&mut rounds[0], Class::Imports, "a.py", (4, 7), "2");
        replace(&mut rounds[1], Class::Imports, "a.py", (4, 9), "3");
        let parts = run(&before, &rounds);
        let shown: Vec<_> = parts.iter().map(|part| (part.class, texts(&part.deltas[0]))).collect();
        let imports = "a.py: one two three => a.py: one 2 3".to_owned();
        let strings = "a.py: one 2 3 => a.py: 1 2 3".to_owned();
        assert_eq!(shown, [(Class::Imports, imports), (Class::Strings, strings)]);
    }

    #[test]
    fn what_two_classes_say_is_done_once() {
        let before = Snapshot::from_files([(path("a.py"), b"four five".to_vec())]);
        let mut rounds = vec![Round::new(), Round::new()];
        for class in [Class::Imports, Class::Strings] {
            replace(&mut rounds[0], class, "a.py", (0, 4), "x");
        }
        replace(&mut rounds[1], Class::Imports, "a.py", (2, 2), "-");
        let parts = run(&before, &rounds);
        let shown: Vec<_> = parts.iter().map(|part| (part.class, texts(&part.deltas[0]))).collect();
        assert_eq!(shown, [(Class::Imports, "a.py: four five => a.py: x -five".to_owned())]);
    }

    #[test]
    fn what_comes_to_nothing_is_left_out() {
        let before = Snapshot::from_files([(path("a.py"), b"one".to_vec()), (path("b.py"), b"x".to_vec())]);
        let mut rounds = vec![Round::new(), Round::new()];
        replace(&mut rounds[0], Class::Imports, "a.py", (0, 3), "two");
        replace(&mut rounds[1], Class::Imports, "a.py", (0, 3), "one");
        for (round, [from, to]) in rounds.iter_mut().zip([["b.py", "c.py"], ["c.py", "b.py"]]) {
            round.entry(Class::Imports).or_default().rename(path(from), path(to)).unwrap();
        }
        assert_eq!(run(&before, &rounds), []);
    }

    const NAMES: [&str; 4] = ["a.py", "b.py", "c/d.py", "c/e.py"];

    #[derive(Debug, Clone)]
    enum Act {
        Edit(Index, Index, String),
        Create(String),
        Delete,
        Move(&'static str),
    }

    fn act() -> impl Strategy<Value = (Class, &'static str, Act)> {
        let edit = || (any::<Index>(), any::<Index>(), "[xyz]{0,3}").prop_map(|(a, b, c)| Act::Edit(a, b, c));
        let act = prop_oneof![
            edit(),
            edit(),
            edit(),
            "[uvw]{0,4}".prop_map(Act::Create),
            Just(Act::Delete),
            select(&NAMES[..]).prop_map(Act::Move),
        ];
        (select(&Class::ALL[..3]), select(&NAMES[..]), act)
    }

    /// The part of `acts` that fits the tree, one after the other.
    fn round(tree: &Snapshot, acts: Vec<(Class, &'static str, Act)>) -> Round {
        let mut all = Round::new();
        for (class, name, act) in acts {
            // Who takes another's place does so under one class.
            let class = if matches!(act, Act::Edit(..)) { class } else { Class::Strings };
            let mut tried = all.clone();
            let part = tried.entry(class).or_default();
            let file = path(name);
            let size = tree.get(&file).map_or(0, |file| file.size());
            let fits = match act {
                Act::Edit(start, len, new) => {
                    let start = start.index(size + 1);
                    let span = Span::new(start, start + len.index(size - start + 1).min(4));
                    part.edit(file, Edits::new(vec![Edit::replace(span, new)]).unwrap())
                }
                Act::Create(text) => part.create(file, Content::plain(text.into_bytes())),
                Act::Delete => part.delete(file),
                Act::Move(to) => part.rename(file, path(to)),
            };
            if fits.is_ok() && after(tree, &tried).is_some() {
                all = tried;
            }
        }
        all
    }

    proptest! {
        #[test]
        fn the_parts_lead_from_the_tree_before_to_the_tree_after(
            rounds in proptest::collection::vec(proptest::collection::vec(act(), 0..6), 1..4),
        ) {
            let first = Snapshot::from_files([
                (path("a.py"), b"one two three".to_vec()),
                (path("c/d.py"), b"four five".to_vec()),
            ]);
            let (mut layers, mut current) = (Layers::default(), first.clone());
            for acts in rounds {
                let round = round(&current, acts);
                let next = after(&current, &round).unwrap();
                layers.add(&current, round.iter().map(|(class, part)| (*class, part)));
                current = next;
            }
            let listed = |tree: &Snapshot| -> BTreeMap<RelPath, Content> {
                tree.files().map(|(path, file)| (path.clone(), file.content().unwrap().clone())).collect()
            };
            let mut tree = listed(&first);
            for part in layers.parts() {
                for (path, content) in part.deltas.iter().filter_map(|delta| delta.old.as_ref()) {
                    prop_assert_eq!(tree.remove(path), Some(content.clone()), "{}", path);
                }
                for (path, content) in part.deltas.into_iter().filter_map(|delta| delta.new) {
                    tree.insert(path, content);
                }
            }
            prop_assert_eq!(tree, listed(&current));
        }
    }
}
