//! Injections: what classes and functions make or call without being allowed to
//! import it is handed to them, typed by a protocol.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::{
    Applicability, Candidate, Class, Content, DecisionKind, Evidence, Outcome, RelPath, Span,
};
use repot_codemod::{CodemodError, Proposal};
use repot_interface::inject::{Contract, Injected, Replaced, Root, Wanted, inject};
use repot_interface::protocol::Protocols;
use repot_interface::python::Module;
use repot_interface::{Consumer, Definition, Draft, Home, Settled, Strategy, Terms, Trees};
use repot_python::ImportStmt;
use repot_refer::{Fate, NewImport};
use repot_workspace::{PackageId, Reach, Workspace, is_identifier};

use super::crossing::{Crossing, Want};

/// What is injected, and the protocols that it takes.
#[derive(Default)]
pub struct Injections {
    /// What becomes of the files.
    pub injected: Injected,
    /// The protocols, by the dotted module that has them.
    modules: BTreeMap<String, Module>,
    contracts: BTreeMap<Definition, Contract>,
}

/// Injects what no other strategy settles, where that is allowed.
pub fn find(
    trees: &Trees<'_>,
    home: &Home,
    crossings: &[Crossing],
    settled: &Settled,
    terms: &Terms,
) -> Injections {
    let workspace = trees.workspace();
    let mut consumers: BTreeMap<&Definition, Vec<Consumer>> = BTreeMap::new();
    for crossing in crossings {
        let Want::Definition(definition) = &crossing.want else { continue };
        let verdict = settled.verdicts.get(definition);
        let fits = verdict.is_some_and(|one| one.module.is_none() && one.strategy == Some(Strategy::Inject));
        let is_open = |to| workspace.domains().reach(crossing.consumer.package, Some(to)) != Reach::Forbidden;
        let pin = terms.pinned.get(definition);
        let is_wanted = pin.map_or(terms.allowed.contains(&Strategy::Inject), |one| *one == Strategy::Inject);
        if fits && is_wanted && is_open(home.package) {
            consumers.entry(definition).or_default().push(crossing.consumer.clone());
        }
    }
    let protocols = Protocols::new(trees, home);
    let mut drafts: BTreeMap<&Definition, Draft> = BTreeMap::new();
    let mut contracts = BTreeMap::new();
    for (definition, users) in &consumers {
        let usages: Vec<_> = users.iter().map(|one| &one.usage).collect();
        let Some(draft) = protocols.draft(definition, &usages, &BTreeMap::new()) else { continue };
        let module = module_for(workspace, home, definition);
        contracts.insert((*definition).clone(), Contract { module, name: draft.name.clone() });
        drafts.insert(definition, draft);
    }
    let wanted: Vec<Wanted<'_>> = consumers
        .iter()
        .filter_map(|(definition, consumers)| {
            Some(Wanted { definition, contract: contracts.get(*definition)?, consumers })
        })
        .collect();
    let injected = inject(trees, &roots(workspace), &wanted);
    let mut modules = BTreeMap::new();
    for (definition, draft) in drafts {
        let is_granted = |one: &Consumer| injected.imports.contains_key(&place(one));
        let users: Vec<&Consumer> = consumers[definition].iter().filter(|one| is_granted(one)).collect();
        let Some(contract) = contracts.get(definition).filter(|_| !users.is_empty()) else { continue };
        let named = |id: Option<PackageId>| id.map(|id| workspace.package(id).name.clone());
        let own = workspace.modules().get(definition.module);
        let module = modules.entry(contract.module.clone()).or_insert_with(|| Module {
            name: contract.module.clone(),
            about: format!("What other domains use of `{}`.", own.name.as_deref().unwrap_or_default()),
            implementers: named(own.package).into_iter().collect(),
            consumers: BTreeSet::new(),
            drafts: Vec::new(),
            has_future: true,
        });
        module.consumers.extend(users.iter().filter_map(|one| named(one.package)));
        module.drafts.push(draft);
    }
    Injections { injected, modules, contracts }
}

