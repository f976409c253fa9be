//! The composition root: the one module that knows both sides.
//!
//! Whatever makes the parts, the program has them by the names of `Root`, so
//! that who uses them does not change with it. In plain Python, what is handed
//! in can be overridden by keyword; in a framework, by its own means. What has to
//! be closed is closed with the root.

use std::collections::BTreeSet;

use super::{Contract, Di};
use crate::python::{call, docstring};
use crate::{Import, from, imports};

/// Something that is handed in.
#[derive(Clone)]
pub(super) struct Part {
    /// The import of the real thing.
    pub(super) real: Import,
    /// Its protocol.
    pub(super) contract: Contract,
    /// The attribute by which the root has it.
    pub(super) attribute: String,
    /// Whether it is a function.
    pub(super) is_function: bool,
    /// The method that makes an instance, where one is handed in.
    pub(super) instance: Option<String>,
    /// Whether an instance has a `close` that takes nothing.
    pub(super) is_closed: bool,
}

impl Part {
    /// What its annotation says.
    fn kind(&self) -> String {
        match self.is_function {
            true => self.contract.name.clone(),
            false => format!("Callable[..., {}]", self.contract.name),
        }
    }

    /// The import of the real thing under a name that no protocol has.
    fn aliased(&self) -> Import {
        Import { alias: Some(format!("_{}", self.real.bound())), ..self.real.clone() }
    }

    /// What the root imports for it.
    pub(super) fn imports(&self) -> BTreeSet<Import> {
        let protocol = Import::from(&self.contract.module, &self.contract.name, &self.contract.name);
        let factory = (!self.is_function).then(|| Import::from("collections.abc", "Callable", "Callable"));
        [self.aliased(), protocol].into_iter().chain(factory).collect()
    }

    /// The keyword of `Root`, in plain Python.
    pub(super) fn keyword(&self) -> String {
        format!("        {}: {} = {},\n", self.attribute, self.kind(), self.aliased().bound())
    }

    /// How a framework comes to know it.
    pub(super) fn provided(&self, di: Di) -> String {
        let (name, kind, real) = (&self.attribute, self.kind(), self.aliased());
        match di {
            Di::Plain => String::new(),
            Di::Dishka => {
                format!("\n    @provide\n    def {name}(self) -> {kind}:\n        return {}\n", real.bound())
            }
            Di::Svcs => {
                let items = [kind, real.bound().to_owned()];
                call(4, "", "registry.register_value", &items) + "\n"
            }
        }
    }

    /// How `Root` comes to have it.
    pub(super) fn kept(&self, di: Di) -> String {
        let (name, kind) = (&self.attribute, self.kind());
        let get = match di {
            Di::Plain => return format!("        self.{name} = {name}\n"),
            Di::Dishka => "container.get",
            Di::Svcs => "container.get_abstract",
        };
        call(8, &format!("self.{name}: {kind} = "), get, &[kind]) + "\n"
    }

    /// The method that makes an instance, which a root with a lifetime closes.
    pub(super) fn method(&self, has_lifetime: bool) -> Option<String> {
        let (instance, kind) = (self.instance.as_ref()?, &self.contract.name);
        let close = match self.is_closed && has_lifetime {
            true => format!(
                "        if self.lifetime and isinstance(made, {}):\n            self.lifetime.callback(made.close)\n",
                self.aliased().bound()
            ),
            false => String::new(),
        };
        let make = format!("        made = self.{}()\n{close}        return made\n", self.attribute);
        Some(format!("\n    def {instance}(self) -> {kind}:\n{make}"))
    }
}

/// A definition that only the root makes or calls.
pub(super) struct Top {
    /// Its import.
    pub(super) import: Import,
    /// Whether it is a class.
    pub(super) is_class: bool,
    /// The keywords that it is given.
    pub(super) given: BTreeSet<String>,
}

impl Top {
    /// What the root imports for it.
    pub(super) fn imports(&self) -> [Import; 2] {
        [Import::from("typing", "Any", "Any"), Import { type_checking: true, ..self.import.clone() }]
    }

    /// The method that makes or calls it. It imports it only then: its module may
    /// import the root.
    pub(super) fn method(&self) -> String {
        let own = self.import.bound();
        let import = from(&self.import.module, &[own.to_owned()], "        ");
        let kind = if self.is_class { own } else { "Any" };
        let [all, named] = ["*args", "**kwargs"].map(str::to_owned);
        let arguments: Vec<String> =
            [all].into_iter().chain(self.given.iter().cloned()).chain([named]).collect();
        let call = call(8, "return ", own, &arguments);
        let name = super::names::snake(own);
        format!("\n    def {name}(self, *args: Any, **kwargs: Any) -> {kind}:\n{import}\n\n{call}\n")
    }
}

