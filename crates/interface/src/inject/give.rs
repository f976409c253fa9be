//! The edits by which definitions take things and callers hand them in.

use std::collections::{BTreeMap, BTreeSet};

use repot_change::Edit;
use repot_python::{Receiving, SourceFile, Unit};
use repot_workspace::ModuleId;

use super::bound::{insertion, lacks};
use super::chain::{Chain, Chains, Giver};
use super::root::{Part, Sheet, Top};
use super::standing::Standing;
use super::taker::Taker;
use super::{Injected, Root, Wanted};
use crate::{Definition, Import, Trees};

/// What all chains together do.
#[derive(Default)]
struct Gathered {
    /// What each taker takes: the thing, and whether it is kept for methods
    /// other than `__init__`.
    takes: BTreeMap<Taker, BTreeMap<Definition, bool>>,
    /// The keywords of each call, by the module and the place where they go.
    keywords: BTreeMap<(ModuleId, usize), (bool, BTreeSet<String>)>,
    edits: BTreeMap<ModuleId, Vec<Edit>>,
    imports: BTreeMap<ModuleId, BTreeSet<Import>>,
    parts: BTreeMap<usize, BTreeMap<Definition, Part>>,
    tops: BTreeMap<usize, BTreeMap<Taker, Top>>,
}

/// Carries out what is granted.
pub(super) fn carry_out(
    trees: &Trees<'_>,
    roots: &[Root],
    wanted: &[Wanted<'_>],
    chains: Chains<'_>,
) -> Injected {
    let mut giving = Giving { trees, wanted, chains: &chains, all: Gathered::default() };
    for chain in &chains.granted {
        giving.chain(chain);
    }
    giving.takers();
    giving.keywords();
    let mut injected = Injected::default();
    let Gathered { takes, mut edits, imports, parts, tops, .. } = giving.all;
    for (index, root) in roots.iter().enumerate() {
        let (Some(parts), tops) = (parts.get(&index), tops.get(&index)) else { continue };
        let known = parts.keys().map(|one| one.module);
        let known = known.chain(tops.into_iter().flatten().map(|(one, _)| one.module)).collect();
        let tops = tops.into_iter().flat_map(BTreeMap::values).collect();
        let sheet = Sheet { parts: parts.values().collect(), tops };
        injected.assembled.push((root.package, known, chains.di));
        match root.standing {
            None => injected.created.push((root.path.clone(), sheet.text(&root.module, chains.di))),
            Some(module) => {
                // That it opens was asked before anything was granted.
                let standing = Standing::open(trees, module, chains.di);
                let own = standing.map(|one| one.edits(&root.module, chains.di, &sheet)).unwrap_or_default();
                edits.entry(module).or_default().extend(own);
            }
        }
    }
    for (taker, things) in takes {
        let source = trees.get(taker.module);
        let module = trees.workspace().modules().get(taker.module);
        let at = source.scopes().module_uses(&taker.name).first().map_or(1, |span| source.line(span.start));
        for name in things.keys().map(|one| chains.parameter(&taker, one)) {
            let owner = format!("{}:{}", module.name.as_deref().unwrap_or_default(), taker.name);
            injected.taken.push((module.path.clone(), at, owner, name));
        }
    }
    let modules: BTreeSet<ModuleId> = edits.keys().chain(imports.keys()).copied().collect();
    for module in modules {
        let source = trees.get(module);
        let mut own = edits.get(&module).cloned().unwrap_or_default();
        let first = own.iter().map(|edit| edit.span.start).min().unwrap_or(usize::MAX);
        own.extend(imports.get(&module).and_then(|imports| insertion(&source, imports, first)));
        injected.edits.insert(module, own);
    }
    injected.needs = imports;
    injected.imports = chains.imports;
    injected.refused = chains.refused;
    injected
}

struct Giving<'a> {
    trees: &'a Trees<'a>,
    wanted: &'a [Wanted<'a>],
    chains: &'a Chains<'a>,
    all: Gathered,
}

