//! Which file of the one package answers to which of the other.
//!
//! A path below the import name says it; where there is none, the same content
//! does, and after that the symbols that both define. Only what meets at one
//! path has to be settled; the other pairs are for people to see.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::RelPath;
use repot_workspace::Workspace;

use super::likeness::{Likeness, renamed};

/// How a pair is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Both have the same path below their package.
    Path,
    /// Both hold the same, at different paths.
    Content,
    /// So many symbols of the smaller one are defined in both.
    Symbols(usize),
}

/// Two files that answer to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The incoming file.
    pub from: RelPath,
    /// The file of the target.
    pub into: RelPath,
    /// How alike they are.
    pub likeness: Likeness,
    /// How the pair is known.
    pub by: By,
}

/// The files of two folders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pairing {
    /// The pairs, sorted by the incoming file; every file is in one pair at most.
    pub pairs: Vec<Pair>,
    /// Incoming files to which none answers, sorted.
    pub alone: Vec<RelPath>,
}

/// Fewer symbols in common say nothing.
const FEWEST_SYMBOLS: usize = 2;

impl Pairing {
    /// Pairs what lies below the folder `from.0`, imported as `from.1`, with what
    /// lies below `into.0`, imported as `into.1`.
    pub fn of(workspace: &Workspace, from: (&RelPath, &str), into: (&RelPath, &str)) -> Self {
        let files = |folder: &RelPath, other: &RelPath| -> Vec<RelPath> {
            let below = workspace.snapshot().below(folder).map(|(path, _)| path.clone());
            below.filter(|path| !(other.is_within(folder) && path.is_within(other))).collect()
        };
        let (incoming, mut there) = (files(from.0, into.0), BTreeSet::from_iter(files(into.0, from.0)));
        let mut pairing = Self::default();
        for path in incoming {
            let beside = path.relative_to(from.0).and_then(|rest| into.0.join(rest).ok());
            match beside.filter(|path| there.remove(path)) {
                Some(into_path) => {
                    let likeness = alike(workspace, (&path, &into_path), (from.1, into.1));
                    pairing.pairs.push(Pair { from: path, into: into_path, likeness, by: By::Path });
                }
                None => pairing.alone.push(path),
            }
        }
        pairing.pair_by_content(workspace, &mut there, (from.1, into.1));
        pairing.pair_by_symbols(workspace, &mut there, (from.1, into.1));
        pairing.pairs.sort_by(|a, b| a.from.cmp(&b.from));
        pairing
    }

    fn pair_by_content(&mut self, workspace: &Workspace, there: &mut BTreeSet<RelPath>, names: (&str, &str)) {
        let mut known: BTreeMap<Vec<u8>, Vec<RelPath>> = BTreeMap::new();
        for path in there.iter() {
            known.entry(content(workspace, path, names)).or_default().push(path.clone());
        }
        self.alone.retain(|path| {
            let content = content(workspace, path, names);
            let same = known.get_mut(&content).filter(|_| !content.trim_ascii().is_empty());
            let Some(into) = same.and_then(Vec::pop) else { return true };
            there.remove(&into);
            let likeness = alike(workspace, (path, &into), names);
            self.pairs.push(Pair { from: path.clone(), into, likeness, by: By::Content });
            false
        });
    }

    fn pair_by_symbols(&mut self, workspace: &Workspace, there: &mut BTreeSet<RelPath>, names: (&str, &str)) {
        let known: Vec<(RelPath, BTreeSet<String>)> =
            there.iter().map(|path| (path.clone(), symbols(workspace, path))).collect();
        self.alone.retain(|path| {
            let own = symbols(workspace, path);
            let common = |other: &BTreeSet<String>| own.intersection(other).count();
            let best = known.iter().filter(|(into, _)| there.contains(into));
            let best = best.max_by_key(|(into, other)| (common(other), std::cmp::Reverse(into.clone())));
            let Some((into, other)) = best else { return true };
            let count = common(other);
            if count < FEWEST_SYMBOLS || count * 2 < own.len().min(other.len()) {
                return true;
            }
            there.remove(into);
            let likeness = alike(workspace, (path, into), names);
            let by = By::Symbols(count);
            self.pairs.push(Pair { from: path.clone(), into: into.clone(), likeness, by });
            false
        });
    }
}

