//! Definitions as values.

use repot_python::ParameterKind;

use super::docstring::docstring;
use super::layout::{Line, Parenthesised};

/// One parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, without stars.
    pub name: String,
    /// How arguments reach it.
    pub kind: ParameterKind,
    /// Its type; none for the instance or class of a method.
    pub annotation: Option<String>,
    /// Its default, as an expression.
    pub default: Option<String>,
}

/// A function or method.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The decorators, without `@`.
    pub decorators: Vec<String>,
    /// Whether it is an `async def`.
    pub is_async: bool,
    /// Its type parameters with their brackets, if it has any.
    pub type_parameters: String,
    /// The parameters, the instance or class among them.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub returns: Option<String>,
    /// The paragraphs of its docstring.
    pub docstring: Vec<String>,
    /// The statements of its body, each one line; without any, `...`.
    pub body: Vec<String>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// The decorators, without `@`.
    pub decorators: Vec<String>,
    /// Its type parameters with their brackets, if it has any.
    pub type_parameters: String,
    /// The bases as expressions.
    pub bases: Vec<String>,
    /// The paragraphs of its docstring.
    pub docstring: Vec<String>,
    /// What stands in it, in order.
    pub items: Vec<Item>,
}

/// What stands in a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A method.
    Function(Function),
    /// `name: annotation = value`.
    Attribute {
        /// Its name.
        name: String,
        /// Its type.
        annotation: Option<String>,
        /// Its value.
        value: Option<String>,
    },
}

impl Parameter {
    /// A parameter of `kind` and nothing else.
    #[must_use]
    pub fn new(name: &str, kind: ParameterKind) -> Self {
        Self { name: name.to_owned(), kind, annotation: None, default: None }
    }

    /// The same of type `annotation`.
    #[must_use]
    pub fn of(self, annotation: &str) -> Self {
        Self { annotation: Some(annotation.to_owned()), ..self }
    }

    fn text(&self) -> String {
        let stars = match self.kind {
            ParameterKind::Args => "*",
            ParameterKind::Kwargs => "**",
            _ => "",
        };
        let annotation = self.annotation.as_ref().map(|one| format!(": {one}")).unwrap_or_default();
        let default = match (&self.default, &self.annotation) {
            (Some(default), Some(_)) => format!(" = {default}"),
            (Some(default), None) => format!("={default}"),
            (None, _) => String::new(),
        };
        format!("{stars}{}{annotation}{default}", self.name)
    }
}

/// The parameters with the `/` and `*` that tell their kinds.
fn parameters(all: &[Parameter]) -> Vec<String> {
    let mut texts = Vec::new();
    let last = all.iter().rposition(|one| one.kind == ParameterKind::PositionalOnly);
    let has_args = all.iter().any(|one| one.kind == ParameterKind::Args);
    let first_keyword = all.iter().position(|one| one.kind == ParameterKind::KeywordOnly);
    for (at, one) in all.iter().enumerate() {
        if first_keyword == Some(at) && !has_args {
            texts.push("*".to_owned());
        }
        texts.push(one.text());
        if last == Some(at) {
            texts.push("/".to_owned());
        }
    }
    texts
}

impl Function {
    /// Its lines, `indent` in.
    #[must_use]
    pub fn lines(&self, indent: usize) -> Vec<String> {
        let blank = " ".repeat(indent);
        let mut lines: Vec<String> = self.decorators.iter().map(|one| format!("{blank}@{one}")).collect();
        let is_stub = self.docstring.is_empty() && self.body.is_empty();
        lines.extend(self.header(indent, if is_stub { ": ..." } else { ":" }));
        lines.extend(docstring(indent + 4, &self.docstring));
        // With a docstring alone it would return `None`, as checkers see it.
        if !is_stub && self.body.is_empty() {
            lines.push(format!("{blank}    ..."));
        }
        lines.extend(self.body.iter().map(|line| format!("{blank}    {line}")));
        lines
    }

    /// The lines from `def` to `end`.
    #[must_use]
    pub fn header(&self, indent: usize, end: &str) -> Vec<String> {
        let keyword = if self.is_async { "async def" } else { "def" };
        let head = format!("{keyword} {}{}", self.name, self.type_parameters);
        let returns = self.returns.as_ref().map(|one| format!(" -> {one}")).unwrap_or_default();
        let (items, tail) = (parameters(&self.parameters), format!("{returns}{end}"));
        Parenthesised { indent, head: &head, items: &items, tail: &tail, is_definition: true }.lines()
    }
}

impl Item {
    /// The name that it binds.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Function(function) => &function.name,
            Self::Attribute { name, .. } => name,
        }
    }

    fn lines(&self, indent: usize) -> Vec<String> {
        match self {
            Self::Function(function) => function.lines(indent),
            Self::Attribute { name, annotation, value } => {
                let value = value.as_ref().map(|value| format!(" = {value}")).unwrap_or_default();
                match annotation {
                    None => vec![format!("{}{name}{value}", " ".repeat(indent))],
                    Some(text) => {
                        let head = format!("{name}: ");
                        Line { indent, head: &head, text, tail: &value }.lines(true)
                    }
                }
            }
        }
    }
}

impl Class {
    /// Its lines.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.decorators.iter().map(|one| format!("@{one}")).collect();
        let head = format!("class {}{}", self.name, self.type_parameters);
        if self.bases.is_empty() {
            lines.push(format!("{head}:"));
        } else {
            let items = &self.bases;
            let header = Parenthesised { indent: 0, head: &head, items, tail: ":", is_definition: false };
            lines.extend(header.lines());
        }
        lines.extend(docstring(4, &self.docstring));
        let mut was_function = true;
        for (at, item) in self.items.iter().enumerate() {
            let is_function = matches!(item, Item::Function(_));
            let opens = at == 0 && self.docstring.is_empty();
            if !opens && (is_function || was_function) {
                lines.push(String::new());
            }
            lines.extend(item.lines(4));
            was_function = is_function;
        }
        if self.docstring.is_empty() && self.items.is_empty() {
            lines.push("    ...".to_owned());
        }
        lines
    }

    /// Its text: whole lines, without blank lines around.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines().join("\n")
    }
}
