//! Why twins stay apart: what would tell that two classes became one.

use std::collections::{BTreeMap, BTreeSet};

use memchr::memmem;
use repot_change::Span;
use repot_python::{ClassShape, Kind, NameUse, SourceFile, UseKind, Verb};
use repot_workspace::{ModuleId, Origin, Place};

use super::Twins;
use crate::Definition;
use crate::closure::Closures;
use crate::inject::Callers;

/// Decorators that look at a class and remember nothing.
const DECORATORS: [&str; 6] =
    ["dataclass", "unique", "total_ordering", "final", "runtime_checkable", "deprecated"];
/// Keywords beside the bases that are nobody else's business.
const KEYWORDS: [&str; 4] = ["total", "frozen", "extra", "boundary"];
/// What a class does to know its subclasses.
const REGISTRIES: [&str; 3] = ["__init_subclass__", "__subclasses__", "metaclass"];
/// How many bases are followed.
const MAX_BASES: usize = 16;

impl<'a> Twins<'a> {
    /// Whether each of these groups may become one.
    ///
    /// # Errors
    ///
    /// Why one may not, as a phrase.
    pub(super) fn check(
        &self,
        closures: &mut Closures<'a>,
        groups: &BTreeMap<Definition, BTreeSet<Definition>>,
    ) -> Result<(), String> {
        for group in groups.values() {
            for member in group {
                let needs = closures.of(member, false).map_err(|blocked| blocked.to_string())?;
                if needs.keys().any(|need| need != member && group.contains(need)) {
                    return Err(format!("one `{}` needs the other", member.name));
                }
                self.check_alone(member)?;
            }
            self.check_users(group)?;
        }
        Ok(())
    }

    /// Whether a definition itself does nothing but say what it is.
    fn check_alone(&self, one: &Definition) -> Result<(), String> {
        let source = self.trees.get(one.module);
        let kind = self.trees.kind(one).unwrap_or(Kind::Class);
        let refuse = |why: &str| Err(format!("`{}` {why}", one.name));
        match kind {
            Kind::Class | Kind::Abstract | Kind::Variable => refuse("is more than data"),
            Kind::Constant if !self.is_fixed(one, &source) => refuse("can be changed in place"),
            Kind::Function => {
                let is_plain = source.callables(&one.name).iter().all(|way| way.decorators.is_empty());
                if is_plain { Ok(()) } else { refuse("is decorated") }
            }
            _ => match source.class(&one.name) {
                Some(shape) => self.check_class(one, &shape, &source),
                None => Ok(()),
            },
        }
    }

    /// Whether a value cannot change: no list, dictionary, set or call.
    fn is_fixed(&self, one: &Definition, source: &SourceFile) -> bool {
        let definitions = self.trees.workspace().file(one.module).definitions();
        let binding = definitions.names.get(&one.name).and_then(|all| all.first());
        let text = binding.and_then(|binding| source.top_statement(binding.span.start));
        let text = text.map_or(&[][..], |span| &source.bytes()[span.range()]);
        let is_call = |at: usize| at > 0 && (text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'_');
        !text.iter().any(|byte| matches!(byte, b'[' | b'{')) && !memchr::memchr_iter(b'(', text).any(is_call)
    }

    fn check_class(&self, one: &Definition, shape: &ClassShape, source: &SourceFile) -> Result<(), String> {
        let last = |written: &String| {
            let name = written.split(['(', '[']).next().unwrap_or_default().trim();
            name.rsplit('.').next().unwrap_or_default().to_owned()
        };
        if let Some(decorator) = shape.decorators.iter().find(|one| !DECORATORS.contains(&last(one).as_str()))
        {
            return Err(format!("`@{decorator}` may register `{}`", one.name));
        }
        let name = |keyword: &&String| keyword.split('=').next().unwrap_or_default().trim().to_owned();
        if let Some(keyword) = shape.keywords.iter().find(|one| !KEYWORDS.contains(&name(one).as_str())) {
            return Err(format!("`{keyword}` may register `{}`", one.name));
        }
        let word = REGISTRIES.iter().find(|word| mentions(&source.bytes()[shape.span.range()], word));
        if let Some(word) = word.copied().or_else(|| self.registry_of(one, 0)) {
            return Err(format!("`{}` has `{word}`, and knows its subclasses", one.name));
        }
        let text = String::from_utf8_lossy(&source.bytes()[shape.span.range()]);
        // An enum makes members of values, and a model copies its defaults.
        let is_kept = !matches!(self.trees.kind(one), Some(Kind::Enum | Kind::Model));
        match text.lines().find(|line| holds_state(line) && (is_kept || line.contains("ClassVar"))) {
            Some(line) => Err(format!("`{}` has a state: `{}`", one.name, line.trim())),
            None => Ok(()),
        }
    }

