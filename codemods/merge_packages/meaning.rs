//! What a name of a module means, so that two modules can be compared name by
//! name as they will stand side by side.

use std::collections::BTreeSet;

use repot_change::{RelPath, Span};
use repot_python::{Definition, DefinitionKind, SourceFile};
use repot_workspace::{ModuleId, Origin, Place, Workspace, below};

use super::likeness::{bare, renamed};
use super::side::Side;

/// Names that Python has for everybody: a module that binds one of them changes
/// what the other means by it.
const BUILTINS: [&str; 38] = [
    "all", "any", "bool", "bytes", "compile", "dict", "dir", "exit", "filter", "float", "format", "hash",
    "help", "id", "input", "int", "iter", "len", "list", "map", "max", "min", "next", "object", "open",
    "pow", "print", "property", "range", "round", "set", "sorted", "str", "sum", "super", "type", "vars",
    "zip",
];

/// What is known of the two packages when names are compared.
pub struct Meanings<'a> {
    pub workspace: &'a Workspace,
    pub from: &'a Side,
    pub into: &'a Side,
    /// The incoming modules that keep a module of their own.
    pub own: BTreeSet<RelPath>,
    /// The names that an incoming `__init__` will have by another name, since the
    /// target's means something else by them.
    pub aliased: BTreeSet<(ModuleId, String)>,
}

/// How two bindings of one name compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// Both import the same.
    Import,
    /// Both define the same.
    Definition,
    /// They differ.
    Different,
}

impl Meanings<'_> {
    /// How the bindings of `name` in the two modules compare.
    pub fn compare(&self, incoming: ModuleId, there: ModuleId, name: &str) -> Sameness {
        let bindings = |id| self.bindings(id, name);
        let (one, other) = (bindings(incoming), bindings(there));
        if one.iter().chain(&other).all(Definition::is_import) {
            let keys = |id, all: &[Definition]| -> BTreeSet<String> {
                all.iter().map(|binding| self.key(id, binding)).collect()
            };
            let same_key = keys(incoming, &one) == keys(there, &other);
            let same = same_key || self.same_origin(incoming, there, name);
            return if same { Sameness::Import } else { Sameness::Different };
        }
        let ([a], [b]) = (&one[..], &other[..]) else { return Sameness::Different };
        if a.is_import() || b.is_import() {
            return Sameness::Different;
        }
        match self.statement(incoming, a).zip(self.statement(there, b)) {
            Some((a, b)) if a == b => Sameness::Definition,
            _ => Sameness::Different,
        }
    }

    fn bindings(&self, id: ModuleId, name: &str) -> Vec<Definition> {
        self.workspace.file(id).definitions().names.get(name).cloned().unwrap_or_default()
    }

    fn statement(&self, id: ModuleId, binding: &Definition) -> Option<Vec<Vec<u8>>> {
        let source = self.workspace.file(id).parse();
        let span = source.top_statement(binding.span.start)?;
        let text = renamed(&source.bytes()[span.range()], (&self.from.name, &self.into.name));
        Some(bare(&text))
    }

    /// What an import says, as it will be said in the target.
    fn key(&self, id: ModuleId, binding: &Definition) -> String {
        let DefinitionKind::Import { module, level, name, module_bound } = &binding.kind else {
            return String::new();
        };
        let home = self.workspace.modules().get(id);
        let dotted = match level {
            0 => module.clone(),
            level => {
                let own = home.name.clone().unwrap_or_default();
                let mut parts: Vec<&str> = own.split('.').collect();
                let up = level - usize::from(home.is_init);
                parts.truncate(parts.len().saturating_sub(up));
                parts.extend(module.split('.').filter(|part| !part.is_empty()));
                parts.join(".")
            }
        };
        let dotted = match below(&dotted, &self.from.name) {
            Some(_) if self.keeps_own(id, binding) || self.is_aliased(id, binding) => format!("own {dotted}"),
            Some("") => self.into.name.clone(),
            Some(rest) => format!("{}.{rest}", self.into.name),
            None => dotted,
        };
        format!("{dotted}:{} {module_bound}", name.as_deref().unwrap_or_default())
    }

    /// Whether what an import brings comes from a module that keeps its own.
    fn keeps_own(&self, id: ModuleId, binding: &Definition) -> bool {
        let DefinitionKind::Import { module, level, name, .. } = &binding.kind else { return false };
        let home = self.workspace.modules().get(id);
        let repot_workspace::Target::Found(place) = self.workspace.resolve(home, *level, module) else {
            return false;
        };
        let part = name.as_ref().and_then(|name| self.workspace.submodule(&place, name));
        let is_own = |place: &Place| self.own.contains(&self.workspace.path_of(place));
        let origin = name.as_ref().and_then(|name| self.workspace.origin(&place, name));
        let home = origin.and_then(|origin| self.workspace.origin_module(&origin)).map(Place::Module);
        [Some(place), part, home].iter().flatten().any(is_own)
    }

    /// Whether an import takes a name from an `__init__` that will have it by
    /// another one.
    fn is_aliased(&self, id: ModuleId, binding: &Definition) -> bool {
        let DefinitionKind::Import { module, level, name: Some(name), .. } = &binding.kind else {
            return false;
        };
        let home = self.workspace.modules().get(id);
        match self.workspace.resolve(home, *level, module) {
            repot_workspace::Target::Found(Place::Module(init)) => {
                self.aliased.contains(&(init, name.clone()))
            }
            _ => false,
        }
    }

    fn same_origin(&self, incoming: ModuleId, there: ModuleId, name: &str) -> bool {
        let origin = |id| self.workspace.origin(&Place::Module(id), name);
        match (origin(incoming), origin(there)) {
            (Some(one), Some(other)) if one != Origin::External => self.after(&one) == self.after(&other),
            _ => false,
        }
    }

    /// An origin by its path in the target.
    fn after(&self, origin: &Origin) -> Option<(RelPath, String)> {
        let (path, name) = match origin {
            Origin::Definition { module, name } => {
                (self.workspace.path_of(&Place::Module(*module)), name.clone())
            }
            Origin::Module(place) => (self.workspace.path_of(place), String::new()),
            Origin::External => return None,
        };
        let moved = || self.into.folder.join(path.relative_to(&self.from.folder)?).ok();
        let stays = self.own.contains(&path);
        let new = if stays { None } else { moved() };
        Some((new.unwrap_or(path), name))
    }
}

