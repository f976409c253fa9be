//! The search for what a legacy import meant: candidates, and their rank.
//!
//! The rules are those of the design ("Where an import should point"). Nothing
//! is chosen here that the ranking does not choose: what is equal stays equal.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use repot_change::RelPath;

use crate::module::{Module, ModuleId};
use crate::name::likeness;
use crate::resolve::Place;
use crate::spell::{Form, Obstacle, Spelling};
use crate::{Origin, Reach, Role, Workspace};

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Who imports it.
    pub importer: ModuleId,
    /// The components of the wanted module, without the legacy root.
    pub module: &'a [&'a str],
    /// The name wanted from it; `None` for the module itself.
    pub name: Option<&'a str>,
    /// The form in which the importer writes its imports.
    pub form: Form,
}

/// How a candidate has the wanted name, the better first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// It is the wanted module itself.
    IsTheModule,
    /// It defines the name.
    Defines,
    /// It has the name from another module.
    ReExports,
}

impl How {
    /// The way as it is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::IsTheModule => "is the module",
            Self::Defines => "defines it",
            Self::ReExports => "re-exports it",
        }
    }
}

/// One place where the wanted name could be imported from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The module to import from, or the module itself when that is wanted.
    pub place: Place,
    /// How it has the name.
    pub how: How,
    /// How many trailing components of the wanted module it matches.
    pub suffix: usize,
    /// How near it lies.
    pub reach: Reach,
    /// What is really behind the name.
    pub origin: Origin,
    /// How a statement names it.
    pub spelling: Result<Spelling, Obstacle>,
}

/// What the ranking says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// One candidate is the best; the text says by which rule.
    Winner(usize, &'static str),
    /// The first so many candidates are equally good.
    Several(usize),
    /// There is no candidate.
    Nobody,
}

/// The rule by which one of several files with the same bytes is taken.
pub const IDENTICAL_COPIES: &str = "identical copies";

/// Candidates by place, each with how it has the name and its suffix.
type Hits = BTreeMap<Place, (How, usize, Origin)>;

impl Workspace {
    /// The candidates for `wanted`, the best first, and what the rank says.
    #[must_use]
    pub fn search(&self, wanted: &Wanted<'_>) -> (Vec<Found>, Verdict) {
        let mut hits = Hits::new();
        self.add_modules(wanted, &mut hits);
        if let Some(name) = wanted.name {
            self.add_bindings(wanted, name, &mut hits);
        }
        let importer = self.modules().get(wanted.importer);
        let mut found: Vec<Found> = hits
            .into_iter()
            .map(|(place, (how, suffix, origin))| self.judge(importer, wanted, place, how, suffix, origin))
            .collect();
        found.sort_by_cached_key(|found| (rank(found), self.path_of(&found.place)));
        self.demote_broken(&mut found);
        let verdict = self.verdict(importer, &mut found);
        (found, verdict)
    }

    fn judge(
        &self,
        importer: &Module,
        wanted: &Wanted<'_>,
        place: Place,
        how: How,
        suffix: usize,
        origin: Origin,
    ) -> Found {
        let reach = self.domains().reach(importer.package, self.package_of(&place));
        let spelling = self.spell(importer, &place, wanted.form);
        Found { place, how, suffix, reach, origin, spelling }
    }

    /// Takes the lead from candidates that do not parse. Only those that could
    /// win are looked at, since looking costs a syntax tree.
    fn demote_broken(&self, found: &mut [Found]) {
        while let Some(best) = found.first().map(rank) {
            let mut leading =
                found.iter_mut().take_while(|found| rank(found) == best && found.spelling.is_ok());
            let broken =
                leading.find_map(|found| Some((self.broken_target(&found.place, &found.origin)?, found)));
            let Some((obstacle, found_broken)) = broken else { return };
            found_broken.spelling = Err(obstacle);
            found.sort_by_cached_key(|found| (rank(found), self.path_of(&found.place)));
        }
    }