fn place(consumer: &Consumer) -> repot_interface::inject::Place {
    (consumer.module, consumer.statement, consumer.item)
}

/// The module that has the protocols of the module of `definition`, which has
/// no file yet.
fn module_for(workspace: &Workspace, home: &Home, definition: &Definition) -> String {
    let module = workspace.modules().get(definition.module);
    let package = workspace.package_name(module).unwrap_or_default();
    let domain = module.package.and_then(|id| workspace.domains().of(id)).unwrap_or(package);
    let stem = module.components().next_back().unwrap_or("types");
    let (domain, package, stem) = (identifier(domain), identifier(package), identifier(stem));
    let plain = [format!("{stem}_protocols"), format!("{package}_{stem}_protocols")].into_iter();
    let numbered = (2..1000).map(|number| format!("{package}_{stem}_protocols_{number}"));
    let mut names = plain.chain(numbered).map(|name| format!("{}.{domain}.{name}", home.name));
    let is_free = |name: &String| {
        let all = workspace.modules().iter().filter(|(_, other)| {
            other.package == module.package
                && other.components().next_back() == module.components().next_back()
        });
        workspace.named(name).is_empty() && (name.contains(&format!("{package}_")) || all.count() == 1)
    };
    names.find(is_free).unwrap_or_default()
}

/// The nearest identifier to a name of a folder or domain.
fn identifier(name: &str) -> String {
    let joined: String = name
        .chars()
        .map(|char| if char.is_alphanumeric() { char } else { '_' })
        .collect::<String>()
        .to_lowercase();
    if is_identifier(&joined) { joined } else { format!("{joined}_") }
}

/// The composition roots that can be written: where the roadmap has one and no
/// file is yet; one for each package.
fn roots(workspace: &Workspace) -> Vec<Root> {
    let of = |package: PackageId| {
        workspace.package(package).trees.iter().find_map(|tree| {
            let path = tree.folder.join("bootstrap.py").ok()?;
            let is_free = workspace.snapshot().get(&path).is_none();
            (is_free && workspace.shape().is_composition_root(&path)).then(|| Root {
                package,
                path,
                module: format!("{}.bootstrap", tree.name),
            })
        })
    };
    workspace.package_ids().filter_map(of).collect()
}

impl Injections {
    /// What becomes of the import of a crossing.
    pub fn fate(&self, crossing: &Crossing) -> Option<Fate> {
        let replaced = self.injected.imports.get(&place(&crossing.consumer))?;
        let Want::Definition(definition) = &crossing.want else { return None };
        let contract = self.contracts.get(definition)?;
        Some(match replaced {
            Replaced::Gone => Fate::Repeated,
            Replaced::Protocol => Fate::Goes {
                new: NewImport::From { module: contract.module.clone(), name: contract.name.clone() },
                alias: None,
            },
        })
    }

    /// Says on a crossing what becomes of it.
    pub fn tell(&self, crossing: &mut Crossing) {
        let place = place(&crossing.consumer);
        let Want::Definition(definition) = &crossing.want else { return };
        if let Some(contract) =
            self.contracts.get(definition).filter(|_| self.injected.imports.contains_key(&place))
        {
            let to = format!("{}:{}", contract.module, contract.name);
            crossing.evidence.rule = format!("`{}` is handed in, typed by a protocol", definition.name);
            crossing.evidence.outcome = Outcome::Rewritten { to, applicability: Applicability::Certain };
        } else if let Some(reason) = self.injected.refused.get(&place) {
            crossing.evidence.rule = format!("it cannot be injected: {reason}");
            crossing.evidence.outcome = Outcome::Decision { decision: DecisionKind::Forbidden };
        }
    }