fn bytes(workspace: &Workspace, path: &RelPath) -> Vec<u8> {
    workspace.snapshot().content(path).map(|content| content.bytes.to_vec()).unwrap_or_default()
}

fn content(workspace: &Workspace, path: &RelPath, names: (&str, &str)) -> Vec<u8> {
    match path.extension() {
        Some("py" | "pyi") => renamed(&bytes(workspace, path), names),
        _ => bytes(workspace, path),
    }
}

fn alike(workspace: &Workspace, (from, into): (&RelPath, &RelPath), names: (&str, &str)) -> Likeness {
    let is_python = matches!(from.extension(), Some("py" | "pyi"));
    Likeness::of(&bytes(workspace, from), &bytes(workspace, into), is_python, names)
}

fn symbols(workspace: &Workspace, path: &RelPath) -> BTreeSet<String> {
    let Some(file) = workspace.snapshot().get(path).filter(|file| file.is_python()) else {
        return BTreeSet::new();
    };
    let definitions = file.definitions();
    let own = definitions.names.keys().filter(|name| definitions.defines(name) && !name.starts_with('_'));
    own.cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use repot_roadmap::Pattern;
    use repot_workspace::{Shape, Snapshot};

    use super::*;

    fn paired(files: &[(&str, &str)]) -> Pairing {
        let path = |text: &str| RelPath::new(text).unwrap();
        let files = files.iter().map(|(name, text)| (path(name), text.as_bytes().to_vec()));
        let shape = Shape { members: vec![Pattern::new(".").unwrap()], ..Shape::default() };
        let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
        Pairing::of(&workspace, (&path("old"), "old"), (&path("new"), "new"))
    }

    #[test]
    fn path_comes_before_content_and_content_before_symbols() {
        let pairing = paired(&[
            ("old/a.py", "A = 1\n"),
            ("old/b.py", "from old.a import A\nB = A\n"),
            ("old/c.py", "def one(): return 1\ndef two(): return 2\n"),
            ("old/d.py", "def lone(): ...\n"),
            ("new/a.py", "A = 2\n"),
            ("new/x.py", "from new.a import A\nB = A\n"),
            ("new/y.py", "def two(): return 3\ndef one(): return 4\n"),
        ]);
        let short: Vec<_> =
            pairing.pairs.iter().map(|pair| (pair.from.as_str(), pair.into.as_str(), pair.by)).collect();
        let expected = [
            ("old/a.py", "new/a.py", By::Path),
            ("old/b.py", "new/x.py", By::Content),
            ("old/c.py", "new/y.py", By::Symbols(2)),
        ];
        assert_eq!(short, expected);
        assert_eq!(pairing.pairs[1].likeness, Likeness::Renamed);
        assert_eq!(pairing.alone, [RelPath::new("old/d.py").unwrap()]);
    }

    proptest! {
        #[test]
        fn every_file_is_in_one_place(
            old in proptest::collection::btree_map("[abc]", "[xy] = 1\n", 0..4),
            new in proptest::collection::btree_map("[abc]", "[xy] = 1\n", 0..4),
        ) {
            let named = |folder: &str, files: &BTreeMap<String, String>| -> Vec<(String, String)> {
                files.iter().map(|(name, text)| (format!("{folder}/{name}.py"), text.clone())).collect()
            };
            let files = [named("old", &old), named("new", &new)].concat();
            let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            let pairing = paired(&files);
            let from: BTreeSet<&RelPath> =
                pairing.pairs.iter().map(|pair| &pair.from).chain(&pairing.alone).collect();
            let into: BTreeSet<&RelPath> = pairing.pairs.iter().map(|pair| &pair.into).collect();
            prop_assert_eq!(from.len(), old.len());
            prop_assert_eq!(pairing.pairs.len() + pairing.alone.len(), old.len());
            prop_assert_eq!(into.len(), pairing.pairs.len());
        }
    }
}
