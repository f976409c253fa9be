//! Pairs of packages that look like one package twice.
//!
//! Names say it (`data_quality` beside `quality`), or what is inside does. A
//! pair is a suspicion: nothing is merged because of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use repot_change::{ContentHash, RelPath};
use repot_workspace::{Module, Package, PackageId, Role, Workspace};

use super::symbols::symbols;
use super::{DuplicatePair, Weight};

/// Fewer module paths in common say nothing.
const FEWEST_MODULES: usize = 3;
/// Fewer classes and functions in common say nothing.
const FEWEST_SYMBOLS: usize = 10;
/// So many classes and functions in common are no accident, even where they are but
/// a fifth of what the smaller one has.
const MANY_SYMBOLS: usize = 40;
/// Smaller files hold the same by accident.
const FEWEST_BYTES: usize = 80;
/// What more packages have is a convention and says nothing about a pair.
const COMMON: usize = 12;

/// Names that many packages have for good reason.
const GENERIC: [&str; 17] = [
    "adapters",
    "api",
    "app",
    "application",
    "cli",
    "client",
    "common",
    "core",
    "domain",
    "infrastructure",
    "interfaces",
    "mobile",
    "sdk",
    "services",
    "shared",
    "utils",
    "web",
];

/// Endings that change nothing about what a package is.
const ENDINGS: [&str; 8] = ["service", "services", "package", "pkg", "lib", "library", "module", "new"];

/// What one package holds, for comparison.
struct Content<'a> {
    package: &'a Package,
    modules: BTreeSet<&'a str>,
    /// How many modules there are, those included that say nothing for comparison.
    count: usize,
    symbols: BTreeSet<&'a str>,
    /// The files of code that say something, by what they hold.
    files: HashSet<ContentHash>,
    /// How many files of other packages import it.
    importers: usize,
}

impl Content<'_> {
    fn weight(&self) -> Weight {
        Weight { modules: self.count, importers: self.importers, changed: None }
    }
}

/// A pair of packages by their positions, the smaller first.
type Pair = (usize, usize);

/// The pairs, those with the most in common first.
pub(crate) fn duplicates(workspace: &Workspace) -> Vec<DuplicatePair> {
    let contents = contents(workspace);
    let modules = in_common(contents.iter().map(|content| &content.modules));
    let symbols = in_common(contents.iter().map(|content| &content.symbols));
    let by_name = same_names(&contents);
    let candidates: BTreeSet<Pair> =
        modules.keys().chain(symbols.keys()).copied().chain(by_name.iter().copied()).collect();
    let describe = |pair: Pair| {
        let (a, b) = (contents.get(pair.0)?, contents.get(pair.1)?);
        let count = |common: &BTreeMap<Pair, usize>| common.get(&pair).copied().unwrap_or(0);
        let described = DuplicatePair {
            a: a.package.folder.clone(),
            b: b.package.folder.clone(),
            by_name: by_name.contains(&pair),
            modules: (count(&modules), a.modules.len().min(b.modules.len())),
            symbols: (count(&symbols), a.symbols.len().min(b.symbols.len())),
            files: (a.files.intersection(&b.files).count(), a.files.len().min(b.files.len())),
            weights: (a.weight(), b.weight()),
        };
        Some(described).filter(|pair| pair.by_name || is_alike(pair))
    };
    let mut pairs: Vec<DuplicatePair> = candidates.into_iter().filter_map(describe).collect();
    pairs.sort_by_key(|pair| std::cmp::Reverse((pair.symbols.0, pair.modules.0)));
    pairs
}

/// Half of the module paths, three in ten of the symbols, or a fifth of many.
fn is_alike(pair: &DuplicatePair) -> bool {
    let (modules, symbols) = (pair.modules, pair.symbols);
    (symbols.0 >= MANY_SYMBOLS && symbols.0 * 5 >= symbols.1)
        || (modules.0 >= FEWEST_MODULES && modules.0 * 2 >= modules.1)
        || (symbols.0 >= FEWEST_SYMBOLS && symbols.0 * 10 >= symbols.1 * 3)
}

fn contents(workspace: &Workspace) -> Vec<Content<'_>> {
    let empty = |package| Content {
        package,
        modules: BTreeSet::new(),
        count: 0,
        symbols: BTreeSet::new(),
        files: HashSet::new(),
        importers: 0,
    };
    let mut contents: Vec<Content<'_>> = workspace.packages().iter().map(empty).collect();
    for (id, module) in workspace.modules().iter().filter(|(_, module)| module.role == Role::Code) {
        let Some(content) = module.package.and_then(|package| contents.get_mut(package.index())) else {
            continue;
        };
        let source = workspace.file(id).bytes().map_or(&[][..], |bytes| bytes);
        content.count += 1;
        content.symbols.extend(symbols(source));
        content.modules.extend(path_in_tree(workspace, module));
        if source.len() >= FEWEST_BYTES {
            content.files.insert(workspace.file(id).hash());
        }
    }
    let importers: BTreeSet<(PackageId, &RelPath)> =
        workspace.crossings().iter().map(|crossing| (crossing.to, &crossing.path)).collect();
    for (package, _) in importers {
        if let Some(content) = contents.get_mut(package.index()) {
            content.importers += 1;
        }
    }
    contents
}

