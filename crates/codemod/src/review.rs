//! Review: a person who looks at a step hunk by hunk, and leaves some out.
//!
//! A hunk is made of edits that lie near each other, of one class in one file;
//! a file that comes, goes or moves is one hunk with all that changes in it
//! under that class. What is left out is taken out of the step before the next
//! one is planned.

use std::collections::BTreeSet;

use repot_change::{Class, Evidence, FileDelta, PlannedStep, RelPath, line_at};

use crate::layers::{Layers, Story};

/// How many unchanged lines may lie between two edits of one hunk.
const NEAR: usize = 6;

/// One part of a step that can be left out.
#[derive(Debug, Clone)]
pub struct Hunk {
    /// Its class.
    pub class: Class,
    /// The file with and without this hunk; other hunks of the class are not in
    /// either.
    pub delta: FileDelta,
    /// Why, one by one.
    pub evidence: Vec<Evidence>,
}

/// Whoever decides which hunks of a step are wanted.
pub trait Review {
    /// Which of `hunks`, all of one class in step `codemod`, are wanted: one
    /// answer for each.
    fn review(&mut self, codemod: &str, hunks: &[Hunk]) -> Vec<bool>;
}

/// Where a hunk lies among the stories of a step.
struct Place {
    file: Origin,
    /// The edits that belong to it, by their place in the story.
    edits: BTreeSet<usize>,
    /// Whether it brings the file to its place, or takes it away.
    places: bool,
    /// Its lines in the file before the step, from 1; all where it is a file.
    lines: std::ops::RangeInclusive<usize>,
}

/// What tells a story from others: where the file was, or else where it is.
type Origin = (Option<RelPath>, Option<RelPath>);

/// Asks `reviewer` for every hunk of a step, class by class, and takes out what
/// is not wanted, with its evidence. Gives the files in which something was.
pub fn review(layers: &mut Layers, step: &mut PlannedStep, reviewer: &mut dyn Review) -> BTreeSet<RelPath> {
    let mut left_out = BTreeSet::new();
    for class in Class::ALL {
        let (places, hunks) = hunks(layers, class, &step.evidence);
        if hunks.is_empty() {
            continue;
        }
        let mut answers = reviewer.review(&step.codemod, &hunks).into_iter();
        let mut unwanted = Vec::new();
        for (place, hunk) in places.into_iter().zip(hunks) {
            // A hunk without an answer is one that nobody wants.
            if !answers.next().unwrap_or(false) {
                step.evidence.retain(|item| !is_about(item, class, &place));
                let sides = hunk.delta.old.into_iter().chain(hunk.delta.new);
                left_out.extend(sides.map(|(path, _)| path));
                unwanted.push(place);
            }
        }
        layers.rewrite(|story| without(story, class, &unwanted));
    }
    left_out
}

/// The story with the unwanted hunks of `class` taken out; `None` when nothing
/// is left of it.
fn without(mut story: Story, class: Class, unwanted: &[Place]) -> Option<Story> {
    let own: Vec<&Place> = unwanted.iter().filter(|place| place.file == origin(&story)).collect();
    let dropped: BTreeSet<usize> = own.iter().flat_map(|place| place.edits.iter().copied()).collect();
    if own.iter().any(|place| place.places) {
        story.place = story.origin.clone();
        story.placed = Class::Imports;
        story.place.as_ref()?;
        // A class that only edits the file at its new place has nothing to say
        // of it where it stays.
        story.edits.retain(|tagged| tagged.class != class);
        return Some(story);
    }
    let mut at = 0;
    story.edits.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
    Some(story)
}

fn origin(story: &Story) -> Origin {
    (story.origin.clone(), story.place.clone())
}

fn hunks(layers: &Layers, class: Class, evidence: &[Evidence]) -> (Vec<Place>, Vec<Hunk>) {
    let mut all = Vec::new();
    for story in layers.stories() {
        let Some(whole) = story.delta(class) else { continue };
        let places = places(story, class);
        all.extend(places.into_iter().filter_map(|place| {
            let evidence = evidence.iter().filter(|item| is_about(item, class, &place)).cloned().collect();
            let delta = alone(story, class, &place, &whole)?;
            Some((place, Hunk { class, delta, evidence }))
        }));
    }
    all.sort_by(|(a, x), (b, y)| {
        x.delta.path().cmp(&y.delta.path()).then(a.lines.start().cmp(b.lines.start()))
    });
    all.into_iter().unzip()
}

