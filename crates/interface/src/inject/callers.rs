//! Who makes a class or calls a function, anywhere in the workspace.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use memchr::memmem::Finder;
use repot_change::Span;
use repot_python::{Call, ImportStmt, Mention, UseKind};
use repot_workspace::{ModuleId, Origin, Place, ResolvedName, Role, Target};

use super::quoted::Quoted;
use crate::{Definition, Trees};

/// One call of a definition.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The module in which it stands.
    pub(super) module: ModuleId,
    /// The call.
    pub(super) call: Call,
}

/// The imports of a workspace, by what they mean.
pub(crate) struct Callers<'a> {
    trees: &'a Trees<'a>,
    imports: BTreeMap<Definition, Vec<(ModuleId, usize, usize)>>,
    /// Imports that lead nowhere, by the name that they want.
    lost: BTreeMap<String, (ModuleId, usize)>,
    /// The names that are imported from each module, whatever they mean.
    taken: BTreeSet<(ModuleId, String)>,
    /// Who has whole modules, or all that they bind.
    whole: BTreeMap<ModuleId, BTreeSet<ModuleId>>,
    quoted: OnceCell<Quoted>,
    /// The calls of what was asked for.
    sites: RefCell<HashMap<Definition, Sites>>,
}

/// The calls of one definition, or what else is done with it.
type Sites = Result<Vec<Site>, String>;

impl<'a> Callers<'a> {
    pub(crate) fn new(trees: &'a Trees<'a>) -> Self {
        let mut callers = Self {
            trees,
            imports: BTreeMap::new(),
            lost: BTreeMap::new(),
            taken: BTreeSet::new(),
            whole: BTreeMap::new(),
            quoted: OnceCell::new(),
            sites: RefCell::default(),
        };
        let modules = trees.workspace().modules().iter();
        for (id, module) in modules.filter(|(_, module)| module.role != Role::Shelved) {
            for (at, statement) in trees.workspace().file(id).imports().iter().enumerate() {
                let names = trees.workspace().resolve_statement(module, statement);
                names.into_iter().for_each(|name| callers.add((id, at), statement, &name));
            }
        }
        callers
    }

    /// Takes down what one name of a statement means.
    fn add(&mut self, (id, at): (ModuleId, usize), statement: &ImportStmt, name: &ResolvedName) {
        let workspace = self.trees.workspace();
        let offset = statement.items().get(name.item).map(|item| item.span.start);
        let Target::Found(place) = &name.target else {
            let known = offset.and_then(|offset| self.trees.legacy(id, offset));
            match (known, &name.name, &name.target) {
                (Some(known), _, _) => {
                    self.imports.entry(known.clone()).or_default().push((id, at, name.item));
                }
                (None, Some(wanted), Target::Legacy | Target::Missing | Target::Ambiguous(_)) => {
                    self.lost.entry(wanted.clone()).or_insert((id, statement.line));
                }
                _ => {}
            }
            return;
        };
        if let (Place::Module(from), Some(name)) = (place, &name.name) {
            self.taken.insert((*from, name.clone()));
        }
        let whole = match name.name.as_deref().map(|name| workspace.origin(place, name)) {
            Some(Some(Origin::Definition { module, name: real })) => {
                let key = Definition { module, name: real };
                self.imports.entry(key).or_default().push((id, at, name.item));
                return;
            }
            Some(Some(Origin::Module(place))) => place,
            None => place.clone(),
            Some(Some(Origin::External) | None) => return,
        };
        if let Place::Module(whole) = whole {
            self.whole.entry(whole).or_default().insert(id);
        }
    }

    /// The imports that mean `definition`: the module, the statement and the name.
    pub(crate) fn imports_of(
        &self,
        definition: &Definition,
    ) -> impl Iterator<Item = (ModuleId, usize, usize)> {
        self.imports.get(definition).into_iter().flatten().copied()
    }

    /// The modules that have all of `module`.
    pub(crate) fn whole(&self, module: ModuleId) -> impl Iterator<Item = ModuleId> {
        self.whole.get(&module).into_iter().flatten().copied()
    }

    /// The imports in `module` that mean `definition`: the statement and the name.
    pub(super) fn imports_in(&self, module: ModuleId, definition: &Definition) -> Vec<(usize, usize)> {
        let all = self.imports.get(definition).into_iter().flatten();
        all.filter(|one| one.0 == module).map(|one| (one.1, one.2)).collect()
    }

