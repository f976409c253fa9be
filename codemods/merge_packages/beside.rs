//! What lies beside the modules: tests, documents, data, scripts.
//!
//! Files go to the same path in the target's folder. Where that is taken, a
//! document is appended, a suite of tests gets a folder of its own, and anything
//! else a name of its own.

use std::collections::BTreeMap;

use repot_change::{Class, Edit, Evidence, RelPath};
use repot_refer::{Meeting, Spot};
use repot_roadmap::Decide;
use repot_workspace::{Place, Workspace};

use super::build;
use super::evidence::{Account, candidate, chosen, spelled};
use super::modules::{Settled, tag};
use super::side::Side;
use super::suites::Suite;

/// Files that say what a distribution is; they are united by themselves.
const PROJECT: [&str; 6] =
    ["pyproject.toml", "setup.py", "setup.cfg", "uv.lock", "poetry.lock", "MANIFEST.in"];

/// What becomes of the files beside the modules.
#[derive(Debug, Default)]
pub struct Beside {
    /// Packages and modules that go somewhere by themselves.
    pub places: Vec<(Place, Spot)>,
    /// What becomes of files that meet another.
    pub meetings: BTreeMap<RelPath, Meeting>,
    /// Where files go that are no modules of the package.
    pub carried: BTreeMap<RelPath, RelPath>,
    /// What folders are called afterwards.
    pub folders: BTreeMap<RelPath, RelPath>,
    /// Documents that are appended to others.
    pub appended: BTreeMap<RelPath, RelPath>,
    /// Build files that are united with others.
    pub built: BTreeMap<RelPath, RelPath>,
    /// The project files of the source, which stay until they are united.
    pub project: Vec<RelPath>,
    /// Edits of tests that import each other by names that have changed.
    pub respelled: Vec<(RelPath, Vec<Edit>)>,
    /// Why.
    pub evidence: Vec<Evidence>,
}

/// What is looked at.
struct Look<'a> {
    workspace: &'a Workspace,
    from: &'a Side,
    into: &'a Side,
    /// The folders of the two distributions.
    homes: Option<(RelPath, RelPath)>,
    decided: &'a [Decide],
}

impl Beside {
    /// What becomes of the files beside the modules of `from`, which are settled,
    /// as are the places of the suites within the package.
    pub fn of(
        workspace: &Workspace,
        (from, into): (&Side, &Side),
        (modules, suites): (&Settled, &[Suite]),
        decided: &[Decide],
    ) -> Self {
        let folder = |side: &Side| side.package.map(|id| workspace.package(id).folder.clone());
        let homes =
            folder(from).zip(folder(into)).filter(|(one, other)| one != other && !other.is_within(one));
        let look = Look { workspace, from, into, homes, decided };
        let mut beside = Self::default();
        for (path, file) in workspace.snapshot().below(&from.folder) {
            let is_own = modules.own.keys().any(|own| path.is_within(own) || is_file_of(path, own));
            let is_theirs = into.folder.is_within(&from.folder) && path.is_within(&into.folder);
            if !(is_own || is_theirs || file.is_python()) {
                look.within(path, &mut beside);
            }
        }
        suites.iter().for_each(|suite| suite.settle(workspace, &mut beside));
        look.outside(&mut beside);
        beside
    }
}

fn is_file_of(path: &RelPath, stem: &RelPath) -> bool {
    path.as_str().strip_prefix(stem.as_str()).is_some_and(|rest| rest.starts_with('.'))
}

