//! A module of the interface package that definitions move to.

use std::collections::BTreeSet;

use repot_change::{Content, Edit, RelPath, Span};
use repot_python::{ImportKind, ImportStmt, SourceFile};
use repot_workspace::{ModuleId, Place, Workspace};

use crate::closure::Parts;
use crate::header::{Import, exports, imports};
use crate::home::Home;
use crate::python::docstring;
use crate::relocate::Relocated;
use crate::trees::Trees;

/// A module that receives the definitions of another one.
pub(crate) struct Target<'a> {
    trees: &'a Trees<'a>,
    home: &'a Home,
    /// Its dotted name.
    name: &'a str,
    /// The module that the definitions leave.
    from: ModuleId,
}

impl<'a> Target<'a> {
    pub(crate) fn new(trees: &'a Trees<'a>, home: &'a Home, name: &'a str, from: ModuleId) -> Self {
        Self { trees, home, name, from }
    }

    /// The file of the module that is called `name`.
    pub(crate) fn path(home: &Home, name: &str) -> Option<RelPath> {
        let below = name.strip_prefix(home.name.as_str())?.strip_prefix('.')?;
        home.folder.join(&format!("{}.py", below.replace('.', "/"))).ok()
    }

    /// Whether anything has the name already.
    pub(crate) fn exists(workspace: &Workspace, home: &Home, name: &str) -> bool {
        Self::path(home, name).is_none_or(|path| exists(workspace, &path))
    }

    /// Whether `from` has names from the module called `name` already.
    pub(crate) fn takes_from(trees: &Trees<'_>, home: &Home, name: &str, from: ModuleId) -> bool {
        let workspace = trees.workspace();
        let id = Self::path(home, name).and_then(|path| workspace.modules().at(&path));
        let importer = workspace.modules().get(from);
        let imports = workspace.file(from).imports().iter();
        let mut targets = imports
            .filter_map(ImportStmt::as_from)
            .map(|from| workspace.resolve(importer, from.level, from.dotted()));
        id.is_some_and(|id| targets.any(|target| target == repot_workspace::Target::Found(Place::Module(id))))
    }

    /// Writes the definitions, in the order in which they stood. `users` are the
    /// packages that import them, and `leaving` the modules that hand them on.
    pub(crate) fn receive(
        &self,
        own: &Parts,
        needed: BTreeSet<Import>,
        (users, leaving): (&BTreeSet<String>, &BTreeSet<ModuleId>),
        relocated: &mut Relocated,
    ) {
        let Some(path) = Self::path(self.home, self.name) else { return };
        let source = self.trees.get(self.from);
        let mut parts: Vec<_> = own.iter().collect();
        parts.sort_by_key(|(_, part)| part.span);
        let texts: Vec<(bool, String)> = parts
            .iter()
            .map(|(_, part)| {
                let text = String::from_utf8_lossy(&source.bytes()[part.span.range()]).replace("\r\n", "\n");
                (
                    part.kind.is_class() || part.kind == repot_python::Kind::Function,
                    text.trim_end().to_owned(),
                )
            })
            .collect();
        let names: BTreeSet<&str> = own.keys().map(|one| one.name.as_str()).collect();
        match self.trees.workspace().modules().at(&path) {
            None => {
                let text = self.fresh(&source, needed, &names, &texts, &self.about(users, leaving));
                relocated.created.push((path, Content::plain(text.into_bytes())));
            }
            Some(id) => {
                let edits = self.grafts(id, needed, &names, &texts);
                relocated.edits.entry(path).or_default().extend(edits);
            }
        }
    }

    /// The paragraphs that say what a new module has, and from where.
    fn about(&self, users: &BTreeSet<String>, leaving: &BTreeSet<ModuleId>) -> [String; 2] {
        let list =
            |names: Vec<&str>| names.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ");
        let modules = self.trees.workspace().modules();
        let olds = leaving.iter().map(|id| modules.get(*id).name.as_deref().unwrap_or_default());
        let olds: Vec<&str> = olds.collect();
        let (about, mut more) = match olds.as_slice() {
            [old] => {
                (format!("Definitions of `{old}` that other domains use."), format!("`{old}` hands them on."))
            }
            _ => {
                let olds = list(olds);
                (format!("Definitions that {olds} have in common."), "They hand them on.".to_owned())
            }
        };
        if !users.is_empty() {
            let users = list(users.iter().map(String::as_str).collect());
            more.push_str(&format!(" They are used by {users}."));
        }
        [about, more]
    }