/// Why two modules cannot become one, name by name, or the parts of the
/// incoming one that are left out when they do.
pub enum Fit {
    /// They can.
    Joins {
        /// The parts that are left out.
        without: Vec<Span>,
        /// What it exports.
        exports: Vec<String>,
        /// What of it is dropped, for people.
        dropped: Vec<String>,
    },
    /// They cannot, because these names differ.
    Clash(Vec<String>),
    /// They cannot, for another reason.
    Unfit(String),
}

impl Meanings<'_> {
    /// Whether the module `incoming` can stand behind `there` in one file.
    pub fn fit(&self, incoming: ModuleId, there: ModuleId) -> Fit {
        let (one, other) = (self.workspace.file(incoming), self.workspace.file(there));
        if let Some(reason) = unfit(one, other) {
            return Fit::Unfit(reason.to_owned());
        }
        let (names, known) = (&one.definitions().names, &other.definitions().names);
        let source = one.parse();
        let mut clashes = Vec::new();
        let mut same = BTreeSet::new();
        for name in names.keys().filter(|name| *name != "__all__") {
            let shadows = BUILTINS.contains(&name.as_str()) && !known.contains_key(name);
            match known.contains_key(name).then(|| self.compare(incoming, there, name)) {
                Some(Sameness::Different) => clashes.push(name.clone()),
                Some(Sameness::Definition) => drop(same.insert(name.clone())),
                Some(Sameness::Import) => {}
                None if shadows => clashes.push(name.clone()),
                None => {}
            }
        }
        let shadows = |name: &&String| BUILTINS.contains(&name.as_str()) && !names.contains_key(*name);
        clashes.extend(known.keys().filter(shadows).cloned());
        let (mut without, kept) = repeated(&source, one.definitions(), &same);
        clashes.extend(kept);
        if !clashes.is_empty() {
            return Fit::Clash(clashes);
        }
        without.extend(preamble(&source, one.definitions()));
        without.sort();
        without.dedup();
        let exports = exported(one.definitions(), false);
        Fit::Joins { without, exports, dropped: same.into_iter().collect() }
    }
}