    /// Whether nobody has from a module what that imports itself under a name.
    ///
    /// # Errors
    ///
    /// Who has, as a phrase.
    pub(crate) fn check_kept(&self, module: ModuleId, name: &str) -> Result<(), String> {
        let own = Definition { module, name: name.to_owned() };
        if self.taken.contains(&(module, own.name.clone())) {
            return Err("others import it from here".to_owned());
        }
        self.check_whole(&own)?;
        self.check_strings(&own)
    }

    /// Every call of `definition`.
    ///
    /// # Errors
    ///
    /// What else is done with it, as a phrase with the file and line.
    pub(super) fn of(&self, definition: &Definition) -> Sites {
        if let Some(sites) = self.sites.borrow().get(definition) {
            return sites.clone();
        }
        let sites = self.find(definition);
        self.sites.borrow_mut().insert(definition.clone(), sites.clone());
        sites
    }

    fn find(&self, definition: &Definition) -> Sites {
        let mut sites = Vec::new();
        self.own(definition, &mut sites)?;
        for (module, statement, item) in self.imports.get(definition).into_iter().flatten() {
            self.imported((*module, *statement, *item), &mut sites)?;
        }
        if let Some((module, line)) = self.lost.get(&definition.name) {
            let path = &self.trees.workspace().modules().get(*module).path;
            return Err(format!("{path}:{line} imports a `{}` from nowhere", definition.name));
        }
        self.check_whole(definition)?;
        self.check_strings(definition)?;
        Ok(sites)
    }

    fn at(&self, module: ModuleId, span: Span) -> String {
        let path = &self.trees.workspace().modules().get(module).path;
        format!("{path}:{}", self.trees.get(module).line(span.start))
    }

    fn own(&self, definition: &Definition, sites: &mut Vec<Site>) -> Result<(), String> {
        let module = definition.module;
        let source = self.trees.get(module);
        let own = self.trees.workspace().file(module).definitions();
        let spans = own.names.get(&definition.name).map_or(&[][..], Vec::as_slice);
        for span in source.scopes().module_uses(&definition.name) {
            if spans
                .iter()
                .any(|binding| binding.span.contains(span) && source.mention(span) == Mention::Other)
            {
                continue;
            }
            match source.mention(span) {
                Mention::Call(call) => sites.push(Site { module, call }),
                Mention::Annotation => {}
                Mention::Other | Mention::Dependency => {
                    return Err(format!(
                        "{} uses `{}` for more than to call it",
                        self.at(module, span),
                        definition.name
                    ));
                }
            }
        }
        Ok(())
    }

    fn imported(
        &self,
        (module, statement, item): (ModuleId, usize, usize),
        sites: &mut Vec<Site>,
    ) -> Result<(), String> {
        let source = self.trees.get(module);
        let Some(statement) = source.imports().get(statement) else { return Ok(()) };
        let Some(item) = statement.items().get(item) else { return Ok(()) };
        for one in source.scopes().usage(statement, item).uses {
            let is_call = matches!(one.kind, UseKind::Called(_));
            match (one.kind, source.mention(one.span)) {
                (UseKind::Annotation { .. } | UseKind::TypeTest | UseKind::Attribute(_), _) => {}
                (_, Mention::Call(call)) if is_call => sites.push(Site { module, call }),
                _ => {
                    let at = self.at(module, one.span);
                    return Err(format!("{at} uses `{}` for more than to call it", item.bound()));
                }
            }
        }
        Ok(())
    }

    /// Whoever has the whole module must not reach the name by it.
    fn check_whole(&self, definition: &Definition) -> Result<(), String> {
        for user in self.whole.get(&definition.module).into_iter().flatten() {
            let source = self.trees.get(*user);
            if let Some(at) = Finder::new(&definition.name).find(source.bytes()) {
                let at = self.at(*user, Span::at(at));
                return Err(format!("{at} may have `{}` by its module", definition.name));
            }
        }
        Ok(())
    }

    /// No text may name it as `module.name` or `module:name`.
    fn check_strings(&self, definition: &Definition) -> Result<(), String> {
        let workspace = self.trees.workspace();
        let module = workspace.modules().get(definition.module);
        let Some(last) = module.components().next_back() else { return Ok(()) };
        let quoted = self.quoted.get_or_init(|| Quoted::new(workspace));
        if let Some((path, line)) = quoted.find(workspace, definition, last) {
            return Err(format!("{path}:{line} names `{last}.{}` in a string", definition.name));
        }
        Ok(())
    }
}
