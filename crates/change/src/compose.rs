//! Composition: changes that follow each other, as one change of the tree.
//!
//! What a plan shows are deltas, step by step and class by class; what is
//! written is this, made of the very same deltas. So the two cannot disagree.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Content, ContentHash, FileDelta, RelPath, Write};

/// A path and what stands there.
type Side = (RelPath, Content);

/// Every file before the first and after the last of `parts`, sorted by the
/// path after; files that come out as they went in are left out.
///
/// The deltas of one part happen at the same time, so two files may swap their
/// places. A file that goes and comes again was edited.
#[must_use]
pub fn compose<'a>(parts: impl IntoIterator<Item = &'a [FileDelta]>) -> Vec<FileDelta> {
    let mut composed = Composed::default();
    parts.into_iter().for_each(|part| composed.add(part));
    composed.deltas()
}

#[derive(Default)]
struct Composed {
    /// The files that were touched and exist, by their path now: what they were
    /// before, and what they are.
    there: BTreeMap<RelPath, (Option<Side>, Content)>,
    /// What the files were that are gone.
    gone: BTreeMap<RelPath, Content>,
}

impl Composed {
    fn add(&mut self, part: &[FileDelta]) {
        let mut arriving = Vec::new();
        for FileDelta { old, new } in part {
            let origin = match old {
                None => None,
                Some((path, content)) => match self.there.remove(path) {
                    Some((origin, _)) => origin,
                    None => Some((path.clone(), content.clone())),
                },
            };
            match new {
                Some((path, content)) => arriving.push((path, origin, content)),
                None => self.gone.extend(origin),
            }
        }
        for (path, origin, content) in arriving {
            let origin = origin.or_else(|| self.gone.remove_entry(path));
            self.there.insert(path.clone(), (origin, content.clone()));
        }
    }

    fn deltas(self) -> Vec<FileDelta> {
        let there = self.there.into_iter();
        let there = there.map(|(path, (old, now))| FileDelta { old, new: Some((path, now)) });
        let gone = self.gone.into_iter().map(|old| FileDelta { old: Some(old), new: None });
        let mut deltas: Vec<FileDelta> = there.chain(gone).filter(|delta| delta.old != delta.new).collect();
        deltas.sort_by(|a, b| a.path().cmp(&b.path()));
        deltas
    }
}

