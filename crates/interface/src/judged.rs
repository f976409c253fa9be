//! Generated modules for others' tools: every class of a tree as a protocol,
//! and every import of it as a contract, as if it were defined nowhere.
//!
//! `tests/prove-generated` runs this and judges what it writes.

#![allow(
    clippy::disallowed_methods,
    reason = "a proof reads the tree that it is given, and writes for judges"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use repot_change::RelPath;
use repot_python::{Kind, SourceFile, Usage, Verb};
use repot_roadmap::Pattern;
use repot_workspace::{Shape, Snapshot, Workspace};

use crate::contract::contract;
use crate::protocol::{Conformance, Known, Protocols};
use crate::python::Module;
use crate::{Definition, Draft, Home, Trees};

/// The Python files below `folder`, by their paths in it.
fn read(folder: &Path) -> Vec<(RelPath, Vec<u8>)> {
    let mut found = Vec::new();
    let mut work = vec![folder.to_owned()];
    while let Some(next) = work.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !is_hidden {
                work.push(path);
            } else if path.extension().is_some_and(|ending| ending == "py") {
                let below = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.extend(RelPath::new(&below).ok().zip(std::fs::read(&path).ok()));
            }
        }
    }
    found.sort();
    found
}

/// Code that uses every public member of a class; some are assigned to, unless
/// it only reads.
fn all_members(file: &SourceFile, name: &str, only_reads: bool) -> Usage {
    let members = file.surface(name).map(|surface| surface.members).unwrap_or_default();
    let mut code = format!("from m import {name}\ndef f(it: {name}):\n    pass\n");
    for (at, member) in members.iter().filter(|member| !member.name.starts_with("__")).enumerate() {
        let end = [" = 1", "", "()", "(1)"][at % 4];
        let is_method = matches!(member.kind, repot_python::MemberKind::Method(_));
        let end = if only_reads && end == " = 1" { "" } else { end };
        let end = if is_method || !end.starts_with('(') { end } else { "" };
        let end = if is_method && end == " = 1" { "()" } else { end };
        code.push_str(&format!("    it.{}{end}\n", member.name));
    }
    let user = SourceFile::parse(code.into_bytes().into());
    let stmt = &user.imports()[0];
    let usage = user.scopes().usage(stmt, &stmt.items()[0]);
    assert!(usage.members.iter().all(|one| one.access.verb != Verb::Deleted));
    usage
}

/// What is written: modules of at most so many definitions. Gives the module of
/// each draft.
fn write(folder: &Path, kind: &str, drafts: Vec<Draft>) -> Vec<String> {
    let mut homes = Vec::new();
    let mut modules: Vec<BTreeMap<String, Draft>> = Vec::new();
    for draft in drafts {
        let free = modules.iter_mut().rev().take(1).find(|one| {
            let clash = one.values().flat_map(|known| &known.imports).any(|import| {
                draft.imports.iter().any(|own| own.bound() == import.bound() && own != import)
                    || import.bound() == draft.name
            });
            let is_bound = draft.imports.iter().any(|own| one.contains_key(own.bound()));
            one.len() < 12 && !clash && !is_bound && !one.contains_key(&draft.name)
        });
        match free {
            Some(module) => drop(module.insert(draft.name.clone(), draft)),
            None => modules.push(BTreeMap::from([(draft.name.clone(), draft)])),
        }
        homes.push(format!("interfaces.{kind}_{:04}", modules.len() - 1));
    }
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("__init__.py"), "").unwrap();
    for (at, drafts) in modules.into_iter().enumerate() {
        let name = format!("{kind}_{at:04}");
        let module = Module {
            name: format!("interfaces.{name}"),
            about: format!("Judged {kind}s."),
            implementers: BTreeSet::new(),
            consumers: BTreeSet::from(["judge".to_owned()]),
            drafts: drafts.into_values().collect(),
            has_future: at % 2 == 0,
        };
        let text = module.text();
        assert_eq!(SourceFile::parse(text.clone().into_bytes().into()).problems(), [], "{text}");
        std::fs::write(folder.join(format!("{name}.py")), text).unwrap();
    }
    homes
}

/// What is left to the other strategies.
fn is_protocol(kind: Option<Kind>) -> bool {
    matches!(kind, Some(Kind::Class | Kind::Abstract | Kind::Dataclass | Kind::Function))
}

