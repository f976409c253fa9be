//! The `__init__` files of both packages become one, each of the incoming names
//! under its own name or, where the target means something else by it, under an
//! alias.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use repot_change::{Class, Evidence, RelPath, Span};
use repot_python::{Definition, Definitions, SourceFile, mentions};
use repot_refer::{Meeting, MovedSymbol, Spot};
use repot_roadmap::Decide;
use repot_workspace::{ModuleId, Place};

use super::evidence::{Account, candidate, chosen};
use super::meaning::{Meanings, Sameness, exported, preamble, repeated, whole_lines};
use super::modules::tag;

/// What a module is asked for names that it does not have (PEP 562).
const GETATTR: &str = "__getattr__";

/// What becomes of the `__init__` files.
#[derive(Debug, Default)]
pub struct Inits {
    /// What becomes of each incoming one that meets another.
    pub meetings: BTreeMap<RelPath, Meeting>,
    /// The names that are called otherwise.
    pub aliases: HashMap<(ModuleId, String), MovedSymbol>,
    /// Why.
    pub evidence: Vec<Evidence>,
}

impl Inits {
    /// What becomes of every incoming `__init__` that meets one of the target,
    /// but for those in packages that keep a place of their own.
    ///
    /// # Errors
    ///
    /// Why two of them cannot become one.
    pub fn of(meanings: &Meanings<'_>, decided: &[Decide]) -> Result<Self, String> {
        let mut inits = Self::default();
        let workspace = meanings.workspace;
        for (incoming, module) in workspace.modules().iter().filter(|(_, module)| module.is_init) {
            let stem = module.stem();
            let (from, into) = (&meanings.from.folder, &meanings.into.folder);
            let is_inside = into.is_within(from) && stem.is_within(into);
            let Some(rest) = stem.relative_to(from).filter(|_| !is_inside) else { continue };
            let is_own = meanings.own.iter().any(|own| stem.is_within(own));
            if is_own || module.path.extension() != Some("py") {
                continue;
            }
            let there = into.join(rest).ok().and_then(|stem| stem.join("__init__.py").ok());
            let there = there.and_then(|path| workspace.modules().at(&path));
            if let Some(there) = there {
                inits.unite(meanings, incoming, there, decided)?;
            }
        }
        Ok(inits)
    }

    fn unite(
        &mut self,
        meanings: &Meanings<'_>,
        incoming: ModuleId,
        there: ModuleId,
        decided: &[Decide],
    ) -> Result<(), String> {
        let workspace = meanings.workspace;
        self.check(meanings, incoming, there)?;
        let one = workspace.file(incoming);
        let (path, target) = (&workspace.modules().get(incoming).path, &workspace.modules().get(there).path);
        let source = one.parse();
        let called = |name: &String| (name.clone(), alias(meanings, name, incoming, there));
        let mut names = Names::of(meanings, &source, incoming, there);
        names.follow(&source, one.definitions(), called);
        let Names { same, dropped, mut aliased } = names;
        let (mut without, kept) = repeated(&source, one.definitions(), &same);
        aliased.extend(kept.iter().map(called));
        let gone = dropped.iter().flat_map(|name| &one.definitions().names[name]);
        let gone = gone.filter_map(|binding| source.top_statement(binding.span.start));
        without.extend(gone.map(|span| whole_lines(&source, span)));
        without.extend(preamble(&source, one.definitions()));
        sort(&mut without);
        let new_name = |name: String| aliased.get(&name).cloned().unwrap_or(name);
        let exports = exported(one.definitions(), true).into_iter().filter(|name| !dropped.contains(name));
        let exports = exports.map(new_name).collect();
        let answers = both_answer(meanings, incoming, there);
        let behind = if answers { self.both_answers(meanings, incoming, there) } else { String::new() };
        self.meetings.insert(path.clone(), Meeting::Joined { without, exports, behind });
        self.tell(meanings, (path, target), &dropped);
        for (old, new) in aliased {
            self.alias(meanings, (incoming, there), (old, new), decided);
        }
        Ok(())
    }

    fn check(&self, meanings: &Meanings<'_>, incoming: ModuleId, there: ModuleId) -> Result<(), String> {
        let workspace = meanings.workspace;
        let (one, other) = (workspace.file(incoming), workspace.file(there));
        let path = &workspace.modules().get(incoming).path;
        let target = &workspace.modules().get(there).path;
        let refuse = |why: &str| Err(format!("{path} and {target} cannot become one: {why}"));
        let is_computed =
            one.definitions().exports.is_none() && one.definitions().names.contains_key("__all__");
        match () {
            () if one.is_broken() => refuse(&format!("{path} does not parse")),
            () if other.is_broken() => refuse(&format!("{target} does not parse")),
            () if is_computed => refuse(&format!("the `__all__` of {path} is computed")),
            () => match self.star_clash(meanings, incoming, there) {
                Some(name) => {
                    refuse(&format!("`{name}`, which a star brings, means something else in the other"))
                }
                None => Ok(()),
            },
        }
    }