/// The hunks of `class` in one file.
fn places(story: &Story, class: Class) -> Vec<Place> {
    let own: Vec<usize> = (0..story.edits.len()).filter(|at| story.edits[*at].class == class).collect();
    let file = origin(story);
    if story.placed == class && story.origin != story.place {
        return vec![Place { file, edits: own.into_iter().collect(), places: true, lines: 1..=usize::MAX }];
    }
    let mut places: Vec<Place> = Vec::new();
    for at in own {
        let span = story.edits[at].edit.span;
        let (first, last) = (line_at(&story.base.bytes, span.start), line_at(&story.base.bytes, span.end));
        match places.last_mut().filter(|place| first <= place.lines.end() + NEAR) {
            Some(place) => {
                place.edits.insert(at);
                place.lines = *place.lines.start()..=last.max(*place.lines.end());
            }
            None => {
                let file = file.clone();
                places.push(Place { file, edits: [at].into(), places: false, lines: first..=last });
            }
        }
    }
    places
}

/// What one hunk alone does to the file before its class.
fn alone(story: &Story, class: Class, place: &Place, whole: &FileDelta) -> Option<FileDelta> {
    if place.places {
        return Some(whole.clone());
    }
    let mut kept = story.clone();
    let mut at = 0;
    kept.edits.retain(|tagged| {
        at += 1;
        tagged.class != class || place.edits.contains(&(at - 1))
    });
    kept.delta(class)
}

