//! Statements and expressions that bind names, or carry a chain of attributes.

use repot_change::Span;

use super::BindingKind;
use super::build::Builder;
use super::model::{Mode, Place, ScopeKind, Task};
use crate::tree::{children, span};

impl<'file> Builder<'file> {
    /// Everything but the first iterable is evaluated in a new scope.
    pub(super) fn comprehension(&mut self, task: Task<'file>) {
        let parts = children(task.node);
        let scope = self.open(ScopeKind::Comprehension, task.scope, span(task.node));
        let first = parts.iter().position(|part| part.kind() == "for_in_clause");
        for (index, part) in parts.into_iter().enumerate() {
            if Some(index) != first {
                self.work.push(task.load(part).scope(scope));
                continue;
            }
            let iterables: Vec<_> = part.children_by_field_name("right", &mut self.cursor).collect();
            if let (Some(start), Some(end)) = (iterables.first(), iterables.last()) {
                self.scopes[scope].hole = Some(Span::new(start.start_byte(), end.end_byte()));
            }
            self.work.extend(iterables.into_iter().map(|iterable| task.load(iterable)));
            self.work.extend(
                part.child_by_field_name("left")
                    .map(|target| task.bind(target, BindingKind::Assignment, 0).scope(scope)),
            );
        }
    }

    /// The targets of a loop are bound once its iterables are evaluated.
    pub(super) fn loop_head(&mut self, task: Task<'file>) {
        let target = task.node.child_by_field_name("left");
        let end = task.node.child_by_field_name("right").map_or(0, |right| right.end_byte());
        let task = if task.node.kind() == "for_statement" { task.conditional() } else { task };
        self.each(task, |task, child| {
            if Some(child) == target {
                task.bind(child, BindingKind::Assignment, end)
            } else {
                task.load(child)
            }
        });
    }

    pub(super) fn import(&mut self, task: Task<'file>) {
        let names: Vec<_> = task.node.children_by_field_name("name", &mut self.cursor).collect();
        for name in names {
            let bound = match name.child_by_field_name("alias") {
                Some(alias) => Some(alias),
                None => name.named_child(0),
            };
            self.work.extend(bound.map(|bound| task.bind(bound, BindingKind::Import, task.node.end_byte())));
        }
    }

    pub(super) fn declaration(&mut self, task: Task<'file>) {
        let is_global = task.node.kind() == "global_statement";
        for child in children(task.node) {
            let name = self.name(child);
            let scope = &mut self.scopes[task.scope];
            if is_global {
                scope.globals.insert(name)
            } else {
                scope.nonlocals.insert(name)
            };
            self.work.push(Task { mode: Mode::Declare, ..task.load(child) });
        }
    }

    /// Expressions that carry on an attribute chain.
    pub(super) fn expression(&mut self, task: Task<'file>) {
        let node = task.node;
        let chain = |inner, outer| Task { place: task.place, outer, ..task.load(inner) };
        match node.kind() {
            "call" => {
                self.arguments(task);
                self.push_field(task, "function", |function| chain(function, Some(node)));
            }
            "attribute" => self.push_field(task, "object", |object| chain(object, task.outer.or(Some(node)))),
            "keyword_argument" => self.push_field(task, "value", |value| task.load(value)),
            "member_type" => self.work.extend(node.named_child(0).map(|child| task.load(child))),
            "generic_type" => self.generic(task),
            _ => self.subscript(task),
        }
    }

    /// `:=` binds in the scope around all comprehensions (PEP 572).
    pub(super) fn walrus(&mut self, task: Task<'file>) {
        let mut scope = task.scope;
        while self.scopes[scope].kind == ScopeKind::Comprehension {
            scope = self.scopes[scope].parent;
        }
        let end = task.node.end_byte();
        self.push_field(task, "value", |value| task.load(value));
        self.push_field(task, "name", |name| task.bind(name, BindingKind::Assignment, end).scope(scope));
    }

    pub(super) fn assignment(&mut self, task: Task<'file>) {
        let end = task.effective.max(task.node.end_byte());
        let annotation = task.node.child_by_field_name("type");
        let is_type = annotation.is_some_and(|annotation| self.is_type_alias(annotation));
        self.push_field(task, "right", |value| Task { effective: end, is_type, ..task.load(value) });
        self.work.extend(annotation.map(|annotation| task.load(annotation).annotation()));
        self.push_field(task, "left", |target| task.bind(target, BindingKind::Assignment, end));
    }

    /// `except A as b`: what is caught is read, the name behind `as` is bound.
    pub(super) fn except(&mut self, task: Task<'file>) {
        let alias = task.node.child_by_field_name("alias");
        self.each(task, |task, child| {
            if Some(child) == alias {
                task.bind(child, BindingKind::Assignment, 0)
            } else if child.kind() == "block" {
                task.load(child)
            } else {
                task.load(child).place(Place::Raise)
            }
        });
    }

    /// Patterns of `match`, and `as` of any statement.
    ///
    /// A `dotted_name` is met only here: the imports read theirs themselves. A
    /// single name captures, a dotted one is compared with.
    pub(super) fn pattern(&mut self, task: Task<'file>) {
        let node = task.node;
        let parts = children(node);
        let Some((&first, rest)) = parts.split_first() else { return };
        let capture = |name| task.bind(name, BindingKind::Assignment, 0);
        match node.kind() {
            "dotted_name" if rest.is_empty() => self.work.push(capture(first)),
            "dotted_name" => self.work.push(Task { outer: Some(node), ..task.load(first) }),
            "class_pattern" => {
                self.work.extend(rest.iter().rev().map(|&part| task.load(part)));
                let class = first.named_child(0);
                self.work.extend(class.map(|name| Task { outer: Some(first), ..task.load(name) }));
            }
            "keyword_pattern" => self.work.extend(rest.iter().rev().map(|&part| task.load(part))),
            "splat_pattern" => self.work.push(capture(first)),
            "as_pattern" => {
                let place = task.place;
                self.work.extend(rest.iter().rev().map(|&alias| capture(alias)));
                self.work.push(task.load(first).place(place));
            }
            _ => self.each(task, Task::load),
        }
    }
}
