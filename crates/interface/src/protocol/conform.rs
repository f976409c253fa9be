//! The check that a class or function still is what its protocol says: a function
//! that nobody calls, and that only those read who check types.

use repot_python::ParameterKind;

use super::write::class_name;
use crate::Draft;
use crate::header::Import;
use crate::inject::snake;
use crate::python::{Function, Parameter};

/// A class or function and its protocol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conformance {
    /// The dotted module of the class or function.
    pub module: String,
    /// Its name there.
    pub name: String,
    /// The dotted module of the protocol.
    pub protocol_module: String,
    /// The protocol's name there.
    pub protocol: String,
    /// Whether it is a function.
    pub is_function: bool,
}

impl Conformance {
    /// The check: type checkers fail on it when the two drift apart. Its imports
    /// are for types only, so that it costs nothing at run time.
    #[must_use]
    pub fn check(&self) -> Draft {
        let plain = snake(&self.name);
        let actual = match self.is_function {
            true => format!("actual_{plain}"),
            false => format!("Actual{}", class_name(self.name.trim_start_matches('_'))),
        };
        let taken = Parameter::new("actual", ParameterKind::Positional).of(&actual);
        let function = Function {
            name: format!("_{plain}_conforms"),
            parameters: if self.is_function { Vec::new() } else { vec![taken] },
            returns: Some(self.protocol.clone()),
            body: vec![format!("return {}", if self.is_function { &actual } else { "actual" })],
            ..Function::default()
        };
        let typed = |module: &str, name: &str, bound: &str| Import {
            type_checking: true,
            ..Import::from(module, name, bound)
        };
        Draft {
            name: function.name.clone(),
            imports: [
                typed(&self.module, &self.name, &actual),
                typed(&self.protocol_module, &self.protocol, &self.protocol),
            ]
            .into(),
            text: function.lines(0).join("\n"),
            notes: Vec::new(),
            is_owed: false,
        }
    }
}
