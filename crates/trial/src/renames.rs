//! What a phase calls otherwise, so that a problem of the tree before is known
//! again in the tree after.
//!
//! Files that move, their dotted names, and the names that statements import.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};
use repot_change::{Outcome, PlannedPhase, RelPath, Write};

use crate::reader::Key;

/// Old names and the new ones.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    files: BTreeMap<String, String>,
    everywhere: Option<Table>,
    within: BTreeMap<String, Table>,
}

#[derive(Debug)]
struct Table {
    finder: AhoCorasick,
    new: Vec<String>,
}

impl Renames {
    /// The renames of `phase`, which carries out `writes`.
    pub(crate) fn of(phase: &PlannedPhase, writes: &[Write]) -> Self {
        let moves = writes.iter().filter_map(|write| Some((write.moved_from.as_ref()?, &write.path)));
        let (mut files, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (old, new) in moves {
            files.insert(old.as_str().to_owned(), new.as_str().to_owned());
            names.insert(old.as_str().to_owned(), new.as_str().to_owned());
            names.extend(dotted_names(old, new));
        }
        let mut within: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for item in phase.evidence() {
            let Outcome::Rewritten { to, .. } = &item.outcome else { continue };
            let names = within.entry(item.path.as_str().to_owned()).or_default();
            names.insert(item.subject.replace(':', "."), to.replace(':', "."));
            if let (Some((old, _)), Some((new, _))) = (item.subject.split_once(':'), to.split_once(':')) {
                names.entry(old.to_owned()).or_insert_with(|| new.to_owned());
            }
        }
        let within = within.into_iter().filter_map(|(file, names)| Some((file, Table::of(names)?))).collect();
        Self { files, everywhere: Table::of(names), within }
    }

    /// The problem `key` as the tree after would name it.
    pub(crate) fn after(&self, key: &Key) -> Key {
        let text = self.within.get(&key.file).map(|table| table.replace(&key.text));
        let text = text.as_ref().unwrap_or(&key.text);
        let text = self.everywhere.as_ref().map_or_else(|| text.clone(), |table| table.replace(text));
        let file = self.files.get(&key.file).unwrap_or(&key.file).clone();
        Key { file, text, is_test: key.is_test }
    }
}

impl Table {
    fn of(names: BTreeMap<String, String>) -> Option<Self> {
        let names: BTreeMap<String, String> = names.into_iter().filter(|(old, new)| old != new).collect();
        if names.is_empty() {
            return None;
        }
        // Too many names for a table are too many to tell apart; none is renamed.
        let finder =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(names.keys()).ok()?;
        Some(Self { finder, new: names.into_values().collect() })
    }

    /// `text` with every old name, where it stands as a whole, as the new one.
    fn replace(&self, text: &str) -> String {
        let is_within = |char: char| char.is_alphanumeric() || char == '_';
        let mut replaced = String::new();
        let mut done = 0;
        for found in self.finder.find_iter(text) {
            let (before, after) = (&text[..found.start()], &text[found.end()..]);
            let begins = !before.ends_with(|char| is_within(char) || "./-".contains(char));
            if begins && !after.starts_with(is_within) {
                replaced += &text[done..found.start()];
                replaced += &self.new[found.pattern().as_usize()];
                done = found.end();
            }
        }
        replaced + &text[done..]
    }
}

/// The dotted names that a module may have which moves from `old` to `new`:
/// below every folder that both lie in.
fn dotted_names(old: &RelPath, new: &RelPath) -> BTreeSet<(String, String)> {
    let (Some(old), Some(new)) = (module_parts(old), module_parts(new)) else { return BTreeSet::new() };
    let shared = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let below = |from: usize| {
        let (old, new) = (old.get(from..)?, new.get(from..)?);
        // A bare word may be anything.
        (old.len() > 1 && !new.is_empty()).then(|| (old.join("."), new.join(".")))
    };
    (0..=shared).filter_map(below).collect()
}

fn module_parts(path: &RelPath) -> Option<Vec<&str>> {
    let stem = path.as_str().strip_suffix(".py").or_else(|| path.as_str().strip_suffix(".pyi"))?;
    Some(stem.strip_suffix("/__init__").unwrap_or(stem).split('/').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    #[test]
    fn a_module_is_named_from_any_folder_that_both_places_share() {
        let names = dotted_names(&path("src/shop/core/cart.py"), &path("src/shop/cart.py"));
        let old: Vec<&str> = names.iter().map(|(old, _)| old.as_str()).collect();
        assert_eq!(old, ["core.cart", "shop.core.cart", "src.shop.core.cart"]);
        assert!(names.contains(&("shop.core.cart".to_owned(), "shop.cart".to_owned())));
        assert!(dotted_names(&path("a.md"), &path("b.md")).is_empty());
    }

    #[test]
    fn only_whole_names_are_replaced() {
        let names = [("shop.core", "shop"), ("shop.core.cart", "shop.basket")];
        let names = names.map(|(old, new)| (old.to_owned(), new.to_owned()));
        let table = Table::of(names.into_iter().collect()).unwrap();
        for (old, new) in [
            ("no `shop.core.cart.add`", "no `shop.basket.add`"),
            ("\"shop.core\" is gone", "\"shop\" is gone"),
            ("shop.cores, my.shop.core, xshop.core", "shop.cores, my.shop.core, xshop.core"),
        ] {
            assert_eq!(table.replace(old), new);
        }
    }
}