    /// The text of a new module.
    fn fresh(
        &self,
        source: &SourceFile,
        mut needed: BTreeSet<Import>,
        names: &BTreeSet<&str>,
        texts: &[(bool, String)],
        about: &[String; 2],
    ) -> String {
        for statement in source.imports().iter().filter(|statement| statement.is_future()) {
            let names = statement.items().iter().map(|item| item.name.text.as_str());
            needed.extend(names.map(|name| Import::from("__future__", name, name)));
        }
        let mut text = docstring(0, about).join("\n");
        text.push_str("\n\n");
        let imports = imports(&needed, self.name);
        if !imports.is_empty() {
            text.push_str(&imports);
            text.push_str("\n\n");
        }
        text.push_str(&exports(names.iter().copied().filter(|name| !name.starts_with('_'))));
        text.push('\n');
        text.push_str(&definitions(false, texts));
        text
    }

    /// The edits by which a module that is there receives more.
    fn grafts(
        &self,
        id: ModuleId,
        needed: BTreeSet<Import>,
        names: &BTreeSet<&str>,
        texts: &[(bool, String)],
    ) -> Vec<Edit> {
        let file = self.trees.workspace().file(id);
        let target = self.trees.get(id);
        let (bytes, newline) = (target.bytes(), target.line_ending());
        let known = &file.definitions().names;
        let fresh: BTreeSet<Import> =
            needed.into_iter().filter(|import| !known.contains_key(import.bound())).collect();
        let mut edits = Vec::new();
        if !fresh.is_empty() {
            edits.extend(self.header(&target, &fresh));
        }
        if let (Some(listed), Some(binding)) =
            (&file.definitions().exports, known.get("__all__").and_then(|all| all.first()))
            && let Some(span) = target.top_statement(binding.span.start)
        {
            let public = names.iter().copied().filter(|name| !name.starts_with('_'));
            let text = exports(listed.iter().map(String::as_str).chain(public)).replace('\n', newline);
            edits.push(Edit::replace(span, text));
        }
        let open = if bytes.ends_with(b"\n") || bytes.is_empty() { "" } else { "\n" };
        let text = format!("{open}{}", definitions(true, texts)).replace('\n', newline);
        edits.push(Edit::insert(bytes.len(), text));
        edits
    }

    /// The edit that adds imports: the whole block is written anew where it is
    /// nothing but imports, else lines are added behind it.
    fn header(&self, target: &SourceFile, fresh: &BTreeSet<Import>) -> Option<Edit> {
        let newline = target.line_ending();
        let plain: Vec<&ImportStmt> = target.imports().iter().filter(|one| one.is_unconditional()).collect();
        let block =
            plain.first().zip(plain.last()).map(|(first, last)| Span::new(first.span.start, last.span.end));
        let Some(block) = block else {
            let at = target.docstring_or_future_end();
            return Some(Edit::insert(
                at,
                format!("{newline}{}{newline}", imports(fresh, self.name).replace('\n', newline)),
            ));
        };
        let is_pure = target.bytes()[block.range()].iter().all(|byte| *byte != b'#')
            && plain.len() == target.imports().len();
        if !is_pure {
            let at = target.line_span(block.end).end;
            return Some(Edit::insert(
                at,
                format!("{}{newline}", imports(fresh, self.name).replace('\n', newline)),
            ));
        }
        let known = plain.iter().flat_map(|statement| written(statement));
        let all: BTreeSet<Import> = known.chain(fresh.iter().cloned()).collect();
        Some(Edit::replace(block, imports(&all, self.name).replace('\n', newline)))
    }
}

/// Whether a module or folder lies where the file at `path` would.
pub(crate) fn exists(workspace: &Workspace, path: &RelPath) -> bool {
    let stem = RelPath::new(path.as_str().trim_end_matches(".py")).ok();
    stem.is_none_or(|stem| workspace.locate(&stem, &[]).is_some() || workspace.snapshot().is_folder(&stem))
}

/// What a statement of a module imports.
fn written(statement: &ImportStmt) -> Vec<Import> {
    let import = |module: String, name: Option<String>, alias: Option<String>| Import {
        module,
        name,
        alias,
        type_checking: false,
    };
    let items = statement.items().iter();
    match &statement.kind {
        ImportKind::Import(_) => items
            .map(|item| {
                import(item.name.text.clone(), None, item.alias.as_ref().map(|alias| alias.text.clone()))
            })
            .collect(),
        ImportKind::From(from) => items
            .map(|item| {
                let alias = item.alias.as_ref().map(|alias| alias.text.clone());
                import(from.written(), Some(item.name.text.clone()), alias)
            })
            .collect(),
    }
}

/// Definitions one after the other; two blank lines around classes and
/// functions, one between values.
fn definitions(follows_definition: bool, texts: &[(bool, String)]) -> String {
    let mut text = String::new();
    let mut was_tall = follows_definition;
    for (is_tall, definition) in texts {
        text.push_str(if *is_tall || was_tall { "\n\n" } else { "\n" });
        text.push_str(definition);
        text.push('\n');
        was_tall = *is_tall;
    }
    text
}