    /// What asks both `__getattr__`, the target's first; the incoming one gets a
    /// name of its own.
    fn both_answers(&mut self, meanings: &Meanings<'_>, incoming: ModuleId, there: ModuleId) -> String {
        let own = alias(meanings, "_getattr", incoming, there);
        let theirs = format!("_own{own}");
        let workspace = meanings.workspace;
        let place = Place::Module(there);
        let to = Spot { name: workspace.name_of(&place), stem: workspace.path_of(&place) };
        let symbol = MovedSymbol { from: incoming, old: GETATTR.to_owned(), to, new: own.clone() };
        self.aliases.insert((incoming, GETATTR.to_owned()), symbol);
        let path = &workspace.modules().get(incoming).path;
        let subject = workspace.name_of(&Place::Module(incoming)).unwrap_or_default();
        let rule = "both answer for names that they do not have: the target's is asked first".to_owned();
        let account = Account::of(Class::Imports, path, format!("{subject}:{GETATTR}"), rule);
        self.evidence.push(account.review(own.clone()));
        format!(
            "\n\n{theirs} = {GETATTR}\n\n\ndef {GETATTR}(name):\n    try:\n        return {theirs}(name)\n    \
             except AttributeError:\n        return {own}(name)\n"
        )
    }

    /// A name that a star brings to one of the files and the other one has as
    /// well: its meaning would depend on the order.
    fn star_clash(&self, meanings: &Meanings<'_>, incoming: ModuleId, there: ModuleId) -> Option<String> {
        let workspace = meanings.workspace;
        let brought = |id: ModuleId| -> BTreeSet<String> {
            let module = workspace.modules().get(id);
            let stars = workspace.file(id).definitions().stars.iter();
            let places =
                stars.filter_map(|star| match workspace.resolve(module, star.level, star.dotted()) {
                    repot_workspace::Target::Found(Place::Module(id)) => Some(id),
                    _ => None,
                });
            places.flat_map(|id| exported(workspace.file(id).definitions(), true)).collect()
        };
        let names =
            |id: ModuleId| workspace.file(id).definitions().names.keys().cloned().collect::<BTreeSet<_>>();
        let (one, other) = (brought(incoming), brought(there));
        let (own, theirs) = (names(incoming), names(there));
        let clash = one.iter().filter(|name| theirs.contains(*name) || other.contains(*name));
        clash.chain(other.iter().filter(|name| own.contains(*name))).next().cloned()
    }

    fn tell(&mut self, meanings: &Meanings<'_>, (path, there): (&RelPath, &RelPath), dropped: &[String]) {
        let subject = |path: &RelPath| {
            let id = meanings.workspace.modules().at(path);
            id.and_then(|id| meanings.workspace.modules().get(id).name.clone()).unwrap_or_default()
        };
        let rule = "the exports of both, the target's first".to_owned();
        self.evidence.push(Account::of(Class::Imports, path, subject(path), rule).goes(there));
        for name in dropped {
            let rule = "both have it, and it is about the package itself".to_owned();
            let account = Account::of(Class::Imports, path, format!("{}:{name}", subject(path)), rule);
            self.evidence.push(account.left("the target's stays".to_owned()));
        }
    }

    fn alias(
        &mut self,
        meanings: &Meanings<'_>,
        (incoming, there): (ModuleId, ModuleId),
        (old, new): (String, String),
        decided: &[Decide],
    ) {
        let workspace = meanings.workspace;
        let place = Place::Module(there);
        let package = workspace.name_of(&place).unwrap_or_default();
        let source = workspace.name_of(&Place::Module(incoming)).unwrap_or_default();
        let to = Spot { name: Some(package.clone()), stem: workspace.path_of(&place) };
        let symbol = MovedSymbol { from: incoming, old: old.clone(), to, new: new.clone() };
        self.aliases.insert((incoming, old.clone()), symbol);
        let path = &workspace.modules().get(incoming).path;
        let line = workspace.file(incoming).definitions().names.get(&old).and_then(|all| all.first());
        let source_file = workspace.file(incoming).parse();
        let line = line.map_or(1, |binding| source_file.line(binding.span.start));
        let (subject, incoming_subject) = (format!("{package}:{old}"), format!("{source}:{old}"));
        let rule = format!(
            "both export it with different meanings; the target's keeps the name, the incoming one is `{new}`"
        );
        let account = Account { line, ..Account::of(Class::Imports, path, subject.clone(), rule) };
        if chosen(decided, &subject, &incoming_subject).is_some() {
            self.evidence.push(account.review(format!("{package}:{new}")));
            return;
        }
        let target = &workspace.modules().get(there).path;
        let candidates = vec![
            candidate(&subject, target, "keeps the name"),
            candidate(&format!("{package}:{new}"), path, "is what the incoming one is called"),
        ];
        self.evidence.push(account.asked(candidates));
    }
}

