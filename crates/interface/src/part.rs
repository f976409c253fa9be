//! A part: one definition of a module, taken by itself, and what it needs.

use repot_change::Span;
use repot_python::{
    Definition as Binding, DefinitionKind, ImportKind, ImportStmt, ImportedName, Kind, SourceFile,
};
use repot_workspace::{ModuleId, Origin, Target, Workspace};

use crate::home::Home;
use crate::trees::Trees;
use crate::{Definition, Import};

/// One definition and its immediate needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// Where it stands in its file, with the comments right above it.
    pub span: Span,
    /// What it needs, by the names that its code uses; sorted by name.
    pub needs: Vec<Need>,
}

/// Something that a definition needs from outside of itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// An import that can be written in the interface package as well.
    Import(Import),
    /// Another definition, which has to be there, too, under this name.
    Definition {
        /// The name that the code uses.
        bound: String,
        /// What it stands for.
        definition: Definition,
        /// Whether only what reads types needs it.
        type_checking: bool,
    },
}

/// Takes definitions by themselves.
pub(crate) struct Anatomy<'a> {
    pub(crate) trees: &'a Trees<'a>,
    pub(crate) home: &'a Home,
}

impl Anatomy<'_> {
    pub(crate) fn workspace(&self) -> &Workspace {
        self.trees.workspace()
    }

    /// The part that `definition` is.
    ///
    /// # Errors
    ///
    /// Why it cannot be taken, as a phrase that says what it needs or lacks.
    pub(crate) fn part(&self, definition: &Definition) -> Result<Part, String> {
        let file = self.workspace().file(definition.module);
        let source = self.trees.get(definition.module);
        let kind = self.trees.kind(definition).ok_or("it is not defined there")?;
        if std::str::from_utf8(source.bytes()).is_err() {
            return Err("its file is not UTF-8".to_owned());
        }
        let bindings = file.definitions().names.get(&definition.name).map_or(&[][..], Vec::as_slice);
        let span = repot_refer::definition(&source, bindings)?;
        if let Some(name) = own_module(&source.bytes()[span.range()]) {
            return Err(format!("it uses `{name}`, which means its own module"));
        }
        let scopes = source.scopes();
        if let Some(name) = scopes.unbound().into_iter().find(|name| span.contains(name.span)) {
            return Err(format!("it uses `{}`, which its file does not bind", name.text));
        }
        for name in scopes.module_writes() {
            match (name.text == definition.name, span.contains(name.span)) {
                (true, false) => {
                    return Err(format!("line {} of its file changes it", source.line(name.span.start)));
                }
                (false, true) => return Err(format!("it binds `{}` of its module, too", name.text)),
                _ => {}
            }
        }
        let mut needs = self.local_needs(definition.module, &source, span)?;
        for name in scopes.module_names(span) {
            if name.text != definition.name {
                needs.extend(self.need(definition.module, &source, &name.text)?);
            }
        }
        needs.sort();
        needs.dedup();
        Ok(Part { kind, span, needs })
    }

    /// What the name `name` of the module needs.
    pub(crate) fn need(
        &self,
        module: ModuleId,
        source: &SourceFile,
        name: &str,
    ) -> Result<Option<Need>, String> {
        let definitions = self.workspace().file(module).definitions();
        let bindings = definitions.names.get(name).map_or(&[][..], Vec::as_slice);
        let is_import = |binding: &Binding| matches!(binding.kind, DefinitionKind::Import { .. });
        if !bindings.iter().any(is_import) {
            let definition = Definition { module, name: name.to_owned() };
            return Ok(Some(Need::Definition { bound: name.to_owned(), definition, type_checking: false }));
        }
        let [binding] = bindings else {
            return Err(format!("it uses `{name}`, which its file binds in {} ways", bindings.len()));
        };
        let holds = |statement: &&ImportStmt| statement.span.contains(binding.span);
        let Some(statement) = source.imports().iter().find(holds) else { return Ok(None) };
        let item = statement.items().iter().find(|item| item.span.contains(binding.span));
        let Some(item) = item.filter(|_| statement.is_unconditional() || statement.context.type_checking)
        else {
            return Err(format!("it uses `{name}`, which is imported under a condition"));
        };
        self.import_need(module, statement, item).map(Some)
    }

    /// The needs of imports within the definition's own code.
    fn local_needs(&self, module: ModuleId, source: &SourceFile, span: Span) -> Result<Vec<Need>, String> {
        let inside = source.imports().iter().filter(|statement| span.contains(statement.span));
        for (statement, item) in inside.flat_map(|one| one.items().iter().map(move |item| (one, item))) {
            let need = self.import_need(module, statement, item)?;
            let is_relative = statement.as_from().is_some_and(|from| from.level > 0);
            if matches!(need, Need::Definition { .. }) || is_relative {
                return Err(format!("line {} imports `{}` within it", statement.line, item.name.text));
            }
        }
        Ok(Vec::new())
    }

    fn import_need(
        &self,
        module: ModuleId,
        statement: &ImportStmt,
        item: &ImportedName,
    ) -> Result<Need, String> {
        let importer = self.workspace().modules().get(module);
        let type_checking = statement.context.type_checking;
        let alias = item.alias.as_ref().map(|alias| alias.text.clone());
        let (level, dotted, name) = match &statement.kind {
            ImportKind::Import(_) => (0, item.name.text.as_str(), None),
            ImportKind::From(from) => (from.level, from.dotted(), Some(item.name.text.clone())),
        };
        let written = ".".repeat(level) + dotted;
        let import =
            |module: String, name| Need::Import(Import { module, name, alias: alias.clone(), type_checking });
        let place = match self.workspace().resolve(importer, level, dotted) {
            Target::External if self.home.may_need(dotted) => return Ok(import(written, name)),
            Target::External => {
                let top = dotted.split('.').next().unwrap_or(dotted);
                return Err(format!("it needs `{top}`, which `{}` does not", self.home.name));
            }
            Target::Found(place) => place,
            Target::Legacy => {
                let known = self.trees.legacy(module, item.span.start);
                let need = known.map(|known| self.definition_need(known.clone(), item, type_checking));
                return need.ok_or_else(|| format!("it needs the legacy import `{written}`"));
            }
            Target::Missing | Target::Ambiguous(_) => {
                return Err(format!("it needs `{written}`, which does not resolve"));
            }
        };
        let Some(wanted) = name else { return Err(format!("it needs the whole module `{written}`")) };
        let owner = self.workspace().package_of(&place);
        if let Some(own) = self.workspace().name_of(&place).filter(|_| self.home.may_import(owner)) {
            return Ok(import(own, Some(wanted)));
        }
        match self.workspace().origin(&place, &wanted) {
            Some(Origin::Definition { module, name }) => {
                Ok(self.definition_need(Definition { module, name }, item, type_checking))
            }
            Some(Origin::Module(_)) => Err(format!("it needs the whole module `{written}.{wanted}`")),
            Some(Origin::External) => Err(format!("it needs `{wanted}`, which `{written}` has from outside")),
            None => Err(format!("it needs `{wanted}`, which `{written}` does not have")),
        }
    }
}

