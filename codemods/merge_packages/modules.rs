//! What becomes of each incoming module: it goes to a free place, becomes one
//! with the module there, or keeps a module of its own.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{Class, Evidence, RelPath};
use repot_refer::{Meeting, Spot};
use repot_roadmap::Decide;
use repot_workspace::{ModuleId, Place, Workspace};

use super::evidence::{Account, Choice, candidate, chosen};
use super::inits::Inits;
use super::likeness::{Likeness, is_stub};
use super::meaning::{Fit, Meanings};
use super::side::Side;
use super::suites::Suite;

/// What is known before any module is looked at.
pub struct Modules<'a> {
    pub workspace: &'a Workspace,
    pub from: &'a Side,
    pub into: &'a Side,
    /// Modules, by their path below the package, that take the target's place.
    pub take: &'a BTreeSet<String>,
    pub decided: &'a [Decide],
    /// Suites of tests within the packages, which go elsewhere as a whole.
    pub suites: &'a [Suite],
}

/// What becomes of the modules.
#[derive(Debug, Default)]
pub struct Settled {
    /// Modules and packages that keep a place of their own, with it.
    pub own: BTreeMap<RelPath, (Place, Spot)>,
    /// What becomes of files that meet another.
    pub meetings: BTreeMap<RelPath, Meeting>,
    /// As in [`Meanings`].
    pub aliased: BTreeSet<(ModuleId, String)>,
    /// Why, file by file.
    pub evidence: Vec<Evidence>,
}

/// One incoming module that meets another.
struct Met {
    stem: RelPath,
    incoming: ModuleId,
    there: ModuleId,
    likeness: Likeness,
}