    /// A module that does not parse cannot be imported at all.
    fn broken_target(&self, place: &Place, origin: &Origin) -> Option<Obstacle> {
        let direct = match place {
            Place::Module(id) => Some(*id),
            Place::Namespace(_) => None,
        };
        let broken = [direct, self.origin_module(origin)]
            .into_iter()
            .flatten()
            .find(|id| self.file(*id).is_broken())?;
        Some(Obstacle { reason: format!("{} does not parse", self.modules().get(broken).path) })
    }

    fn verdict(&self, importer: &Module, found: &mut [Found]) -> Verdict {
        let Some(first) = found.first() else { return Verdict::Nobody };
        let best = rank(first);
        let equal = found.iter().take_while(|other| rank(other) == best).count();
        if equal > 1 {
            let rule = self.rule_of_one_code(&found[..equal]);
            return rule.map_or(Verdict::Several(equal), |rule| Verdict::Winner(0, rule));
        }
        if let Some(public) = self.public_path(importer, found) {
            found[..=public].rotate_right(1);
            return Verdict::Winner(0, "the package's public path");
        }
        Verdict::Winner(0, self.rule_that_decided(found))
    }

    /// Why it does not matter which of `found` is taken, if it does not: all of
    /// them have the same definition behind them, or the same bytes.
    fn rule_of_one_code(&self, found: &[Found]) -> Option<&'static str> {
        let alike =
            |same: &dyn Fn(&Found, &Found) -> bool| found.windows(2).all(|pair| same(&pair[0], &pair[1]));
        let bytes = |found: &Found| self.bytes_behind(&found.origin);
        if alike(&|a, b| a.origin == b.origin) {
            Some("one definition behind all candidates")
        } else {
            alike(&|a, b| bytes(a).is_some() && bytes(a) == bytes(b)).then_some(IDENTICAL_COPIES)
        }
    }

    /// The re-export of the winner's definition that the winner's package uses
    /// itself, when its suffix is as long and a statement can name it.
    fn public_path(&self, importer: &Module, found: &[Found]) -> Option<usize> {
        let winner = &found[0];
        let Place::Module(defining) = winner.place else { return None };
        let package = self.modules().get(defining).package?;
        found.iter().position(|other| {
            let Place::Module(init) = other.place else { return false };
            let holder = self.modules().get(init);
            other.how == How::ReExports
                && other.origin == winner.origin
                && other.suffix == winner.suffix
                && other.spelling.is_ok()
                && holder.is_init
                && !importer.path.is_within(&holder.folder())
                && self.modules().get(defining).path.is_within(&holder.folder())
                && self.prefers_reexport(package, init)
        })
    }

    fn rule_that_decided(&self, found: &[Found]) -> &'static str {
        let [first, second, ..] = found else { return "the only candidate" };
        if first.suffix != second.suffix {
            "longest matching suffix"
        } else if first.spelling.is_ok() != second.spelling.is_ok() {
            "importable"
        } else if first.reach != second.reach {
            first.reach.name()
        } else {
            "definition over re-export"
        }
    }

    /// Whether `target` may be a target of `importer` at all.
    fn is_eligible(&self, importer: ModuleId, target: ModuleId) -> bool {
        let (from, to) = (self.modules().get(importer), self.modules().get(target));
        let role_fits = match to.role {
            Role::Code => true,
            Role::Test => from.role == Role::Test && from.package == to.package,
            Role::Script | Role::Shelved => false,
        };
        let is_stub = to.path.extension() == Some("pyi")
            && RelPath::new(to.path.as_str().trim_end_matches('i'))
                .is_ok_and(|py| self.modules().at(&py).is_some());
        importer != target && to.package.is_some() && role_fits && !is_stub
    }

    /// Modules and namespace folders that are what is wanted themselves. A bare
    /// name says little, so at least two components must match, or all.
    fn add_modules(&self, wanted: &Wanted<'_>, hits: &mut Hits) {
        let mut path = wanted.module.to_vec();
        path.extend(wanted.name);
        let enough = path.len().min(2);
        let Some(last) = path.last() else { return };
        let modules = self.modules().ending_with(last).iter().map(|id| Place::Module(*id));
        let folders = self.modules().folders_ending_with(last).iter().cloned().map(Place::Namespace);
        for place in modules.chain(folders) {
            let eligible = match &place {
                Place::Module(id) => self.is_eligible(wanted.importer, *id),
                Place::Namespace(folder) => self.is_bare_folder(wanted.importer, folder),
            };
            let matched = common_suffix(&self.components_of(&place), &path);
            if eligible && matched >= enough {
                let suffix = matched.saturating_sub(usize::from(wanted.name.is_some()));
                offer(hits, place.clone(), How::IsTheModule, suffix, Origin::Module(place));
            }
        }
    }

    fn is_bare_folder(&self, importer: ModuleId, folder: &RelPath) -> bool {
        let inside = self.snapshot().below(folder).find_map(|(path, _)| self.modules().at(path));
        let is_namespace = matches!(self.locate(folder, &[]), Some(Place::Namespace(_)));
        is_namespace && inside.is_some_and(|id| self.is_eligible(importer, id) || id == importer)
    }

    fn components_of(&self, place: &Place) -> Vec<String> {
        match place {
            Place::Module(id) => self.modules().get(*id).components().map(str::to_owned).collect(),
            Place::Namespace(folder) => folder.components().map(str::to_owned).collect(),
        }
    }

    /// Modules that have the name: those whose path ends with a suffix of the
    /// wanted module, then those that define it below a folder whose path does,
    /// then any that defines it in the importer's own package.
    fn add_bindings(&self, wanted: &Wanted<'_>, name: &str, hits: &mut Hits) {
        for id in self.binders_of(name) {
            if !self.is_eligible(wanted.importer, id) {
                continue;
            }
            let module = self.modules().get(id);
            let path: Vec<&str> = module.components().collect();
            let (suffix, below) = matched(&path, wanted.module);
            let is_own = module.package == self.modules().get(wanted.importer).package;
            if suffix.max(below) == 0 && !is_own {
                continue;
            }
            let place = Place::Module(id);
            match self.origin(&place, name) {
                Some(origin @ Origin::Definition { .. }) => {
                    let defines = origin == Origin::Definition { module: id, name: name.to_owned() };
                    match (defines, suffix) {
                        (true, _) => offer(hits, place, How::Defines, suffix.max(below), origin),
                        (false, 0) => {}
                        (false, _) => offer(hits, place, How::ReExports, suffix, origin),
                    }
                }
                Some(Origin::Module(inner)) if suffix > 0 => {
                    offer(hits, inner.clone(), How::IsTheModule, suffix, Origin::Module(inner));
                }
                _ => {}
            }
        }
    }
}