impl Anatomy<'_> {
    /// The need of a definition: an import of it where the interface package may
    /// have it from its module.
    fn definition_need(&self, definition: Definition, item: &ImportedName, type_checking: bool) -> Need {
        let owner = self.workspace().modules().get(definition.module);
        match owner.name.as_deref().filter(|_| self.home.may_import(owner.package)) {
            Some(own) => {
                let import = Import::from(own, &definition.name, item.bound());
                Need::Import(Import { type_checking, ..import })
            }
            None => Need::Definition { bound: item.bound().to_owned(), definition, type_checking },
        }
    }
}

/// The first name in `text` that means the module in which it stands. Those in
/// strings and comments count as well; attributes of that name do not.
fn own_module(text: &[u8]) -> Option<&'static str> {
    const NAMES: [&str; 6] = ["__file__", "__name__", "__package__", "__spec__", "__path__", "globals()"];
    let is_bare = |at: usize| text[..at].trim_ascii_end().last() != Some(&b'.');
    NAMES.into_iter().find(|name| memchr::memmem::find_iter(text, name).any(is_bare))
}

impl Need {
    /// The name that the code uses.
    #[must_use]
    pub fn bound(&self) -> &str {
        match self {
            Self::Import(import) => import.bound(),
            Self::Definition { bound, .. } => bound,
        }
    }
}
