//! Definitions: functions, lambdas, classes and type aliases, and the scopes
//! that they open.

use repot_change::Span;
use tree_sitter::Node;

use super::BindingKind;
use super::build::{Builder, Extent};
use super::model::{Place, ScopeId, ScopeKind, Task};
use crate::tree::{children, span};

impl<'file> Builder<'file> {
    /// The scope of type parameters, when the definition has any, else the
    /// scope around it.
    fn type_scope(&mut self, task: Task<'file>, parameters: Option<Node<'file>>) -> ScopeId {
        let Some(list) = parameters else {
            return task.scope;
        };
        let region = Span::new(list.start_byte(), task.node.end_byte());
        let scope = self.open(ScopeKind::Types, task.scope, region);
        for parameter in children(list) {
            self.type_parameter(task.scope(scope), parameter);
        }
        scope
    }

    /// `T`, `T: bound`, `*Ts` or `**P`.
    fn type_parameter(&mut self, task: Task<'file>, parameter: Node<'file>) {
        let mut first = parameter;
        while matches!(first.kind(), "type" | "constrained_type" | "splat_type") {
            let parts = children(first);
            let bounds = parts.iter().skip(1);
            self.work.extend(bounds.map(|&bound| task.load(bound).annotation()));
            let Some(&inner) = parts.first() else { return };
            first = inner;
        }
        let mode = BindingKind::TypeParameter;
        self.work.push(if first.kind() == "identifier" {
            task.bind(first, mode, 0)
        } else {
            task.load(first)
        });
    }

    pub(super) fn function(&mut self, task: Task<'file>) {
        let node = task.node;
        self.push_field(task, "name", |name| task.bind(name, BindingKind::Function, node.end_byte()));
        let types = self.type_scope(task, node.child_by_field_name("type_parameters"));
        let body = node.child_by_field_name("body");
        let scope = self.open(ScopeKind::Function, types, body.map_or(Span::at(node.end_byte()), span));
        if let Some(list) = node.child_by_field_name("parameters") {
            self.parameters(task.scope(types), list, scope);
        }
        self.push_field(task, "return_type", |result| task.load(result).scope(types).annotation());
        if self.extent == Extent::Whole {
            self.work.extend(body.map(|body| task.load(body).scope(scope)));
        }
    }

    pub(super) fn lambda(&mut self, task: Task<'file>) {
        let body = task.node.child_by_field_name("body");
        let region = body.map_or(Span::at(task.node.end_byte()), span);
        let scope = self.open(ScopeKind::Function, task.scope, region);
        if let Some(list) = task.node.child_by_field_name("parameters") {
            self.parameters(task, list, scope);
        }
        if self.extent == Extent::Whole {
            self.work.extend(body.map(|body| task.load(body).scope(scope)));
        }
    }

    /// Parameters are bound in the function's `scope`; their annotations and
    /// defaults are evaluated around it.
    fn parameters(&mut self, task: Task<'file>, list: Node<'file>, scope: ScopeId) {
        for parameter in children(list) {
            let (mut name, value) = (Some(parameter), parameter.child_by_field_name("value"));
            if matches!(parameter.kind(), "default_parameter" | "typed_default_parameter") {
                name = parameter.child_by_field_name("name");
            } else if parameter.kind() == "typed_parameter" {
                name = children(parameter).first().copied();
            }
            self.work.extend(name.map(|name| task.bind(name, BindingKind::Parameter, 0).scope(scope)));
            self.work.extend(value.map(|value| task.load(value)));
            let annotation = parameter.child_by_field_name("type");
            self.work.extend(annotation.map(|annotation| task.load(annotation).annotation()));
        }
    }

    pub(super) fn class(&mut self, task: Task<'file>) {
        let node = task.node;
        self.push_field(task, "name", |name| task.bind(name, BindingKind::Class, node.end_byte()));
        let types = self.type_scope(task, node.child_by_field_name("type_parameters"));
        if let Some(bases) = node.child_by_field_name("superclasses") {
            let outer = task.scope(types);
            self.work.extend(children(bases).into_iter().map(|base| outer.load(base).place(Place::Base)));
        }
        if let Some(body) = node.child_by_field_name("body")
            && self.extent == Extent::Whole
        {
            let scope = self.open(ScopeKind::Class, types, span(body));
            self.work.push(task.load(body).scope(scope));
        }
    }

    /// `type X[T] = …`; the value is evaluated in a scope of its own.
    pub(super) fn type_alias(&mut self, task: Task<'file>) {
        let Some(mut name) = task.node.child_by_field_name("left") else {
            return self.each(task, Task::load);
        };
        let mut parameters = Vec::new();
        while matches!(name.kind(), "type" | "generic_type" | "subscript") {
            let parts = children(name);
            parameters.extend(
                parts.iter().skip(1).flat_map(|&part| {
                    if part.kind() == "type_parameter" { children(part) } else { vec![part] }
                }),
            );
            let Some(&first) = parts.first() else { return };
            name = first;
        }
        self.work.push(task.bind(name, BindingKind::TypeAlias, task.node.end_byte()));
        let region = Span::new(name.end_byte(), task.node.end_byte());
        let scope = self.open(ScopeKind::Types, task.scope, region);
        for parameter in parameters {
            self.type_parameter(task.scope(scope), parameter);
        }
        self.push_field(task, "right", |value| task.load(value).scope(scope).annotation());
    }
}