    /// What the files of the bases that the workspace defines say of subclasses.
    fn registry_of(&self, one: &Definition, depth: usize) -> Option<&'static str> {
        let bases = self.trees.get(one.module).class(&one.name).map(|class| class.bases).unwrap_or_default();
        bases.iter().filter(|_| depth < MAX_BASES).find_map(|base| {
            let (module, name) = self.base(one.module, base)?;
            let base = Definition { module, name };
            let source = self.trees.get(base.module);
            let word = REGISTRIES.iter().find(|word| mentions(source.bytes(), word)).copied();
            word.or_else(|| self.registry_of(&base, depth + 1))
        })
    }

    /// Where the base that a class of `module` writes so is defined.
    fn base(&self, module: ModuleId, written: &str) -> Option<(ModuleId, String)> {
        let name = written.split('[').next().unwrap_or(written).trim();
        match self.trees.workspace().origin(&Place::Module(module), name)? {
            Origin::Definition { module, name } => Some((module, name)),
            _ => None,
        }
    }

    /// Whether nobody tells one of the group from another, registers one, or
    /// changes one.
    fn check_users(&self, group: &BTreeSet<Definition>) -> Result<(), String> {
        let callers = self.callers.get_or_init(|| Callers::new(self.trees));
        let mut known: BTreeMap<ModuleId, &Definition> = BTreeMap::new();
        for member in group {
            let mut users = vec![(member.module, self.own_uses(member))];
            for (module, statement, item) in callers.imports_of(member) {
                let source = self.trees.get(module);
                let statement = source.imports().get(statement);
                let item = statement.and_then(|one| Some((one, one.items().get(item)?)));
                let uses = item.map(|(statement, item)| source.scopes().usage(statement, item).uses);
                users.push((module, uses.unwrap_or_default()));
            }
            let whole = callers.whole(member.module);
            let whole = whole.filter(|module| mentions(self.trees.get(*module).bytes(), &member.name));
            users.extend(whole.map(|module| (module, Vec::new())));
            for (module, uses) in users {
                let other = known.insert(module, member);
                if other.is_some_and(|other| other != member) {
                    let path = &self.trees.workspace().modules().get(module).path;
                    return Err(format!("{path} knows more than one `{}`", member.name));
                }
                self.check_uses(member, module, &uses)?;
            }
        }
        Ok(())
    }

    /// How the module of a definition uses it.
    fn own_uses(&self, one: &Definition) -> Vec<NameUse> {
        let definitions = self.trees.workspace().file(one.module).definitions();
        let binding = definitions.names.get(&one.name).and_then(|all| all.first());
        binding
            .map(|binding| self.trees.get(one.module).scopes().uses_of(binding.span.start))
            .unwrap_or_default()
    }

    fn check_uses(&self, one: &Definition, module: ModuleId, uses: &[NameUse]) -> Result<(), String> {
        let source = self.trees.get(module);
        let path = &self.trees.workspace().modules().get(module).path;
        let at = |span: Span| format!("{path}:{}", source.line(span.start));
        let is_type = self.trees.kind(one).is_some_and(Kind::is_class);
        for NameUse { span, kind } in uses {
            let is_early = !source.is_deferred(*span);
            let is_bad = match kind {
                UseKind::Rebound | UseKind::Decorator(_) => true,
                UseKind::Attribute(member) => match member.access.verb {
                    Verb::Written | Verb::Deleted => true,
                    Verb::Called(_) => is_early && is_type,
                    Verb::Read => false,
                },
                UseKind::Value(_) => is_early && is_type,
                _ => false,
            };
            if is_bad {
                return Err(format!("{} may register or change `{}`", at(*span), one.name));
            }
        }
        if is_type && !uses.is_empty() && memmem::find(source.bytes(), b".register").is_some() {
            return Err(format!("{path} registers something and uses `{}`", one.name));
        }
        Ok(())
    }
}

/// Whether a line of a class assigns what can be changed in place.
fn holds_state(line: &str) -> bool {
    const MAKERS: [&str; 6] = ["[", "{", "dict(", "list(", "set(", "defaultdict("];
    let value = line.split_once(" = ").or_else(|| line.split_once('=')).map(|(_, value)| value.trim_start());
    let is_target = line.trim_start().starts_with(|char: char| char.is_alphabetic() || char == '_');
    is_target && value.is_some_and(|value| MAKERS.iter().any(|maker| value.starts_with(maker)))
}

fn mentions(text: &[u8], word: &str) -> bool {
    repot_python::mentions(text, word.as_bytes())
}