fn is_about(item: &Evidence, class: Class, place: &Place) -> bool {
    let (old, new) = &place.file;
    item.class == class
        && (old.as_ref().or(new.as_ref()) == Some(&item.path))
        && place.lines.contains(&item.line)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use repot_change::{ChangeSet, Content, Edit, compose};
    use repot_workspace::Snapshot;

    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    type Files = BTreeMap<String, String>;

    fn listed(tree: &Snapshot) -> Files {
        let text = |content: &Content| String::from_utf8_lossy(&content.bytes).into_owned();
        tree.files().map(|(path, file)| (path.to_string(), text(file.content().unwrap()))).collect()
    }

    /// Thirty lines, of which the first and the last are changed as imports, the
    /// middle one as a string.
    fn long() -> String {
        (1..=30).map(|line| format!("{line}\n")).collect()
    }

    fn edit(text: &str, from: &str, to: &str) -> Edit {
        let at = text.find(from).unwrap();
        Edit::replace(repot_change::Span::new(at, at + from.len()), to)
    }

    fn before() -> Snapshot {
        let files = [("a.py", long()), ("b.py", "moves 1\n".to_owned()), ("e.py", "goes\n".to_owned())];
        Snapshot::from_files(files.map(|(name, text)| (path(name), text.into_bytes())))
    }

    fn layers() -> Layers {
        let (mut imports, mut strings, mut docs) = (ChangeSet::new(), ChangeSet::new(), ChangeSet::new());
        let first = edit(&long(), "1\n", "one\n");
        imports.add_edits(&path("a.py"), vec![first, edit(&long(), "30\n", "thirty\n")]).unwrap();
        imports.rename(path("b.py"), path("c/b.py")).unwrap();
        imports.add_edits(&path("b.py"), vec![edit("moves 1\n", "1", "2")]).unwrap();
        strings.add_edits(&path("a.py"), vec![edit(&long(), "15\n", "fifteen\n")]).unwrap();
        strings.add_edits(&path("b.py"), vec![edit("moves 1\n", "moves", "moved")]).unwrap();
        docs.create(path("d.md"), Content::plain(*b"new\n")).unwrap();
        docs.delete(path("e.py")).unwrap();
        let mut layers = Layers::default();
        let parts = [(Class::Imports, &imports), (Class::Strings, &strings), (Class::Docs, &docs)];
        layers.add(&before(), parts.into_iter());
        layers
    }

    /// Answers by the bits of a number, and remembers what it was asked.
    struct Bits(u32, Vec<String>);

    impl Review for Bits {
        fn review(&mut self, _: &str, hunks: &[Hunk]) -> Vec<bool> {
            let mut answer = |hunk: &Hunk| {
                self.1.push(format!("{} {}", hunk.class.name(), hunk.delta.path().unwrap()));
                self.0 & (1 << (self.1.len() - 1)) != 0
            };
            hunks.iter().map(&mut answer).collect()
        }
    }

    fn step() -> PlannedStep {
        PlannedStep { codemod: String::new(), parts: Vec::new(), evidence: Vec::new(), notes: Vec::new() }
    }

    /// The tree with the hunks that `bits` take, as a person would write it down.
    fn expected(bits: u32) -> Files {
        let is_taken = |index: u32| bits & (1 << index) != 0;
        let mut text = long();
        for (index, from, to) in [(0, "1\n", "one\n"), (1, "\n30\n", "\nthirty\n"), (3, "15\n", "fifteen\n")]
        {
            text = if is_taken(index) { text.replacen(from, to, 1) } else { text };
        }
        let name = if is_taken(2) { "c/b.py" } else { "b.py" };
        let verb = if is_taken(4) { "moved" } else { "moves" };
        let mut files = Files::from([
            ("a.py".to_owned(), text),
            (name.to_owned(), format!("{verb} {}\n", if is_taken(2) { 2 } else { 1 })),
        ]);
        if is_taken(5) {
            files.insert("d.md".to_owned(), "new\n".to_owned());
        }
        if !is_taken(6) {
            files.insert("e.py".to_owned(), "goes\n".to_owned());
        }
        files
    }

    #[test]
    fn whatever_is_left_out_the_rest_is_what_it_was_and_no_more() {
        for bits in 0..128 {
            let (mut layers, mut bits_given) = (layers(), Bits(bits, Vec::new()));
            review(&mut layers, &mut step(), &mut bits_given);
            // A file that stays is asked for by another name.
            let asked = ["imports a.py", "imports a.py", "imports c/b.py", "strings a.py"];
            assert_eq!(bits_given.1[..4], asked);
            assert_eq!(bits_given.1[5..], ["docs d.md", "docs e.py"]);
            let after = before().with(&layers.changes().unwrap()).unwrap();
            assert_eq!(listed(&after), expected(bits), "{bits:b}");
            let mut tree = listed(&before());
            for delta in compose(layers.parts().iter().map(|part| part.deltas.as_slice())) {
                delta.old.iter().for_each(|(path, _)| drop(tree.remove(path.as_str())));
                let text = |content: &Content| String::from_utf8_lossy(&content.bytes).into_owned();
                tree.extend(delta.new.map(|(path, content)| (path.to_string(), text(&content))));
            }
            assert_eq!(tree, expected(bits), "{bits:b}");
        }
    }

    #[test]
    fn each_hunk_shows_itself_alone_and_its_own_evidence() {
        let evidence = |line| Evidence {
            class: Class::Imports,
            path: path("a.py"),
            line,
            span: repot_change::Span::at(0),
            package: None,
            subject: String::new(),
            rule: String::new(),
            candidates: Vec::new(),
            winner: None,
            outcome: repot_change::Outcome::Skipped { reason: String::new() },
            warnings: Vec::new(),
        };
        let mut step = PlannedStep { evidence: vec![evidence(1), evidence(30), evidence(7)], ..step() };
        let (_, found) = hunks(&layers(), Class::Imports, &step.evidence);
        let lines: Vec<Vec<usize>> =
            found.iter().map(|hunk| hunk.evidence.iter().map(|item| item.line).collect()).collect();
        assert_eq!(lines, [vec![1], vec![30], vec![]]);
        let after = found[0].delta.new.as_ref().map(|(_, content)| content.bytes.to_vec()).unwrap();
        assert_eq!(String::from_utf8(after).unwrap(), long().replacen("1\n", "one\n", 1));
        let left_out = review(&mut layers(), &mut step, &mut Bits(0b111_1110, Vec::new()));
        assert_eq!(left_out, [path("a.py")].into());
        assert_eq!(step.evidence.len(), 2, "the evidence of what is left out goes with it");
    }
}