impl Modules<'_> {
    /// What becomes of every module but the `__init__` files.
    pub fn settle(&self) -> Settled {
        let suites =
            self.suites.iter().filter_map(|suite| Some((suite.from.clone(), suite.place(self.workspace)?)));
        let mut settled = Settled { own: suites.collect(), ..Settled::default() };
        let met = self.meet(&mut settled);
        let (workspace, from, into) = (self.workspace, self.from, self.into);
        let own = settled.own.keys().cloned().collect();
        let mut meanings = Meanings { workspace, from, into, own, aliased: BTreeSet::new() };
        // What a module imports may itself keep its own place, or its own name in
        // an `__init__`, so that the two come to differ.
        loop {
            let aliased = Inits::of(&meanings, self.decided).map(|inits| inits.aliases).unwrap_or_default();
            let before = (meanings.own.len(), meanings.aliased.len());
            meanings.aliased.extend(aliased.into_keys());
            let clashes = |one: &&Met| !meanings.own.contains(&one.stem) && self.keeps_own(&meanings, one);
            let more: Vec<RelPath> = met.iter().filter(clashes).map(|one| one.stem.clone()).collect();
            meanings.own.extend(more);
            if before == (meanings.own.len(), meanings.aliased.len()) {
                break;
            }
        }
        for one in &met {
            self.rule(&meanings, one, &mut settled);
        }
        settled.aliased = meanings.aliased;
        settled
    }

    /// The modules that meet one of the target. A module that meets a package, or
    /// a package that meets a module, gets a place of its own at once.
    fn meet(&self, settled: &mut Settled) -> Vec<Met> {
        let mut met = Vec::new();
        for (incoming, module) in self.workspace.modules().iter() {
            let stem = module.stem();
            let Some(rest) = stem.relative_to(&self.from.folder).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let is_done = settled.own.keys().any(|own| stem.is_within(own));
            let is_inside =
                self.into.folder.is_within(&self.from.folder) && stem.is_within(&self.into.folder);
            if is_done || is_inside || self.workspace.modules().importable(&stem) != Some(incoming) {
                continue;
            }
            self.meet_above(&stem, settled);
            let Some(place) = self.into.folder.join(rest).ok() else { continue };
            let Some(there) = self.workspace.locate(&place, &[]) else { continue };
            let is_package = self.workspace.folder_of(&there).is_some();
            if settled.own.keys().any(|own| stem.is_within(own)) {
                continue;
            }
            if is_package != module.is_init {
                self.keep(&Place::Module(incoming), "a module and a package have the name", settled);
            } else if let (Place::Module(there), false) = (there, module.is_init) {
                met.push(self.pair(stem, incoming, there));
            }
        }
        met
    }

    /// A folder without `__init__` that meets a module.
    fn meet_above(&self, stem: &RelPath, settled: &mut Settled) {
        let folders = stem
            .ancestors()
            .take_while(|folder| *folder != self.from.folder && folder.is_within(&self.from.folder));
        for folder in folders.collect::<Vec<_>>().into_iter().rev() {
            let namespace = Place::Namespace(folder.clone());
            let rest = folder.relative_to(&self.from.folder).unwrap_or_default();
            let there = self.into.folder.join(rest).ok().and_then(|path| self.workspace.locate(&path, &[]));
            let is_module = there.is_some_and(|there| self.workspace.folder_of(&there).is_none());
            let is_namespace = self.workspace.locate(&folder, &[]).as_ref() == Some(&namespace);
            if is_module && is_namespace && !settled.own.contains_key(&folder) {
                self.keep(&namespace, "a module and a package have the name", settled);
            }
        }
    }

    fn pair(&self, stem: RelPath, incoming: ModuleId, there: ModuleId) -> Met {
        let names = (self.from.name.as_str(), self.into.name.as_str());
        let likeness = Likeness::of(self.bytes(incoming), self.bytes(there), true, names);
        Met { stem, incoming, there, likeness }
    }

    fn bytes(&self, id: ModuleId) -> &[u8] {
        self.workspace.file(id).bytes().map_or(&[], |bytes| bytes)
    }

    fn keeps_own(&self, meanings: &Meanings<'_>, one: &Met) -> bool {
        if self.is_taken(one) {
            return false;
        }
        // Equal text does not mean the same where what it imports differs.
        let fit = || meanings.fit(one.incoming, one.there);
        let is_stub = |id| is_stub(self.bytes(id));
        match one.likeness.is_same() {
            true => matches!(fit(), Fit::Clash(_)) && !meanings.own.is_empty(),
            false if is_stub(one.there) && !is_stub(one.incoming) => true,
            false => !matches!(fit(), Fit::Joins { .. }),
        }
    }

    fn is_taken(&self, one: &Met) -> bool {
        let rest = one.stem.relative_to(&self.from.folder).unwrap_or_default();
        let (subject, source) = (self.subject(one), self.source(one));
        let is_named = self.take.contains(&rest.replace('/', "."));
        is_named || chosen(self.decided, &subject, &source) == Some(Choice::Source)
    }

    /// The dotted name of the module of the target.
    fn subject(&self, one: &Met) -> String {
        self.workspace.name_of(&Place::Module(one.there)).unwrap_or_default()
    }

    fn source(&self, one: &Met) -> String {
        self.workspace.name_of(&Place::Module(one.incoming)).unwrap_or_default()
    }

    fn account(&self, id: ModuleId, rule: String) -> Account {
        let module = self.workspace.modules().get(id);
        let subject = module.name.clone().unwrap_or_default();
        let package = self.workspace.package_name(module).map(str::to_owned);
        Account { package, ..Account::of(Class::Imports, &module.path, subject, rule) }
    }

    fn rule(&self, meanings: &Meanings<'_>, one: &Met, settled: &mut Settled) {
        let modules = self.workspace.modules();
        let (path, there) = (&modules.get(one.incoming).path, &modules.get(one.there).path);
        let account = |rule: String| self.account(one.incoming, rule);
        if self.is_taken(one) {
            settled.meetings.insert(path.clone(), Meeting::Replaces);
            let rule = "the roadmap takes the source's module instead of the target's".to_owned();
            settled.evidence.push(account(rule).review(there.to_string()));
        } else if meanings.own.contains(&one.stem) {
            self.ask(meanings, one, settled);
        } else if one.likeness.is_same() {
            settled.meetings.insert(path.clone(), Meeting::Covered);
            settled
                .evidence
                .push(account(format!("one of the two stays: {}", one.likeness.words())).goes(there));
        } else if let Fit::Joins { without, exports, dropped } = meanings.fit(one.incoming, one.there) {
            settled
                .meetings
                .insert(path.clone(), Meeting::Joined { without, exports, behind: String::new() });
            let rule = match &dropped[..] {
                [] => "the two define different names: one behind the other".to_owned(),
                names => format!("one behind the other; both define {} just so", listed(names)),
            };
            settled.evidence.push(account(rule).goes(there));
        }
        self.rule_stub(one, settled);
    }

    /// A type stub beside a module that does not keep a place of its own.
    fn rule_stub(&self, one: &Met, settled: &mut Settled) {
        let beside = |id| {
            let stem = self.workspace.path_of(&Place::Module(id));
            let path = RelPath::new(&format!("{stem}.pyi")).ok()?;
            self.workspace.snapshot().get(&path).is_some().then_some(path)
        };
        let both = beside(one.incoming).zip(beside(one.there));
        let Some((stub, there)) = both.filter(|_| !settled.own.contains_key(&one.stem)) else { return };
        let is_taken = settled.meetings.get(&modules_path(self.workspace, one)) == Some(&Meeting::Replaces);
        let meeting = if is_taken { Meeting::Replaces } else { Meeting::Covered };
        settled.meetings.insert(stub.clone(), meeting);
        let rule = "a stub goes with its module".to_owned();
        let account = Account::of(Class::Imports, &stub, self.source(one), rule);
        settled.evidence.push(if is_taken {
            account.goes(&there)
        } else {
            account.left("the target's stub stays; what it lacks has to be added by hand".to_owned())
        });
    }

    /// The incoming module keeps a place of its own, and a person is asked.
    fn ask(&self, meanings: &Meanings<'_>, one: &Met, settled: &mut Settled) {
        let subject = self.subject(one);
        let is_stub_there = is_stub(self.bytes(one.there)) && !is_stub(self.bytes(one.incoming));
        let rule = match meanings.fit(one.incoming, one.there) {
            _ if is_stub_there => {
                "the target's module is an empty stub and the source's is not; `take` it, or keep both"
                    .to_owned()
            }
            Fit::Clash(names) => format!("both have {} with different meanings", listed(&names)),
            Fit::Unfit(reason) => reason,
            Fit::Joins { .. } => "the two mean different things".to_owned(),
        };
        let Some(spot) = self.keep(&Place::Module(one.incoming), &rule, settled) else { return };
        let source = self.source(one);
        if chosen(self.decided, &subject, &source).is_some() {
            return;
        }
        let modules = self.workspace.modules();
        let new = spot.name.unwrap_or_default();
        let candidates = vec![
            candidate(&subject, &modules.get(one.there).path, &format!("stays, beside `{new}`")),
            candidate(&source, &modules.get(one.incoming).path, "takes its place"),
        ];
        let rule = format!("{rule}; the incoming one goes to `{new}` until this is decided");
        settled.evidence.push(Account { subject, ..self.account(one.incoming, rule) }.asked(candidates));
    }

    /// Gives `place` a name that neither package has.
    fn keep(&self, place: &Place, rule: &str, settled: &mut Settled) -> Option<Spot> {
        let stem = self.workspace.path_of(place);
        let rest = stem.relative_to(&self.from.folder)?;
        let home = self.into.folder.join(rest).ok()?;
        let (parent, last) = (home.parent()?, home.file_name());
        let tag = tag(self.from, self.into);
        let is_free = |name: &String| {
            let beside = stem.parent().and_then(|folder| folder.join(name).ok());
            let there = parent.join(name).ok();
            let exists = |path: RelPath| self.workspace.locate(&path, &[]).is_some();
            !beside.is_some_and(exists) && !there.is_some_and(exists)
        };
        let names =
            std::iter::once(format!("{last}_{tag}")).chain((2..).map(|n| format!("{last}_{tag}_{n}")));
        let name = names.take(100).find(is_free)?;
        let above = parent.relative_to(&self.into.folder)?.split('/').filter(|part| !part.is_empty());
        let dotted =
            above.chain([name.as_str()]).fold(self.into.name.clone(), |all, part| format!("{all}.{part}"));
        let spot = Spot { name: Some(dotted.clone()), stem: parent.join(&name).ok()? };
        settled.own.insert(stem.clone(), (place.clone(), spot.clone()));
        let file = self.workspace.files_of(place).into_iter().next().unwrap_or(stem);
        let subject = self.workspace.name_of(place).unwrap_or_default();
        let account = Account::of(Class::Imports, &file, subject, format!("kept apart: {rule}"));
        settled.evidence.push(account.review(dotted));
        Some(spot)
    }
}

fn modules_path(workspace: &Workspace, one: &Met) -> RelPath {
    workspace.modules().get(one.incoming).path.clone()
}

/// The word by which what came from the source is told apart.
pub fn tag(from: &Side, into: &Side) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let (own, other) = (last(&from.name), last(&into.name));
    let above = from.name.rsplit('.').nth(1).filter(|_| own == other);
    match above {
        Some(above) => format!("{above}_{own}"),
        None if own == other => {
            let mut folders = from.folder.ancestors().map(|folder| folder.file_name().to_owned());
            let tells = |name: &String| name != "src" && *name != own && repot_workspace::is_identifier(name);
            folders.find(tells).unwrap_or_else(|| "incoming".to_owned())
        }
        None => own,
    }
}

/// Some names, for people.
pub fn listed(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text += &format!(" and {} more", names.len() - SHOWN);
    }
    text
}