/// The statements that define what the other module defines just so, and the
/// names of those that cannot go by themselves.
pub fn repeated(
    source: &SourceFile,
    definitions: &repot_python::Definitions,
    same: &BTreeSet<String>,
) -> (Vec<Span>, Vec<String>) {
    let (mut spans, mut kept) = (Vec::new(), Vec::new());
    for name in same {
        let binding = definitions.names.get(name).and_then(|all| all.first());
        let span = binding.and_then(|binding| source.top_statement(binding.span.start));
        let Some(span) = span else { continue };
        let others = definitions.names.iter().filter(|(other, _)| !same.contains(*other));
        let is_shared = others.flat_map(|(_, all)| all).any(|other| span.contains(other.span));
        if is_shared {
            kept.push(name.clone());
        } else {
            spans.push(whole_lines(source, span));
        }
    }
    (spans, kept)
}

/// What stands at the head of a module for itself alone: docstring, `__future__`
/// imports, and wherever it stands, `__all__`.
pub fn preamble(source: &SourceFile, definitions: &repot_python::Definitions) -> Vec<Span> {
    let docstring = source.strings().into_iter().find(|one| one.is_docstring).map(|one| one.span);
    let docstring =
        docstring.filter(|span| source.statements().first().is_some_and(|first| first.contains(*span)));
    let futures = source.imports().iter().filter(|one| one.is_future()).map(|one| one.span);
    let all = definitions.names.get("__all__").into_iter().flatten();
    let all = all.filter_map(|binding| source.top_statement(binding.span.start));
    docstring.into_iter().chain(futures).chain(all).map(|span| whole_lines(source, span)).collect()
}

/// The names that a module says it exports, else those that it has.
pub fn exported(definitions: &repot_python::Definitions, with_imports: bool) -> Vec<String> {
    let public = |(name, _): &(&String, &Vec<Definition>)| {
        !name.starts_with('_') && (with_imports || definitions.defines(name))
    };
    match &definitions.exports {
        Some(names) => names.clone(),
        None => definitions.names.iter().filter(public).map(|(name, _)| name.clone()).collect(),
    }
}

/// A statement with the rest of its line and the blank lines behind it.
pub fn whole_lines(source: &SourceFile, span: Span) -> Span {
    let line = source.line_span(span.end.saturating_sub(1).max(span.start));
    let mut end = line.end.max(span.end);
    if !source.bytes()[span.end..end].trim_ascii().is_empty() {
        return span;
    }
    for blank in source.bytes()[end..].split_inclusive(|byte| *byte == b'\n') {
        if !blank.trim_ascii().is_empty() {
            break;
        }
        end += blank.len();
    }
    Span::new(span.start, end)
}

fn unfit(one: &repot_workspace::File, other: &repot_workspace::File) -> Option<&'static str> {
    let futures = |file: &repot_workspace::File| -> BTreeSet<String> {
        let statements = file.imports().iter().filter(|statement| statement.is_future());
        statements.flat_map(repot_python::ImportStmt::items).map(|item| item.name.text.clone()).collect()
    };
    let runs = |file: &repot_workspace::File| {
        let text = file.bytes().map_or(&[][..], |bytes| bytes);
        memchr::memmem::find(text, b"\nif __name__").is_some()
    };
    let is_computed = |file: &repot_workspace::File| {
        file.definitions().exports.is_none() && file.definitions().names.contains_key("__all__")
    };
    let both = |is: fn(&repot_workspace::File) -> bool| is(one) && is(other);
    match () {
        () if one.is_broken() || other.is_broken() => Some("one of them does not parse"),
        () if futures(one) != futures(other) => Some("they differ in their `__future__` imports"),
        () if one.has_star_import() || other.has_star_import() => Some("one of them imports a star"),
        () if runs(one) && runs(other) => Some("both run as scripts"),
        () if both(|file| file.definitions().has_getattr) => Some("both have a module `__getattr__`"),
        () if is_computed(one) => Some("its `__all__` is computed"),
        () => None,
    }
}
