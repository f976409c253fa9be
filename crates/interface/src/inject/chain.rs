//! Chains: who takes what, and who hands it in.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::Span;
use repot_python::{Call, ImportStmt, Kind, MemberKind, Mention, Unit, UseKind};
use repot_workspace::{ModuleId, PackageGraph, Reach, Role};

use super::bound::lacks;
use super::callers::{Callers, Site};
use super::names::snake;
use super::root::Part;
use super::standing::Standing;
use super::taker::Taker;
use super::{Di, Place, Replaced, Root, Wanted};
use crate::{Consumer, Definition, Trees};

/// Who hands something in at a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Giver {
    /// The definition around the call, which takes it itself.
    Unit,
    /// The module, which may import it.
    Import,
    /// The composition root of the package.
    Root(usize),
    /// The composition root, in its own file.
    Own(usize),
}

/// A call that hands something in.
#[derive(Debug, Clone)]
pub(super) struct Handing {
    pub(super) site: Site,
    pub(super) giver: Giver,
    pub(super) taker: Taker,
}

/// One import that is injected.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) definition: Definition,
    /// The calls of the thing itself.
    pub(super) calls: Vec<(ModuleId, Call)>,
    /// Where the code of an entry of a framework says it, and the composition
    /// root of its package.
    pub(super) entries: Vec<(ModuleId, Span, usize)>,
    pub(super) takers: BTreeSet<Taker>,
    pub(super) handings: Vec<Handing>,
    /// Whether an instance is handed in, and not what makes one.
    pub(super) is_instance: bool,
    /// Those that nobody in the workspace makes or calls.
    pub(super) tops: Vec<Taker>,
}

/// The chains of all that is wanted.
pub(super) struct Chains<'a> {
    pub(super) trees: &'a Trees<'a>,
    pub(super) callers: &'a Callers<'a>,
    pub(super) roots: &'a [Root],
    pub(super) di: Di,
    graph: PackageGraph,
    pub(super) granted: Vec<Chain>,
    pub(super) imports: BTreeMap<Place, Replaced>,
    pub(super) refused: BTreeMap<Place, String>,
    /// The names that composition roots and parameters have, and for what.
    claimed: BTreeMap<String, Definition>,
    /// Whether what a taker takes is an instance.
    pub(super) forms: BTreeMap<(Taker, Definition), bool>,
}

impl<'a> Chains<'a> {
    pub(super) fn new(trees: &'a Trees<'a>, callers: &'a Callers<'a>, roots: &'a [Root], di: Di) -> Self {
        let (granted, imports, refused, claimed, forms) = Default::default();
        let graph = PackageGraph::new(trees.workspace().crossings());
        Self { trees, callers, roots, di, graph, granted, imports, refused, claimed, forms }
    }

    pub(super) fn is_function(&self, definition: &Definition) -> bool {
        self.trees.kind(definition) == Some(Kind::Function)
    }

    /// Injects one import, or says why not.
    pub(super) fn add(&mut self, wanted: &Wanted<'_>, consumer: &Consumer) {
        let place = (consumer.module, consumer.statement, consumer.item);
        let chain = self.chain(wanted, consumer).and_then(|(chain, replaced)| {
            self.claim(&chain, wanted).map(|names| {
                self.claimed.extend(names);
                (chain, replaced)
            })
        });
        match chain {
            Ok((chain, replaced)) => {
                for taker in &chain.takers {
                    self.forms.insert((taker.clone(), chain.definition.clone()), chain.is_instance);
                }
                self.granted.push(chain);
                self.imports.insert(place, replaced);
            }
            Err(reason) => drop(self.refused.insert(place, reason)),
        }
    }

