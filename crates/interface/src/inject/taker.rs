//! Takers: the classes and functions that can be handed something, and why
//! others cannot.

use repot_python::{Receiving, Slot, SourceFile, Unit};
use repot_workspace::{ModuleId, Origin, Place, Role};

use super::chain::Chains;
use crate::Definition;

/// A class or function that takes something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taker {
    /// The module that defines it.
    pub(super) module: ModuleId,
    /// Its name there.
    pub(super) name: String,
    /// Whether it is a class.
    pub(super) is_class: bool,
}

impl Chains<'_> {
    /// What has to take the thing for code in `unit` to have it.
    pub(super) fn taker(&self, module: ModuleId, unit: &Unit) -> Result<Taker, String> {
        match unit {
            Unit::Module => Err("it is called while the module is imported or run".to_owned()),
            Unit::Closed(reason) => Err((*reason).to_owned()),
            Unit::Function(name) => Ok(Taker { module, name: name.clone(), is_class: false }),
            Unit::Method { class, .. } => Ok(Taker { module, name: class.clone(), is_class: true }),
        }
    }

    /// Whether code stands in a function that a framework calls.
    pub(super) fn is_entry(&self, module: ModuleId, unit: &Unit) -> bool {
        let Unit::Function(name) = unit else { return false };
        let slot = self.trees.get(module).function_slot(name);
        slot.is_some_and(|slot| slot.decorators.iter().any(|one| is_entry(one)))
    }

    /// Whether the taker can take the thing, in that form.
    pub(super) fn check_taker(
        &self,
        taker: &Taker,
        definition: &Definition,
        is_instance: bool,
    ) -> Result<(), String> {
        let workspace = self.trees.workspace();
        let (name, source) = (&taker.name, self.trees.get(taker.module));
        if workspace.modules().get(taker.module).role == Role::Test {
            return Err(format!("`{name}` is a test's"));
        }
        if workspace.file(taker.module).is_broken() {
            return Err("its file does not parse".to_owned());
        }
        if self.forms.get(&(taker.clone(), definition.clone())).is_some_and(|form| *form != is_instance) {
            return Err(format!("`{name}` takes it in another form already"));
        }
        if taker.is_class {
            return self.check_class(taker, &source);
        }
        let slot = source.function_slot(name);
        match slot.ok_or_else(|| format!("`{name}` is not defined exactly once"))?.decorators.first() {
            Some(decorator) => Err(format!("`{name}` is called by `@{}`", head(decorator))),
            None => Ok(()),
        }
    }

    fn check_class(&self, taker: &Taker, source: &SourceFile) -> Result<(), String> {
        let name = &taker.name;
        let shape = source.class(name).ok_or_else(|| format!("`{name}` is unclear"))?;
        let is_other = |one: &&String| !matches!(head(one), "dataclass" | "dataclasses.dataclass");
        if let Some(decorator) = shape.decorators.iter().find(is_other) {
            return Err(format!("`@{}` may make `{name}`", head(decorator)));
        }
        if let Some(text) = makes_its_kind(&source.bytes()[shape.span.range()]) {
            return Err(format!("`{name}` makes others of its kind by `{text}…)`"));
        }
        let receiving = source.receiving(name).ok_or_else(|| format!("`{name}` has no plain `__init__`"))?;
        let stands_alone = |at: usize| {
            let line = &source.bytes()[source.line_start(at)..at];
            line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
        };
        let has_body = |slot: &Slot| slot.body.is_some_and(stands_alone);
        let may_inherit = match &receiving {
            Receiving::Init(slot) if !has_body(slot) => {
                return Err(format!("the `__init__` of `{name}` stands on one line"));
            }
            Receiving::Init(_) => true,
            Receiving::Field { body } | Receiving::Fresh { body } if stands_alone(*body) => false,
            Receiving::Field { .. } | Receiving::Fresh { .. } => {
                return Err(format!("`{name}` stands on one line"));
            }
        };
        let plain = |base: &&String| !is_plain(base);
        shape.bases.iter().filter(plain).try_for_each(|base| match may_inherit {
            true => self.check_base(taker, base),
            false => Err(format!("`{name}` may have an `__init__` from its base `{base}`")),
        })
    }

    /// Whether a base makes no instances of the class by itself.
    fn check_base(&self, taker: &Taker, base: &str) -> Result<(), String> {
        let origin = self.trees.workspace().origin(&Place::Module(taker.module), head(base));
        let Some(Origin::Definition { module, .. }) = origin else {
            return Err(format!("`{}` has the base `{base}`, which may make it", taker.name));
        };
        match makes_its_kind(self.trees.get(module).bytes()) {
            Some(text) => {
                Err(format!("`{}` has the base `{base}`, which may make it by `{text}…)`", taker.name))
            }
            None => Ok(()),
        }
    }
}

/// How code makes more of whatever class it stands in.
fn makes_its_kind(bytes: &[u8]) -> Option<&'static str> {
    ["cls(", "type(self)(", "__class__("]
        .into_iter()
        .find(|text| memchr::memmem::find(bytes, text.as_bytes()).is_some())
}

/// Whether a decorator hands a function to a framework: a route, a command, a
/// task.
pub(crate) fn is_entry(decorator: &str) -> bool {
    const ENTRIES: [&str; 17] = [
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "head",
        "options",
        "websocket",
        "api_route",
        "route",
        "command",
        "callback",
        "task",
        "shared_task",
        "on_event",
        "exception_handler",
        "middleware",
    ];
    head(decorator).rsplit('.').next().is_some_and(|last| ENTRIES.contains(&last))
}

/// A decorator or base without its arguments.
fn head(written: &str) -> &str {
    written.split(['(', '[']).next().unwrap_or(written)
}

fn is_plain(base: &str) -> bool {
    matches!(head(base), "object" | "ABC" | "abc.ABC" | "Protocol" | "Generic")
}