/// The protocols once more, with every type that they name at hand, and the
/// checks that the classes of the tree are what these say.
fn conforming(workspace: &Workspace, to: &Path) {
    let home = Home::find(workspace, "interfaces", &[]).unwrap();
    let trees = Trees::new(workspace);
    let protocols = Protocols::new(&trees, &home);
    let (mut drafts, mut sides) = (Vec::new(), Vec::new());
    for (module, own) in workspace.modules().iter() {
        let is_plain = |name: &String| name.chars().all(|char| char.is_alphanumeric() || "._".contains(char));
        let Some(module_name) = own.name.clone().filter(is_plain) else { continue };
        if !own.path.as_str().contains("/src/") && own.path.as_str().contains("test") {
            continue;
        }
        let source = trees.get(module);
        if !source.problems().is_empty() {
            continue;
        }
        for (name, bindings) in source.definitions().names.clone() {
            if bindings.iter().any(|one| one.is_import() || one.conditional) {
                continue;
            }
            let definition = Definition { module, name: name.clone() };
            let kind = trees.kind(&definition);
            if !is_protocol(kind) {
                continue;
            }
            let usage = all_members(&source, &name, true);
            let known = |ask: crate::protocol::Ask| {
                let module = workspace.modules().get(ask.definition.module).name.clone()?;
                Some((ask.definition, Known { module, is_same: true }))
            };
            let known = protocols.asks(&definition, &[&usage]).into_iter().filter_map(known).collect();
            if let Some(draft) = protocols.draft(&definition, &[&usage], &known) {
                sides.push((module_name.clone(), name, draft.name.clone(), kind == Some(Kind::Function)));
                drafts.push(draft);
            }
        }
    }
    let homes = write(&to.join("interfaces"), "conforming", drafts);
    let checks = sides.into_iter().zip(homes).map(|((module, name, protocol, is_function), home)| {
        Conformance { module, name, protocol_module: home, protocol, is_function }.check()
    });
    write(&to.join("interfaces"), "conformance", checks.collect());
    let trees = workspace.packages().iter().flat_map(|package| &package.trees);
    let roots = trees.map(|tree| tree.root.as_str().to_owned());
    let roots: BTreeSet<String> = roots.collect();
    std::fs::write(to.join("roots"), roots.into_iter().collect::<Vec<_>>().join("\n")).unwrap();
}

fn protocols(workspace: &Workspace) -> Vec<Draft> {
    let home = Home::find(workspace, "interfaces", &[]).unwrap();
    let trees = Trees::new(workspace);
    let protocols = Protocols::new(&trees, &home);
    let mut drafts = Vec::new();
    for (module, _) in workspace.modules().iter() {
        let source = trees.get(module);
        let names: Vec<String> = source.definitions().names.keys().cloned().collect();
        for name in names {
            let usage = all_members(&source, &name, false);
            drafts.extend(protocols.draft(&Definition { module, name }, &[&usage], &BTreeMap::new()));
        }
    }
    drafts
}

fn contracts(workspace: &Workspace) -> Vec<Draft> {
    let mut uses: BTreeMap<(String, String), Vec<Usage>> = BTreeMap::new();
    for (module, _) in workspace.modules().iter() {
        let source = workspace.file(module).parse();
        let scopes = source.scopes();
        for statement in source.imports().iter().filter(|one| !one.is_future()) {
            let Some(from) = statement.as_from() else { continue };
            for item in statement.items() {
                let key = (from.written(), item.name.text.clone());
                uses.entry(key).or_default().push(scopes.usage(statement, item));
            }
        }
    }
    let consumers = BTreeSet::from(["judge".to_owned()]);
    let drafts = uses.iter().filter_map(|((module, name), usages)| {
        contract(module.trim_start_matches('.'), name, usages, &consumers).ok().map(|one| one.draft)
    });
    drafts.collect()
}

#[test]
#[ignore = "tests/prove-generated runs it with the folders that it needs"]
fn modules_for_judges() {
    let folder = |name: &str| PathBuf::from(std::env::var_os(name).unwrap());
    let mut files = read(&folder("REPOT_SOURCES"));
    let interfaces = RelPath::new("p/interfaces/src/interfaces/__init__.py").unwrap();
    files.push((interfaces, Vec::new()));
    let members = ["p/*", "src/packages/*/*"];
    let shape = Shape { members: members.map(|one| Pattern::new(one).unwrap()).to_vec(), ..Shape::default() };
    let workspace = Workspace::new(Snapshot::from_files(files), Arc::new(shape));
    let to = folder("REPOT_GENERATED");
    let (protocols, contracts) = (protocols(&workspace), contracts(&workspace));
    assert!(protocols.len() > 5 && contracts.len() > 5, "{} and {}", protocols.len(), contracts.len());
    write(&to.join("interfaces"), "protocol", protocols);
    write(&to.join("interfaces"), "contract", contracts);
    conforming(&workspace, &to);
}