    /// What project files have to speak for.
    pub fn packages(
        &self,
        workspace: &Workspace,
        home: &Home,
    ) -> BTreeMap<PackageId, repot_interface::Wanted> {
        let mut wanted: BTreeMap<PackageId, repot_interface::Wanted> = BTreeMap::new();
        let package = |module| workspace.modules().get(module).package;
        for module in self.injected.edits.keys().chain(self.injected.imports.keys().map(|place| &place.0)) {
            let names_home = self.injected.needs.get(module).is_some_and(|imports| {
                imports.iter().any(|import| self.modules.contains_key(&import.module))
            });
            let keeps = self
                .injected
                .imports
                .iter()
                .any(|(place, one)| place.0 == *module && *one == Replaced::Protocol);
            if names_home || keeps {
                let own = package(*module).filter(|own| *own != home.package);
                if let Some(own) = own {
                    wanted.entry(own).or_default().packages.insert(home.package);
                }
            }
        }
        for (root, _, known) in &self.injected.created {
            let own = &mut wanted.entry(root.package).or_default().packages;
            own.insert(home.package);
            own.extend(known.iter().filter_map(|module| package(*module)));
            own.remove(&root.package);
        }
        wanted
    }

    /// Adds the files.
    ///
    /// # Errors
    ///
    /// [`CodemodError`] when edits overlap, which would be a fault of this code.
    pub fn write(
        self,
        workspace: &Workspace,
        home: &Home,
        proposal: &mut Proposal,
    ) -> Result<(), CodemodError> {
        let mut created: BTreeMap<RelPath, String> = BTreeMap::new();
        for (name, module) in &self.modules {
            let Some(below) = name.strip_prefix(&format!("{}.", home.name)) else { continue };
            let Ok(path) = home.folder.join(&format!("{}.py", below.replace('.', "/"))) else { continue };
            let folder = path.parent().and_then(|folder| folder.join("__init__.py").ok());
            let is_regular =
                home.folder.join("__init__.py").is_ok_and(|one| workspace.snapshot().get(&one).is_some());
            if let Some(init) = folder.filter(|init| is_regular && workspace.snapshot().get(init).is_none()) {
                let domain = below.split('.').next().unwrap_or_default();
                let text = format!("\"\"\"What `{domain}` shares with the other domains.\"\"\"\n");
                created.insert(init, text);
            }
            created.insert(path, module.text());
        }
        created.extend(self.injected.created.into_iter().map(|(root, text, _)| (root.path, text)));
        proposal.evidence.extend(
            self.injected
                .taken
                .into_iter()
                .map(|(path, line, owner, parameter)| taken(workspace, path, line, &owner, &parameter)),
        );
        // Nobody has these from there: that was asked before they were injected.
        let gone = self.injected.imports.iter().filter(|(_, replaced)| **replaced == Replaced::Gone);
        for ((module, statement, item), _) in gone {
            let items = workspace.file(*module).imports().get(*statement).map(ImportStmt::items);
            if let Some(item) = items.and_then(|items| items.get(*item)) {
                let path = workspace.modules().get(*module).path.clone();
                proposal.retired.insert((path, item.bound().to_owned()));
            }
        }
        let changes = proposal.changes_mut(Class::Imports);
        for (module, edits) in self.injected.edits {
            changes.add_edits(&workspace.modules().get(module).path, edits)?;
        }
        for (path, text) in created {
            if changes.iter().all(|(known, _)| *known != path) {
                changes.create(path, Content::plain(text.into_bytes()))?;
            }
        }
        Ok(())
    }
}

/// Why a definition takes one more parameter.
fn taken(workspace: &Workspace, path: RelPath, line: usize, owner: &str, parameter: &str) -> Evidence {
    let package = workspace.package_at(&path).map(|id| workspace.package(id).name.clone());
    Evidence {
        class: Class::Imports,
        path,
        line,
        span: Span::at(0),
        package,
        subject: owner.to_owned(),
        rule: format!("whoever uses it hands in `{parameter}` from now on"),
        candidates: Vec::<Candidate>::new(),
        winner: None,
        outcome: Outcome::Rewritten { to: owner.to_owned(), applicability: Applicability::Certain },
        warnings: Vec::new(),
    }
}