    fn chain(&self, wanted: &Wanted<'_>, consumer: &Consumer) -> Result<(Chain, Replaced), String> {
        let definition = wanted.definition;
        let is_function = self.is_function(definition);
        if !is_function && !self.trees.kind(definition).is_some_and(Kind::is_class) {
            return Err("it is neither a class nor a function".to_owned());
        }
        let source = self.trees.get(consumer.module);
        let statement = source.imports().get(consumer.statement).ok_or("its import is gone")?;
        let item = statement.items().get(consumer.item).ok_or("its import is gone")?;
        check_import(statement, consumer, item.alias.is_some())?;
        let (mut calls, mut entries) = (Vec::new(), Vec::new());
        let root = self.roots.iter().position(|root| self.is_at(consumer.module, root));
        for one in &consumer.usage.uses {
            let line = source.line(one.span.start);
            match (&one.kind, source.mention(one.span)) {
                (UseKind::Annotation { .. }, _) if !is_function => {}
                (UseKind::Called(_), Mention::Call(call)) if self.is_entry(consumer.module, &call.unit) => {
                    let root = root.ok_or_else(|| format!("line {line}: a framework calls what calls it"))?;
                    entries.push((consumer.module, one.span, root));
                }
                (_, Mention::Dependency) => {
                    let root = root.ok_or_else(|| format!("line {line}: a framework calls it"))?;
                    entries.push((consumer.module, one.span, root));
                }
                (UseKind::Called(_), Mention::Call(call)) => calls.push((consumer.module, call)),
                (kind, _) => return Err(format!("line {line} {}", other_use(kind))),
            }
        }
        if consumer.usage.is_listed {
            return Err("`__all__` hands it on".to_owned());
        }
        self.callers.check_kept(consumer.module, item.bound())?;
        let (is_instance, mut chain) = (self.may_be_instance(is_function, &calls), None);
        for form in if is_instance { &[true, false][..] } else { &[false][..] } {
            let one = self.follow(definition, &calls, *form);
            let is_done = one.is_ok();
            chain = Some(one);
            if is_done {
                break;
            }
        }
        let mut chain = chain.ok_or("it is never called")??;
        if consumer.usage.uses.is_empty() {
            return Err("it is imported and not used".to_owned());
        }
        chain.entries = entries;
        self.check_circle(&chain, wanted)?;
        self.check_names(&chain, wanted, consumer)?;
        let annotates = consumer.usage.uses.iter().any(|one| matches!(one.kind, UseKind::Annotation { .. }));
        if annotates && is_local(statement) {
            return Err("it is imported within a function that annotates with it".to_owned());
        }
        let is_typed = !is_local(statement) && (annotates || (!is_function && !calls.is_empty()));
        Ok((chain, if is_typed { Replaced::Protocol } else { Replaced::Gone }))
    }

    /// The names that a chain needs for itself, among all chains.
    fn claim(&self, chain: &Chain, wanted: &Wanted<'_>) -> Result<BTreeMap<String, Definition>, String> {
        let own = |name: String| (name, chain.definition.clone());
        let supplied = [false, true].map(|form| own(self.supplier(&chain.definition, form)));
        let named = [own(wanted.contract.name.clone()), own(chain.definition.name.clone())];
        let tops = chain.tops.iter().map(|taker| {
            let definition = Definition { module: taker.module, name: taker.name.clone() };
            (snake(&taker.name), definition)
        });
        let names: BTreeMap<String, Definition> = supplied.into_iter().chain(named).chain(tops).collect();
        let is_taken = |(name, one): &(&String, &Definition)| {
            matches!(name.as_str(), "lifetime" | "root")
                || self.claimed.get(*name).is_some_and(|other| other != *one)
        };
        match names.iter().find(is_taken) {
            Some((name, _)) => {
                Err(format!("something else is called `{name}` where things are put together"))
            }
            None => Ok(names),
        }
    }

    /// Whether a module may import a composition root.
    fn is_at(&self, module: ModuleId, root: &Root) -> bool {
        self.trees.workspace().modules().get(module).package == Some(root.package)
    }

    /// A composition root must be able to import what it hands in, and must not
    /// be imported by it.
    fn check_circle(&self, chain: &Chain, wanted: &Wanted<'_>) -> Result<(), String> {
        let workspace = self.trees.workspace();
        let handed = chain.handings.iter().filter_map(|one| match one.giver {
            Giver::Root(root) | Giver::Own(root) => Some(root),
            Giver::Unit | Giver::Import => None,
        });
        let tops = chain.tops.iter().filter_map(|taker| self.root_for(taker.module));
        let roots = chain.entries.iter().map(|entry| entry.2).chain(handed).chain(tops);
        let real = workspace.modules().get(chain.definition.module);
        for root in roots.filter_map(|root| self.roots.get(root)) {
            if real.name.is_none() || real.obstacle().is_some() || real.role != Role::Code {
                return Err(format!("no import statement can name `{}`", real.path));
            }
            let is_other = real.package.filter(|own| *own != root.package);
            if is_other.is_some_and(|own| self.graph.reaches(own, root.package)) {
                return Err(format!("what it lies in imports the package of `{}`", root.module));
            }
            self.check_standing(root, chain, wanted)?;
        }
        Ok(())
    }