/// The path below the import tree, with the nearest folder at most, since trees
/// begin at different heights; an `__init__` says nothing.
fn path_in_tree<'a>(workspace: &Workspace, module: &'a Module) -> Option<&'a str> {
    let tree = workspace.tree_of(module).filter(|_| !module.is_init)?;
    let path = module.path.relative_to(&tree.folder).filter(|path| !path.is_empty())?;
    let start = path.rmatch_indices('/').nth(1).map_or(0, |(slash, _)| slash + 1);
    path.get(start..)
}

/// How much each pair of sets has in common; pairs without anything are left
/// out.
fn in_common<'a>(sets: impl Iterator<Item = &'a BTreeSet<&'a str>>) -> BTreeMap<Pair, usize> {
    let mut owners: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, set) in sets.enumerate() {
        set.iter().for_each(|item| owners.entry(item).or_default().push(index));
    }
    let mut common = BTreeMap::new();
    for owners in owners.values().filter(|owners| owners.len() <= COMMON) {
        for (position, a) in owners.iter().enumerate() {
            owners.iter().skip(position + 1).for_each(|b| *common.entry((*a, *b)).or_default() += 1);
        }
    }
    common
}

/// The pairs of packages with Python whose names mean the same.
fn same_names(contents: &[Content<'_>]) -> BTreeSet<Pair> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, content) in contents.iter().enumerate().filter(|(_, content)| !content.symbols.is_empty()) {
        for name in meanings(&content.package.folder) {
            by_name.entry(name).or_default().push(index);
        }
    }
    let groups = by_name.values().filter(|group| group.len() <= COMMON);
    groups
        .flat_map(|group| {
            group.iter().enumerate().flat_map(|(at, a)| group.iter().skip(at + 1).map(|b| (*a, *b)))
        })
        .collect()
}

/// What the name of a folder may mean: itself without an ending and without
/// the plural, and that without the name of its parent before it.
fn meanings(folder: &RelPath) -> BTreeSet<String> {
    let parent = folder.parent().map(|parent| words(parent.file_name())).unwrap_or_default();
    let own = words(folder.file_name());
    let without_parent = own.strip_prefix(parent.as_slice()).filter(|rest| !rest.is_empty()).unwrap_or(&own);
    let meaning = |words: &[String]| -> Option<String> {
        let is_ending = |word: &String| ENDINGS.contains(&word.as_str());
        let kept = words.split_last().filter(|(last, rest)| is_ending(last) && !rest.is_empty());
        let name = kept.map_or(words, |(_, rest)| rest).join("_");
        let name =
            name.strip_suffix('s').filter(|name| name.len() > 3 && !name.ends_with('s')).unwrap_or(&name);
        let is_generic =
            GENERIC.iter().any(|generic| generic.trim_end_matches('s') == name.trim_end_matches('s'));
        (!is_generic && !name.is_empty()).then(|| name.to_owned())
    };
    [meaning(&own), meaning(without_parent)].into_iter().flatten().collect()
}

fn words(name: &str) -> Vec<String> {
    name.split(['-', '_', '.', ' ']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_a_meaning(a: &str, b: &str) -> bool {
        let of = |path: &str| meanings(&RelPath::new(path).unwrap());
        !of(a).is_disjoint(&of(b))
    }

    #[test]
    fn names_that_mean_the_same() {
        for (a, b) in [
            ("data/data_quality", "data/quality"),
            ("x/user", "x/user_service"),
            ("x/rule", "y/rules"),
            ("x/data-quality", "x/data_quality"),
            ("a/billing", "b/billing"),
        ] {
            assert!(share_a_meaning(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("x/core", "y/core"),
            ("x/data_quality", "y/quality"),
            ("x/class", "x/clas"),
            ("x/service", "x/user_service"),
        ] {
            assert!(!share_a_meaning(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_pair_has_much_in_common() {
        let weight = Weight { modules: 0, importers: 0, changed: None };
        let pair = |modules, symbols| DuplicatePair {
            a: RelPath::root(),
            b: RelPath::root(),
            by_name: false,
            modules,
            symbols,
            files: (0, 0),
            weights: (weight, weight),
        };
        for (modules, symbols) in [((3, 6), (0, 9)), ((0, 9), (10, 33)), ((0, 9), (40, 200))] {
            assert!(is_alike(&pair(modules, symbols)), "{modules:?} {symbols:?}");
        }
        for (modules, symbols) in
            [((2, 2), (9, 9)), ((3, 7), (10, 34)), ((0, 9), (40, 201)), ((0, 9), (39, 195))]
        {
            assert!(!is_alike(&pair(modules, symbols)), "{modules:?} {symbols:?}");
        }
    }

    #[test]
    fn what_everybody_has_is_no_likeness() {
        let sets: Vec<BTreeSet<&str>> = (0..=COMMON).map(|_| BTreeSet::from(["models.py"])).collect();
        assert!(in_common(sets.iter()).is_empty());
        assert_eq!(in_common(sets.iter().take(2)), BTreeMap::from([((0, 1), 1)]));
    }
}