/// What a composition root has.
pub(super) struct Sheet<'a> {
    /// Its parts.
    pub(super) parts: Vec<&'a Part>,
    /// What it makes or calls of them.
    pub(super) tops: Vec<&'a Top>,
}

impl Sheet<'_> {
    /// The text of the root that is called `own`.
    pub(super) fn text(&self, own: &str, di: Di) -> String {
        let about = "Where the program is put together: the one module that may know all sides.";
        let future = Import::from("__future__", "annotations", "annotations");
        let mut needed = self.imports(di);
        needed.insert(future);
        let head = docstring(0, &[about.to_owned()]).join("\n");
        format!("{head}\n\n{}\n\n\n{}", imports(&needed, own), self.body(di))
    }

    /// What it imports.
    pub(super) fn imports(&self, di: Di) -> BTreeSet<Import> {
        let framework: &[&str] = match di {
            Di::Plain => &[],
            Di::Dishka => &["Container", "Provider", "Scope", "make_container", "provide"],
            Di::Svcs => &["Container", "Registry"],
        };
        let framework = framework.iter().map(|name| Import::from(di.name(), name, name));
        let always = [("contextlib", "ExitStack"), ("types", "TracebackType")]
            .map(|one| Import::from(one.0, one.1, one.1));
        let parts = self.parts.iter().flat_map(|part| part.imports());
        let tops = self.tops.iter().flat_map(|top| top.imports());
        framework.chain(always).chain(parts).chain(tops).collect()
    }

    /// Its definitions.
    pub(super) fn body(&self, di: Di) -> String {
        let all =
            |text: &dyn Fn(&Part) -> String| self.parts.iter().map(|part| text(part)).collect::<String>();
        let made = docstring(4, &["What the program is made of.".to_owned()]).join("\n");
        let provided = all(&|part| part.provided(di));
        let providers = match di {
            Di::Plain => String::new(),
            Di::Dishka => format!("class Parts(Provider):\n{made}\n\n    scope = Scope.APP\n{provided}\n\n"),
            Di::Svcs => format!(
                "def parts() -> Registry:\n{made}\n    registry = Registry()\n{provided}    return registry\n\n\n"
            ),
        };
        let (head, first) = match di {
            Di::Plain => {
                let keywords = all(&Part::keyword);
                (format!("(\n        self,\n        *,\n{keywords}    )"), "")
            }
            Di::Dishka => (
                "(self, container: Container | None = None)".to_owned(),
                "        container = container or make_container(Parts())\n",
            ),
            Di::Svcs => (
                "(self, registry: Registry | None = None)".to_owned(),
                "        container = Container(registry or parts())\n",
            ),
        };
        let kept = all(&|part| part.kept(di));
        let methods = all(&|part| part.method(true).unwrap_or_default());
        let methods = methods + &self.tops.iter().map(|top| top.method()).collect::<String>();
        format!(
            "{providers}class Root:\n{}\n\n    def __init__{head} -> None:\n{first}        self.lifetime: ExitStack | None = None\n{kept}{LIFETIME}{methods}\n\nroot = Root()\n",
            docstring(4, &about(di)).join("\n"),
        )
    }
}

/// How a root opens and closes.
const LIFETIME: &str = "
    def __enter__(self) -> Root:
        self.lifetime = ExitStack()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.lifetime:
            self.lifetime.close()
            self.lifetime = None
";

/// The docstring of `Root`.
fn about(di: Di) -> [String; 2] {
    let (what, how) = match di {
        Di::Plain => ("What the program is made of.", "Keywords override parts, as a test does."),
        Di::Dishka => (
            "What the program has, by name.",
            "Another provider behind `Parts` overrides parts, as a test does: `Root(make_container(Parts(), Fakes()))`.",
        ),
        Di::Svcs => (
            "What the program has, by name.",
            "What is registered anew in `parts()` overrides parts, as a test does: `Root(registry)`.",
        ),
    };
    let end = "Within `with Root() as root`, what has a `close` is closed at the end.";
    [what.to_owned(), format!("{how} {end}")]
}