    /// A composition root that stands already must be able to take in the thing.
    fn check_standing(&self, root: &Root, chain: &Chain, wanted: &Wanted<'_>) -> Result<(), String> {
        let Some(module) = root.standing else { return Ok(()) };
        let standing = Standing::open(self.trees, module, self.di)?;
        let part = self.part(wanted, chain.is_instance);
        let mut is_known = true;
        for import in part.imports() {
            is_known &= !lacks(self.trees, module, &import, &|_| false)?;
        }
        let own = [Some(&part.attribute), part.instance.as_ref()];
        let own = own.into_iter().flatten().filter(|_| !is_known);
        let tops = chain.tops.iter().map(|taker| snake(&taker.name)).collect::<Vec<_>>();
        match own.chain(&tops).find(|name| standing.has(name)) {
            Some(name) => {
                Err(format!("the `Root` of `{}` has a `{name}` that is something else", root.module))
            }
            None => Ok(()),
        }
    }

    /// The thing as a part of a composition root.
    pub(super) fn part(&self, wanted: &Wanted<'_>, is_instance: bool) -> Part {
        let definition = wanted.definition;
        let surface = self.trees.surface(definition);
        let is_plain = |one: &MemberKind| match one {
            MemberKind::Method(all) => {
                all.iter().all(|one| !one.is_async && one.arguments.iter().all(|one| one.has_default))
            }
            _ => false,
        };
        let close = surface.as_ref().and_then(|surface| surface.member("close"));
        Part {
            real: self.real(definition),
            contract: wanted.contract.clone(),
            attribute: self.supplier(definition, false),
            is_function: self.is_function(definition),
            instance: is_instance.then(|| self.supplier(definition, true)),
            is_closed: close.is_some_and(|one| is_plain(&one.kind)),
        }
    }

    /// Whether one instance for each instance of the class is what is made today.
    fn may_be_instance(&self, is_function: bool, calls: &[(ModuleId, Call)]) -> bool {
        let is_init = |unit: &Unit| matches!(unit, Unit::Method { method, .. } if method == "__init__");
        match calls {
            [(_, one)] => !is_function && one.is_whole && !one.has_arguments && is_init(&one.unit),
            _ => false,
        }
    }

    /// Follows the callers up to those who may have the thing.
    fn follow(
        &self,
        definition: &Definition,
        calls: &[(ModuleId, Call)],
        is_instance: bool,
    ) -> Result<Chain, String> {
        let mut chain = Chain {
            definition: definition.clone(),
            calls: calls.to_vec(),
            entries: Vec::new(),
            takers: BTreeSet::new(),
            handings: Vec::new(),
            is_instance,
            tops: Vec::new(),
        };
        let mut work: Vec<(Taker, Vec<String>)> = Vec::new();
        for (module, call) in calls {
            work.push((self.taker(*module, &call.unit)?, Vec::new()));
        }
        while let Some((taker, way)) = work.pop() {
            if !chain.takers.insert(taker.clone()) {
                continue;
            }
            let mut way = way;
            way.push(format!("`{}`", taker.name));
            let chained = |reason: String| match way.len() {
                1 => reason,
                _ => format!("{reason} ({})", way.join(" ← ")),
            };
            self.check_taker(&taker, definition, is_instance).map_err(chained)?;
            let key = Definition { module: taker.module, name: taker.name.clone() };
            let sites = self.callers.of(&key).map_err(chained)?;
            if sites.is_empty() {
                if self.root_for(taker.module).is_none() {
                    let does = if taker.is_class { "makes" } else { "calls" };
                    return Err(chained(format!(
                        "nothing in the workspace {does} `{}`, and `composition-roots` in `[boundaries]` names no `bootstrap.py` that could",
                        taker.name
                    )));
                }
                chain.tops.push(taker.clone());
            }
            for site in sites {
                let giver = self.giver(&site, definition);
                if site.call.end.is_none() {
                    return Err(chained(format!("{} hands in a bare generator", self.at(&site))));
                }
                if let Giver::Own(root) = giver {
                    self.check_own(&site, root).map_err(chained)?;
                }
                if giver == Giver::Unit {
                    let unit = self.taker(site.module, &site.call.unit);
                    let unit = unit.map_err(|reason| chained(format!("{}: {reason}", self.at(&site))))?;
                    if is_instance {
                        return Err(chained("it is handed on".to_owned()));
                    }
                    work.push((unit, way.clone()));
                }
                chain.handings.push(Handing { site, giver, taker: taker.clone() });
            }
        }
        Ok(chain)
    }