/// What `deltas`, which happen at the same time, write to each path, sorted.
#[must_use]
pub fn writes(deltas: &[FileDelta]) -> Vec<Write> {
    let side = |side: &'_ Option<Side>| side.as_ref().map(|(path, content)| (path.clone(), content.clone()));
    let before: BTreeMap<RelPath, Content> = deltas.iter().filter_map(|delta| side(&delta.old)).collect();
    let after: BTreeMap<RelPath, Content> = deltas.iter().filter_map(|delta| side(&delta.new)).collect();
    let moved: BTreeMap<&RelPath, &RelPath> = deltas.iter().filter_map(FileDelta::moved).collect();
    let paths: BTreeSet<&RelPath> = before.keys().chain(after.keys()).collect();
    let write = |path: &RelPath| Write {
        path: path.clone(),
        expect: before.get(path).map(|content| ContentHash::of(&content.bytes)),
        content: after.get(path).cloned(),
        moved_from: moved.get(path).map(|from| (*from).clone()),
    };
    paths.into_iter().filter(|path| before.get(path) != after.get(path)).map(write).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn side(path: &str, text: &str) -> Option<Side> {
        Some((RelPath::new(path).unwrap(), Content::plain(text.as_bytes())))
    }

    fn delta(old: Option<Side>, new: Option<Side>) -> FileDelta {
        FileDelta { old, new }
    }

    fn composed(parts: &[Vec<FileDelta>]) -> Vec<FileDelta> {
        compose(parts.iter().map(Vec::as_slice))
    }

    #[test]
    fn a_file_moved_twice_came_from_the_first_place() {
        let parts =
            [vec![delta(side("a", "1"), side("b", "1"))], vec![delta(side("b", "1"), side("c", "2"))]];
        assert_eq!(composed(&parts), [delta(side("a", "1"), side("c", "2"))]);
        let written = writes(&composed(&parts));
        let moved: Vec<_> = written.iter().map(|w| w.moved_from.as_ref().map(RelPath::as_str)).collect();
        assert_eq!(moved, [None, Some("a")]);
    }

    #[test]
    fn what_takes_the_place_of_a_moved_file_is_new_and_still_written_over_it() {
        let parts = [vec![delta(side("a", "1"), side("b", "1")), delta(None, side("a", "2"))]];
        let written = writes(&composed(&parts));
        let shown: Vec<_> = written.iter().map(|w| (w.path.as_str(), w.expect)).collect();
        assert_eq!(shown, [("a", Some(ContentHash::of(b"1"))), ("b", None)]);
        assert!(written[0].moved_from.is_none() && written[1].moved_from.is_some());
    }

    #[test]
    fn there_and_back_is_nothing_and_gone_and_back_is_an_edit() {
        let there = vec![delta(side("a", "1"), side("b", "1"))];
        let back = vec![delta(side("b", "1"), side("a", "1"))];
        assert_eq!(composed(&[there, back]), []);
        let gone = vec![delta(side("a", "1"), None)];
        let again = vec![delta(None, side("a", "2"))];
        assert_eq!(composed(&[gone, again]), [delta(side("a", "1"), side("a", "2"))]);
    }

    /// A tree and some of its files that change their content or place, or go.
    fn step(tree: &BTreeMap<RelPath, Content>, acts: &[(usize, usize, u8)]) -> Vec<FileDelta> {
        const NAMES: [&str; 5] = ["a", "b", "c/d", "c/e", "f"];
        let mut after = tree.clone();
        let mut origin: BTreeMap<RelPath, RelPath> = tree.keys().map(|p| (p.clone(), p.clone())).collect();
        for (from, to, text) in acts {
            let (from, to) = (NAMES[from % 5], NAMES[to % 5]);
            let (from, to) = (RelPath::new(from).unwrap(), RelPath::new(to).unwrap());
            match text % 4 {
                0 => drop((after.remove(&from), origin.remove(&from))),
                1 if after.contains_key(&from) && !after.contains_key(&to) => {
                    let (content, first) = (after.remove(&from).unwrap(), origin.remove(&from));
                    after.insert(to.clone(), content);
                    origin.extend(first.map(|first| (to, first)));
                }
                _ => drop(after.insert(from, Content::plain([*text]))),
            }
        }
        let kept = |path: &RelPath| origin.iter().find(|(_, first)| *first == path).map(|(now, _)| now);
        let mut deltas: Vec<FileDelta> = tree
            .iter()
            .map(|(path, old)| FileDelta {
                old: Some((path.clone(), old.clone())),
                new: kept(path).map(|now| (now.clone(), after[now].clone())),
            })
            .collect();
        let is_new = |path: &RelPath| !origin.contains_key(path);
        let new = after.iter().filter(|(path, _)| is_new(path));
        deltas.extend(new.map(|(p, c)| FileDelta { old: None, new: Some((p.clone(), c.clone())) }));
        deltas.retain(|delta| delta.old != delta.new);
        deltas
    }

    fn applied(mut tree: BTreeMap<RelPath, Content>, part: &[FileDelta]) -> BTreeMap<RelPath, Content> {
        part.iter().filter_map(|delta| delta.old.as_ref()).for_each(|(path, _)| drop(tree.remove(path)));
        tree.extend(part.iter().filter_map(|delta| delta.new.clone()));
        tree
    }

    proptest! {
        #[test]
        fn one_change_does_what_all_of_them_do(
            steps in prop::collection::vec(prop::collection::vec((0..5_usize, 0..5_usize, any::<u8>()), 0..5), 0..4),
        ) {
            let first: BTreeMap<_, _> = [side("a", "1"), side("c/d", "2")].into_iter().flatten().collect();
            let (mut tree, mut parts) = (first.clone(), Vec::new());
            for acts in steps {
                let part = step(&tree, &acts);
                tree = applied(tree, &part);
                parts.push(part);
            }
            let whole = composed(&parts);
            prop_assert_eq!(applied(first.clone(), &whole), tree.clone());
            let mut written = first.clone();
            for Write { path, expect, content, .. } in writes(&whole) {
                prop_assert_eq!(first.get(&path).map(|old| ContentHash::of(&old.bytes)), expect);
                match content {
                    Some(content) => drop(written.insert(path, content)),
                    None => drop(written.remove(&path)),
                }
            }
            prop_assert_eq!(written, tree);
        }
    }
}