/// What becomes of the names of an incoming `__init__`.
#[derive(Default)]
struct Names {
    /// Both define them just so.
    same: BTreeSet<String>,
    /// They are about the package itself, and the target says them of its own.
    dropped: Vec<String>,
    /// The target means something else by them; with what they are called from now
    /// on.
    aliased: BTreeMap<String, String>,
}

impl Names {
    fn of(meanings: &Meanings<'_>, source: &SourceFile, incoming: ModuleId, there: ModuleId) -> Self {
        let definitions = |id| meanings.workspace.file(id).definitions();
        let (own, other) = (&definitions(incoming).names, definitions(there));
        let mut names = Self::default();
        for name in own.keys().filter(|name| *name != "__all__" && other.names.contains_key(*name)) {
            match meanings.compare(incoming, there, name) {
                Sameness::Import => {}
                Sameness::Definition => drop(names.same.insert(name.clone())),
                Sameness::Different if name == GETATTR => {}
                Sameness::Different if name.starts_with("__") && can_go(source, &own[name]) => {
                    names.dropped.push(name.clone());
                }
                Sameness::Different => {
                    names.aliased.insert(name.clone(), alias(meanings, name, incoming, there));
                }
            }
        }
        // What the target answers for when it is asked keeps its meaning.
        let is_answered = |name: &&String| {
            let is_own = name.starts_with("__") && *name != "__all__" && *name != GETATTR;
            is_own && other.has_getattr && !other.names.contains_key(*name) && can_go(source, &own[*name])
        };
        names.dropped.extend(own.keys().filter(is_answered).cloned());
        names
    }

    /// What is written alike means something else where it uses what is called
    /// otherwise.
    fn follow(
        &mut self,
        source: &SourceFile,
        definitions: &Definitions,
        called: impl Fn(&String) -> (String, String),
    ) {
        let text = |name: &String| {
            let binding = definitions.names.get(name)?.first()?;
            Some(&source.bytes()[source.top_statement(binding.span.start)?.range()])
        };
        loop {
            let uses = |name: &&String| {
                let mut others = self.aliased.keys();
                text(name).is_some_and(|text| others.any(|other| mentions(text, other.as_bytes())))
            };
            let more: Vec<String> = self.same.iter().filter(uses).cloned().collect();
            if more.is_empty() {
                break;
            }
            self.same.retain(|name| !more.contains(name));
            self.aliased.extend(more.iter().map(&called));
        }
    }
}

/// Whether what binds a name can be left out: no statement that imports it brings
/// another one as well.
fn can_go(source: &SourceFile, bindings: &[Definition]) -> bool {
    let is_alone = |binding: &Definition| {
        let mut imports = source.imports().iter();
        let statement = imports.find(|statement| statement.span.contains(binding.span));
        statement.is_none_or(|statement| statement.items().len() == 1)
    };
    bindings.iter().all(is_alone)
}

/// Whether both files answer for names that they do not have, and not alike.
fn both_answer(meanings: &Meanings<'_>, incoming: ModuleId, there: ModuleId) -> bool {
    let has = |id| meanings.workspace.file(id).definitions().has_getattr;
    has(incoming) && has(there) && meanings.compare(incoming, there, GETATTR) == Sameness::Different
}

fn sort(spans: &mut Vec<Span>) {
    spans.sort();
    spans.dedup();
}

/// A name for what is called `name` in the source, which neither file has.
fn alias(meanings: &Meanings<'_>, name: &str, incoming: ModuleId, there: ModuleId) -> String {
    let tag = tag(meanings.from, meanings.into);
    let is_class = name.starts_with(char::is_uppercase);
    let is_constant = is_class && name.len() > 1 && !name.contains(char::is_lowercase);
    let mut new = match (is_constant, is_class) {
        (true, _) => format!("{}_{name}", tag.to_uppercase()),
        (_, true) => format!("{}{name}", camel(&tag)),
        _ if name.starts_with('_') => format!("_{tag}{name}"),
        _ => format!("{tag}_{name}"),
    };
    let workspace = meanings.workspace;
    // A module `__getattr__` says of any name that it is there.
    let is_taken = |new: &str| {
        let has = |id| {
            let part = workspace.submodule(&Place::Module(id), new);
            part.is_some() || workspace.file(id).definitions().names.contains_key(new)
        };
        has(incoming) || has(there)
    };
    while is_taken(&new) {
        new.push('_');
    }
    new
}

fn camel(words: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    words.split('_').map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_one() {
        assert_eq!(camel("data_quality"), "DataQuality");
        assert_eq!(camel(""), "");
    }
}
