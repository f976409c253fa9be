//! What chains call things: parameters, annotations, and the names that modules
//! come to import.

use std::collections::BTreeSet;

use repot_change::Span;
use repot_python::Receiving;
use repot_workspace::ModuleId;

use super::bound::lacks;
use super::chain::{Chain, Chains, Giver, is_local};
use super::names::{says, snake};
use super::taker::Taker;
use super::{Place, Wanted};
use crate::{Consumer, Definition, Import};

impl Chains<'_> {
    /// What `taker` calls the thing.
    pub(super) fn parameter(&self, taker: &Taker, definition: &Definition) -> String {
        let form = self.forms.get(&(taker.clone(), definition.clone())).copied().unwrap_or_default();
        self.supplier(definition, form)
    }

    /// What it is called, as an instance or as what makes one.
    pub(super) fn supplier(&self, definition: &Definition, is_instance: bool) -> String {
        match (self.is_function(definition), is_instance) {
            (true, _) => definition.name.clone(),
            (false, true) => snake(&definition.name),
            (false, false) => format!("{}_factory", snake(&definition.name)),
        }
    }

    /// The annotation of the parameter.
    pub(super) fn annotation(&self, taker: &Taker, wanted: &Wanted<'_>) -> String {
        let form = self.forms.get(&(taker.clone(), wanted.definition.clone())).copied().unwrap_or_default();
        let name = &wanted.contract.name;
        if self.is_function(wanted.definition) || form {
            name.clone()
        } else {
            format!("Callable[..., {name}]")
        }
    }

    /// What the module of `taker` comes to import for it.
    pub(super) fn typing(&self, taker: &Taker, wanted: &Wanted<'_>) -> BTreeSet<Import> {
        let form = self.forms.get(&(taker.clone(), wanted.definition.clone())).copied().unwrap_or_default();
        let all = self.typing_as(taker, wanted, form);
        let is_replaced =
            |import: &Import| import.module == wanted.contract.module && self.replaces(taker.module, wanted);
        let needed = all.into_iter().filter(|import| !is_replaced(import));
        needed.filter(|import| lacks(self.trees, taker.module, import, &|_| true) == Ok(true)).collect()
    }

    /// Whether the module has the protocol in the place of a granted import.
    fn replaces(&self, module: ModuleId, wanted: &Wanted<'_>) -> bool {
        let is_it =
            |place: &Place| place.0 == module && self.imports.get(place) == Some(&super::Replaced::Protocol);
        let mut places = wanted.consumers.iter().map(|one| (one.module, one.statement, one.item));
        places.any(|place| is_it(&place))
    }

    fn typing_as(&self, taker: &Taker, wanted: &Wanted<'_>, form: bool) -> Vec<Import> {
        let contract = wanted.contract;
        let mut all = vec![Import::from(&contract.module, &contract.name, &contract.name)];
        if !form && !self.is_function(wanted.definition) {
            all.push(Import::from("collections.abc", "Callable", "Callable"));
        }
        let receiving = self.trees.get(taker.module).receiving(&taker.name);
        if taker.is_class && matches!(receiving, Some(Receiving::Field { .. })) {
            all.push(Import::from("dataclasses", "field", "field"));
        }
        all
    }

    /// The import of the composition root, by a name that the module has free.
    pub(super) fn root_import(&self, module: ModuleId, root: usize) -> Import {
        let own = self.roots.get(root).map(|root| root.module.as_str()).unwrap_or_default();
        let plain = Import::from(own, "root", "root");
        match lacks(self.trees, module, &plain, &|_| false) {
            Ok(_) => plain,
            Err(_) => Import::from(own, "root", "composition_root"),
        }
    }

    /// The import of the thing itself.
    pub(super) fn real(&self, definition: &Definition) -> Import {
        let module =
            self.trees.workspace().modules().get(definition.module).name.as_deref().unwrap_or_default();
        Import::from(module, &definition.name, &definition.name)
    }

    /// The name by which a module has the thing already.
    pub(super) fn bound(&self, module: ModuleId, definition: &Definition) -> Option<String> {
        if module == definition.module {
            return Some(definition.name.clone());
        }
        let source = self.trees.get(module);
        self.callers.imports_in(module, definition).into_iter().find_map(|(statement, item)| {
            let statement = source.imports().get(statement).filter(|one| one.is_unconditional())?;
            let name = statement.items().get(item).filter(|_| statement.as_from().is_some())?.bound();
            (source
                .scopes()
                .module_writes()
                .iter()
                .all(|write| write.text != name || statement.span.contains(write.span)))
            .then(|| name.to_owned())
        })
    }

    /// Whether all names that the chain brings are free where it brings them.
    pub(super) fn check_names(
        &self,
        chain: &Chain,
        wanted: &Wanted<'_>,
        consumer: &Consumer,
    ) -> Result<(), String> {
        let own = self.trees.get(consumer.module);
        let old = |one: &Consumer| {
            own.imports().get(one.statement).filter(|_| one.module == consumer.module).cloned()
        };
        // What a function imports itself is apart from what its module means.
        let is_apart =
            |one: &&Consumer| one.place() == consumer.place() || old(one).is_some_and(|one| is_local(&one));
        let same: Vec<&Consumer> = wanted.consumers.iter().filter(is_apart).collect();
        let imports: Vec<Span> = same.iter().filter_map(|one| Some(old(one)?.span)).collect();
        let uses: BTreeSet<usize> =
            same.iter().flat_map(|one| one.usage.uses.iter().map(|one| one.span.start)).collect();
        let is_old =
            |at: usize| imports.iter().any(|span| span.start <= at && at < span.end) || uses.contains(&at);
        let parameter = self.supplier(&chain.definition, chain.is_instance);
        for taker in &chain.takers {
            let source = self.trees.get(taker.module);
            let is_own = taker.module == consumer.module;
            let known = |at: usize| is_own && is_old(at);
            let path = &self.trees.workspace().modules().get(taker.module).path;
            let is_taken = self.forms.contains_key(&(taker.clone(), chain.definition.clone()));
            let names = &source.definitions().names;
            let own = names.get(&taker.name).and_then(|all| source.top_statement(all.first()?.span.start));
            let is_inside = |at: usize| own.is_none_or(|span| span.start <= at && at < span.end);
            let mut said = says(source.bytes(), &parameter).into_iter().filter(|at| is_inside(*at));
            if let Some(at) = said.find(|at| !known(*at) && !is_taken) {
                return Err(format!("{path}:{} uses the name `{parameter}` already", source.line(at)));
            }
            let members = source.class(&taker.name).filter(|_| taker.is_class).map(|class| class.members);
            let hidden = [format!("_{parameter}"), parameter.clone()];
            let is_field = matches!(source.receiving(&taker.name), Some(Receiving::Field { .. }));
            let hidden = if is_field { &hidden[1] } else { &hidden[0] };
            // An instance that `__init__` made stands where it stood.
            if !chain.is_instance && members.is_some_and(|members| members.contains(hidden)) {
                return Err(format!("`{}` has a `{hidden}` already", taker.name));
            }
            for import in self.typing_as(taker, wanted, chain.is_instance) {
                lacks(self.trees, taker.module, &import, &known)?;
            }
        }
        for handing in &chain.handings {
            let module = handing.site.module;
            let import = match handing.giver {
                Giver::Unit | Giver::Own(_) => continue,
                Giver::Import if self.bound(module, &chain.definition).is_some() => continue,
                Giver::Import => self.real(&chain.definition),
                Giver::Root(root) => self.root_import(module, root),
            };
            lacks(self.trees, module, &import, &|_| false)?;
        }
        for (module, _, root) in &chain.entries {
            lacks(self.trees, *module, &self.root_import(*module, *root), &|_| false)?;
        }
        Ok(())
    }
}