impl Giving<'_> {
    fn chain(&mut self, chain: &Chain) {
        let definition = &chain.definition;
        for taker in &chain.takers {
            self.all.takes.entry(taker.clone()).or_default().entry(definition.clone()).or_default();
        }
        let is_function = self.chains.is_function(definition);
        for (module, call) in &chain.calls {
            let said = self.said(*module, &call.unit, definition);
            let edit = match chain.is_instance {
                true => Edit::replace(call.span, said),
                false if is_function && said == definition.name => continue,
                false => Edit::replace(call.function, said),
            };
            self.all.edits.entry(*module).or_default().push(edit);
        }
        for (module, span, root) in &chain.entries {
            let said = self.supplied(*module, *root, chain, false);
            self.all.edits.entry(*module).or_default().push(Edit::replace(*span, said));
        }
        for handing in &chain.handings {
            let module = handing.site.module;
            let value = match handing.giver {
                Giver::Unit => self.said(module, &handing.site.call.unit, definition),
                Giver::Import => self.imported(module, definition),
                Giver::Root(root) => self.supplied(module, root, chain, chain.is_instance),
                Giver::Own(root) => {
                    self.part(root, definition, chain.is_instance);
                    let said = self.chains.supplier(definition, chain.is_instance);
                    match &handing.site.call.unit {
                        Unit::Method { class, receiver, .. } if class == "Root" => {
                            format!("{receiver}.{said}")
                        }
                        _ => format!("root.{said}"),
                    }
                }
            };
            let call = if chain.is_instance { "()" } else { "" };
            let keyword = format!("{}={value}{call}", self.chains.parameter(&handing.taker, definition));
            let end = handing.site.call.end.unwrap_or(handing.site.call.span.end);
            let place = self.all.keywords.entry((module, end)).or_default();
            place.0 = handing.site.call.has_arguments;
            place.1.insert(keyword);
        }
        for taker in &chain.tops {
            let Some(root) = self.chains.root_for(taker.module) else { continue };
            self.part(root, definition, chain.is_instance);
            let name = self.trees.workspace().modules().get(taker.module).name.clone().unwrap_or_default();
            let top = self.all.tops.entry(root).or_default().entry(taker.clone());
            let top = top.or_insert_with(|| Top {
                import: Import::from(&name, &taker.name, &taker.name),
                is_class: taker.is_class,
                given: BTreeSet::new(),
            });
            let supplier = self.chains.supplier(definition, chain.is_instance);
            let call = if chain.is_instance { "()" } else { "" };
            let parameter = self.chains.parameter(taker, definition);
            top.given.insert(format!("{parameter}=self.{supplier}{call}"));
        }
    }

    /// How a module says the thing that the composition root has.
    fn supplied(&mut self, module: ModuleId, root: usize, chain: &Chain, is_instance: bool) -> String {
        self.part(root, &chain.definition, is_instance);
        let import = self.chains.root_import(module, root);
        let said = format!("{}.{}", import.bound(), self.chains.supplier(&chain.definition, is_instance));
        if lacks(self.trees, module, &import, &|_| true) == Ok(true) {
            self.all.imports.entry(module).or_default().insert(import);
        }
        said
    }

    fn part(&mut self, root: usize, definition: &Definition, is_instance: bool) {
        let Some(wanted) = self.wanted.iter().find(|one| one.definition == definition) else { return };
        let part = self.chains.part(wanted, is_instance);
        let known = self.all.parts.entry(root).or_default().entry(definition.clone());
        let known = known.or_insert_with(|| Part { instance: None, ..part.clone() });
        known.instance = known.instance.take().or(part.instance);
    }

    /// How code in `unit` says the thing that the unit takes; notes where a
    /// class has to keep it.
    fn said(&mut self, module: ModuleId, unit: &Unit, definition: &Definition) -> String {
        let named = |name: &str, is_class| Taker { module, name: name.to_owned(), is_class };
        match unit {
            Unit::Function(name) => self.chains.parameter(&named(name, false), definition),
            Unit::Method { class, method, receiver } => {
                let taker = named(class, true);
                let parameter = self.chains.parameter(&taker, definition);
                let is_field =
                    matches!(self.trees.get(module).receiving(class), Some(Receiving::Field { .. }));
                match (is_field, method.as_str()) {
                    (true, _) => format!("{receiver}.{parameter}"),
                    (false, "__init__") => parameter,
                    (false, _) => {
                        self.all.takes.entry(taker).or_default().insert(definition.clone(), true);
                        format!("{receiver}._{parameter}")
                    }
                }
            }
            Unit::Module | Unit::Closed(_) => definition.name.clone(),
        }
    }

    /// How a module says the thing that it imports.
    fn imported(&mut self, module: ModuleId, definition: &Definition) -> String {
        if let Some(bound) = self.chains.bound(module, definition) {
            return bound;
        }
        let import = self.chains.real(definition);
        self.all.imports.entry(module).or_default().insert(import);
        definition.name.clone()
    }

    fn takers(&mut self) {
        let takes = std::mem::take(&mut self.all.takes);
        for (taker, things) in &takes {
            let source = self.trees.get(taker.module);
            let mut imports = BTreeSet::new();
            let mut typed = Vec::new();
            for (definition, is_kept) in things {
                let parameter = self.chains.parameter(taker, definition);
                let Some(one) = self.wanted.iter().find(|one| one.definition == definition) else { continue };
                imports.extend(self.chains.typing(taker, one));
                let kind = self.chains.annotation(taker, one);
                typed.push((parameter, kind, *is_kept));
            }
            let edits = match taker.is_class {
                true => given_class(&source, &taker.name, &typed),
                false => given_function(&source, &taker.name, &typed),
            };
            self.all.edits.entry(taker.module).or_default().extend(edits);
            self.all.imports.entry(taker.module).or_default().extend(imports);
        }
        self.all.takes = takes;
    }

    fn keywords(&mut self) {
        for ((module, end), (has_arguments, keywords)) in &self.all.keywords {
            let all: Vec<&str> = keywords.iter().map(String::as_str).collect();
            let comma = if *has_arguments { ", " } else { "" };
            let edit = Edit::insert(*end, format!("{comma}{}", all.join(", ")));
            self.all.edits.entry(*module).or_default().push(edit);
        }
    }
}