impl Look<'_> {
    fn exists(&self, path: &RelPath) -> bool {
        self.workspace.snapshot().get(path).is_some()
    }

    fn is_same(&self, one: &RelPath, other: &RelPath) -> bool {
        let content = |path| self.workspace.snapshot().content(path);
        content(one).is_some() && content(one) == content(other)
    }

    /// A file of the import package that is no Python.
    fn within(&self, path: &RelPath, beside: &mut Beside) {
        let there = path.relative_to(&self.from.folder).and_then(|rest| self.into.folder.join(rest).ok());
        let Some(there) = there.filter(|there| self.exists(there) && !self.is_same(path, there)) else {
            return;
        };
        match build::fits(self.workspace, path, &there) {
            true => {
                beside.carried.insert(path.clone(), there.clone());
                beside.built.insert(path.clone(), there);
            }
            false => self.apart(path, &there, beside),
        }
    }

    /// The files of the distribution outside of its import package.
    fn outside(&self, beside: &mut Beside) {
        let Some((home, target)) = &self.homes else { return };
        beside.folders.insert(home.clone(), target.clone());
        let (mut suites, tag) = (BTreeMap::new(), tag(self.from, self.into));
        for (path, _) in self.workspace.snapshot().below(home) {
            let is_within = path.is_within(&self.from.folder) || path.is_within(&self.into.folder);
            let is_inner = self.workspace.package_at(path) != self.from.package;
            if is_within || is_inner {
                continue;
            }
            let Some(rest) = path.relative_to(home) else { continue };
            let first = rest.split_once('/').map_or("", |(first, _)| first);
            let suite = Suite::beside(self.workspace, (home, target), first, &tag);
            if PROJECT.contains(&rest) {
                beside.project.push(path.clone());
            } else if let Some(suite) = suite {
                suites.insert(first.to_owned(), suite);
            } else if let Ok(there) = target.join(rest) {
                self.one(path, &there, beside);
            }
        }
        for suite in suites.values() {
            beside.places.extend(suite.place(self.workspace));
            suite.settle(self.workspace, beside);
        }
    }

    /// A file of the source for which the target's folder has the place `there`.
    fn one(&self, path: &RelPath, there: &RelPath, beside: &mut Beside) {
        let is_document = matches!(path.extension(), Some("md" | "rst" | "txt"))
            || ["README", "CHANGELOG"].contains(&path.file_name());
        let is_license = there.file_name().to_uppercase().starts_with("LICEN");
        if !self.exists(there) {
            beside.carried.insert(path.clone(), there.clone());
        } else if self.is_same(path, there) {
            beside.meetings.insert(path.clone(), Meeting::Covered);
            let rule = "one of the two stays: identical".to_owned();
            beside.evidence.push(Account::of(Class::Config, path, path.to_string(), rule).goes(there));
        } else if is_license {
            self.license(path, there, beside);
        } else if build::fits(self.workspace, path, there) {
            beside.carried.insert(path.clone(), there.clone());
            beside.built.insert(path.clone(), there.clone());
        } else if is_document {
            beside.carried.insert(path.clone(), there.clone());
            beside.appended.insert(path.clone(), there.clone());
            let rule = "appended under a heading".to_owned();
            beside.evidence.push(Account::of(Class::Docs, path, path.to_string(), rule).goes(there));
        } else {
            self.apart(path, there, beside);
        }
    }

    /// Two texts of licences, which only a person can bring together.
    fn license(&self, path: &RelPath, there: &RelPath, beside: &mut Beside) {
        self.apart(path, there, beside);
        let rule = "the two packages have different licences; both texts are kept".to_owned();
        let subject = spelled(there.as_str());
        if chosen(self.decided, &subject, path.as_str()).is_none() {
            let candidates = vec![
                candidate(there.as_str(), there, "the target's"),
                candidate(path.as_str(), path, "the source's"),
            ];
            beside.evidence.push(Account::of(Class::Docs, path, subject, rule).asked(candidates));
        }
    }

    /// The file gets a name that the target does not have.
    fn apart(&self, path: &RelPath, there: &RelPath, beside: &mut Beside) {
        let tag = tag(self.from, self.into);
        let extension = there.extension().map_or_else(String::new, |extension| format!(".{extension}"));
        let stem = there.file_name().strip_suffix(extension.as_str()).unwrap_or(there.file_name());
        let names = std::iter::once(String::new()).chain((2..100).map(|number| format!("_{number}")));
        let parent = there.parent().unwrap_or_else(RelPath::root);
        let mut paths = names.filter_map(|more| parent.join(&format!("{stem}_{tag}{more}{extension}")).ok());
        let is_free = |new: &RelPath| !self.exists(new) && !beside.carried.values().any(|taken| taken == new);
        let Some(new) = paths.find(is_free) else { return };
        let rule = format!("{there} is there and differs: kept apart");
        beside
            .evidence
            .push(Account::of(Class::Config, path, path.to_string(), rule).review(new.to_string()));
        beside.carried.insert(path.clone(), new);
    }
}
