//! The check that a class still is what its protocol says: an assignment that
//! only those read who check types.

use std::collections::BTreeSet;

use super::write::class_name;
use crate::header::{Import, imports};
use crate::python::docstring;

/// A class and its protocol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conformance {
    /// The dotted module of the class.
    pub module: String,
    /// The name of the class or function there.
    pub name: String,
    /// The dotted module of the protocol.
    pub protocol_module: String,
    /// The protocol's name there.
    pub protocol: String,
    /// Whether it is a function.
    pub is_function: bool,
}

/// The module called `own` that checks `all`; type checkers fail on it when a
/// class and its protocol drift apart. It does nothing at run time.
#[must_use]
pub fn conformance(own: &str, all: &BTreeSet<Conformance>) -> String {
    let mut needed = BTreeSet::new();
    let mut checks = Vec::new();
    for (at, one) in all.iter().enumerate() {
        let is_taken = all.iter().filter(|other| other.name == one.name).count() > 1;
        let number = if is_taken { format!("{}", at + 1) } else { String::new() };
        let (actual, wanted) =
            (format!("{}Actual{number}", class_name(&one.name)), format!("{}{number}", one.protocol));
        needed.insert(typed(&one.module, &one.name, &actual));
        needed.insert(typed(&one.protocol_module, &one.protocol, &wanted));
        let name = format!("_{}{number}", one.name.trim_start_matches('_'));
        checks.push(match one.is_function {
            true => format!("\n    {name}: {wanted} = {actual}\n"),
            false => {
                format!("\n    def {name}(actual: {actual}) -> {wanted}:\n        return actual\n")
            }
        });
    }
    let about = "Type checkers fail here when a class is no longer what its protocol says.";
    let future = Import::from("__future__", "annotations", "annotations");
    needed.insert(future);
    let mut text = docstring(0, &[about.to_owned()]).join("\n");
    text.push_str("\n\n");
    text.push_str(&imports(&needed, own));
    text.push('\n');
    checks.iter().for_each(|check| text.push_str(check));
    text
}

fn typed(module: &str, name: &str, bound: &str) -> Import {
    Import { type_checking: true, ..Import::from(module, name, bound) }
}