/// The key by which candidates are ranked; the least is the best.
fn rank(found: &Found) -> (Reverse<usize>, bool, Reach, How) {
    (Reverse(found.suffix), found.spelling.is_err(), found.reach, found.how)
}

fn offer(hits: &mut Hits, place: Place, how: How, suffix: usize, origin: Origin) {
    let best = hits.entry(place).or_insert((how, suffix, origin.clone()));
    if suffix > best.1 || (suffix == best.1 && how < best.0) {
        *best = (how, suffix, origin);
    }
}

/// How many components of the dotted name `wanted`, from its end, are matched by
/// the end of `path`, the components of a module, and by the best of the folders
/// above it.
#[must_use]
pub fn matched(path: &[&str], wanted: &[impl AsRef<str>]) -> (usize, usize) {
    let below = (1..path.len()).map(|end| common_suffix(&path[..end], wanted)).max();
    (common_suffix(path, wanted), below.unwrap_or(0))
}

/// How many trailing components of a path are like those that are wanted.
fn common_suffix<A: AsRef<str>, B: AsRef<str>>(path: &[A], wanted: &[B]) -> usize {
    path.iter().rev().zip(wanted.iter().rev()).take_while(|(a, b)| likeness(a.as_ref()) == b.as_ref()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_counted_from_the_end() {
        assert_eq!(common_suffix(&["a", "domain", "entities"], &["domain", "entities"]), 2);
        assert_eq!(common_suffix(&["a", "entities"], &["domain", "entities"]), 1);
        assert_eq!(common_suffix::<&str, &str>(&[], &["x"]), 0);
    }
}