/// A parameter, its annotation, and whether the class keeps it.
type Typed = (String, String, bool);

fn parameters(typed: &[Typed]) -> String {
    typed.iter().map(|(name, kind, _)| format!("{name}: {kind}")).collect::<Vec<_>>().join(", ")
}

fn given_function(source: &SourceFile, name: &str, typed: &[Typed]) -> Vec<Edit> {
    let slot = source.function_slot(name);
    let edit = slot
        .map(|slot| Edit::insert(slot.place, format!("{}{}{}", slot.before, parameters(typed), slot.after)));
    edit.into_iter().collect()
}

fn given_class(source: &SourceFile, name: &str, typed: &[Typed]) -> Vec<Edit> {
    let newline = source.line_ending();
    let indent = |at: usize| String::from_utf8_lossy(&source.bytes()[source.line_start(at)..at]).into_owned();
    let kept = |receiver: &str, indent: &str| -> String {
        let kept = typed.iter().filter(|(_, _, is_kept)| *is_kept);
        kept.map(|(name, _, _)| format!("{receiver}._{name} = {name}{newline}{indent}")).collect()
    };
    match source.receiving(name) {
        Some(Receiving::Init(slot)) => {
            let parameters = format!("{}{}{}", slot.before, parameters(typed), slot.after);
            let mut edits = vec![Edit::insert(slot.place, parameters)];
            if let Some(body) = slot.body {
                let kept = kept(&slot.receiver, &indent(body));
                edits.extend((!kept.is_empty()).then(|| Edit::insert(body, kept)));
            }
            edits
        }
        Some(Receiving::Fresh { body }) => {
            let outer = indent(body);
            let step = if outer.contains('\t') { "\t" } else { "    " };
            let inner = format!("{outer}{step}");
            let head = format!("def __init__(self, *, {}) -> None:{newline}{inner}", parameters(typed));
            let kept = kept("self", &inner);
            vec![Edit::insert(body, format!("{head}{}{newline}{newline}{outer}", kept.trim_end()))]
        }
        Some(Receiving::Field { body }) => {
            let indent = indent(body);
            let field = |(name, kind, _): &Typed| {
                format!("{name}: {kind} = field(kw_only=True, repr=False, compare=False){newline}{indent}")
            };
            vec![Edit::insert(body, typed.iter().map(field).collect::<String>())]
        }
        None => Vec::new(),
    }
}
