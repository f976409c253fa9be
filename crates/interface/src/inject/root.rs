//! The composition root: the one module that knows both sides.
//!
//! It is plain Python: what is handed in can be overridden by keyword, what has
//! to be closed is closed with the root, and no framework is needed.

use std::collections::BTreeSet;

use super::Contract;
use crate::python::docstring;
use crate::{Import, from, imports};

/// Something that is handed in.
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

/// A definition that only the root makes or calls.
pub(super) struct Top {
    /// Its import.
    pub(super) import: Import,
    /// Whether it is a class.
    pub(super) is_class: bool,
    /// The keywords that it is given.
    pub(super) given: BTreeSet<String>,
}

/// The text of the root that is called `own`.
pub(super) fn text(own: &str, parts: &[&Part], tops: &[&Top]) -> String {
    let mut needed = BTreeSet::from([
        Import::from("__future__", "annotations", "annotations"),
        Import::from("contextlib", "ExitStack", "ExitStack"),
        Import::from("types", "TracebackType", "TracebackType"),
    ]);
    let (mut parameters, mut kept, mut methods) = (String::new(), String::new(), String::new());
    for part in parts {
        let name = &part.attribute;
        let real = Import { alias: Some(format!("_{}", part.real.bound())), ..part.real.clone() };
        let protocol = Import::from(&part.contract.module, &part.contract.name, &part.contract.name);
        let kind = if part.is_function {
            part.contract.name.clone()
        } else {
            needed.insert(Import::from("collections.abc", "Callable", "Callable"));
            format!("Callable[..., {}]", part.contract.name)
        };
        parameters.push_str(&format!("        {name}: {kind} = {},\n", real.bound()));
        kept.push_str(&format!("        self.{name} = {name}\n"));
        if let Some(instance) = &part.instance {
            let close = match part.is_closed {
                true => format!(
                    "        if self.lifetime and isinstance(made, {}):\n            self.lifetime.callback(made.close)\n",
                    real.bound()
                ),
                false => String::new(),
            };
            let kind = &part.contract.name;
            methods.push_str(&format!(
                "\n    def {instance}(self) -> {kind}:\n        made = self.{name}()\n{close}        return made\n"
            ));
        }
        needed.extend([real, protocol]);
    }
    for top in tops {
        needed.insert(Import::from("typing", "Any", "Any"));
        let (module, own) = (&top.import.module, top.import.bound());
        needed.insert(Import { type_checking: true, ..top.import.clone() });
        let call = call(own, &top.given);
        let import = from(module, &[own.to_owned()], "        ");
        let name = super::names::snake(own);
        let kind = if top.is_class { own } else { "Any" };
        methods.push_str(&format!(
            "\n    def {name}(self, *args: Any, **kwargs: Any) -> {kind}:\n{import}\n\n{call}"
        ));
    }
    let about = "Where the program is put together: the one module that may know all sides.";
    let class = "What the program is made of.";
    let how = "Keywords override parts, as a test does. Within `with Root() as root`, what has a `close` is closed at the end.";
    format!(
        "{}\n\n{}\n\n\nclass Root:\n{}\n\n    def __init__(\n        self,\n        *,\n{parameters}    ) -> None:\n        \
         self.lifetime: ExitStack | None = None\n{kept}\n    def __enter__(self) -> Root:\n        self.lifetime = ExitStack()\n        return self\n\n    \
         def __exit__(\n        self,\n        kind: type[BaseException] | None,\n        error: BaseException | None,\n        \
         trace: TracebackType | None,\n    ) -> None:\n        if self.lifetime:\n            self.lifetime.close()\n            self.lifetime = None\n{methods}\n\nroot = Root()\n",
        docstring(0, &[about.to_owned()]).join("\n"),
        imports(&needed, own),
        docstring(4, &[class.to_owned(), how.to_owned()]).join("\n"),
    )
}

/// The line that returns a call, broken where it does not fit.
fn call(function: &str, given: &BTreeSet<String>) -> String {
    const WIDTH: usize = 88;
    let given = given.iter().map(String::as_str);
    let arguments: Vec<&str> = ["*args"].into_iter().chain(given).chain(["**kwargs"]).collect();
    let inner = arguments.join(", ");
    let line = format!("        return {function}({inner})\n");
    if line.trim_end().chars().count() <= WIDTH {
        return line;
    }
    let inner = match 12 + inner.chars().count() <= WIDTH {
        true => format!("            {inner}\n"),
        false => arguments.iter().map(|one| format!("            {one},\n")).collect(),
    };
    format!("        return {function}(\n{inner}        )\n")
}