    fn at(&self, site: &Site) -> String {
        let path = &self.trees.workspace().modules().get(site.module).path;
        format!("{path}:{}", self.trees.get(site.module).line(site.call.span.start))
    }

    /// Who hands the thing in at a call.
    fn giver(&self, site: &Site, definition: &Definition) -> Giver {
        let workspace = self.trees.workspace();
        let (own, other) = (workspace.modules().get(site.module), workspace.modules().get(definition.module));
        if let Some(root) = self.roots.iter().position(|root| Some(root.package) == own.package) {
            let is_own = self.roots.get(root).is_some_and(|root| root.standing == Some(site.module));
            return if is_own { Giver::Own(root) } else { Giver::Root(root) };
        }
        let is_open = workspace.domains().reach(own.package, other.package) != Reach::Forbidden;
        let knows = own.package == other.package
            || other.package.is_some_and(|package| {
                own.package.is_none_or(|own| {
                    workspace.declares(own, package)
                        || workspace.crossings().iter().any(|one| (one.from, one.to) == (own, package))
                })
            });
        let is_named = other.name.is_some() && other.obstacle().is_none() && other.role == Role::Code;
        if is_open && knows && is_named { Giver::Import } else { Giver::Unit }
    }

    /// Whether code in the file of a composition root can say `root`.
    fn check_own(&self, site: &Site, root: usize) -> Result<(), String> {
        let source = self.trees.get(site.module);
        let definitions = source.definitions();
        let bound = definitions.names.get("root").and_then(|all| Some(all.first()?.span.end));
        let is_bound = match &site.call.unit {
            // Where there is none yet, one is added.
            Unit::Function(_) | Unit::Method { .. } => true,
            Unit::Module => bound.is_some_and(|end| end <= site.call.span.start),
            Unit::Closed(_) => false,
        };
        match is_bound {
            true => Ok(()),
            false => Err(format!("{} has no `root` of `{}` yet", self.at(site), self.roots[root].module)),
        }
    }

    /// The root that can make what nobody makes: its package's own, or the only
    /// one, where that may import it.
    pub(super) fn root_for(&self, module: ModuleId) -> Option<usize> {
        let workspace = self.trees.workspace();
        let module = workspace.modules().get(module);
        let is_named = module.name.is_some() && module.obstacle().is_none();
        let own = self.roots.iter().position(|root| Some(root.package) == module.package);
        let only = (self.roots.len() == 1).then_some(0);
        own.or(only).filter(|_| is_named)
    }
}

fn check_import(statement: &ImportStmt, consumer: &Consumer, has_alias: bool) -> Result<(), String> {
    match () {
        () if consumer.type_checking => Err("it is imported for types only".to_owned()),
        () if !statement.is_unconditional() && !is_local(statement) => {
            Err("it is imported under a condition or in the body of a class".to_owned())
        }
        () if has_alias => Err("it is imported under another name".to_owned()),
        () if statement.as_from().is_none() => Err("its module is imported, not the name".to_owned()),
        () => Ok(()),
    }
}

/// Whether a statement stands plainly in a function.
pub(super) fn is_local(statement: &ImportStmt) -> bool {
    statement.context.in_function && !statement.context.conditional
}

fn other_use(kind: &UseKind) -> &'static str {
    match kind {
        UseKind::Called(_) => "calls it in an unusual way",
        UseKind::Annotation { .. } => "annotates with it",
        UseKind::Attribute(_) => "uses an attribute of it",
        UseKind::Decorator(_) => "decorates with it",
        UseKind::Default => "has it as a default value",
        UseKind::Base => "derives a class from it",
        UseKind::Raised(_) | UseKind::Caught => "raises or catches it",
        UseKind::TypeTest => "tests for it",
        UseKind::Value(_) => "hands it on as a value",
        UseKind::Rebound => "binds its name anew",
    }
}
