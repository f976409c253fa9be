//! Walks the tree once and files every identifier under its scope.
//!
//! Which binding a use belongs to is decided afterwards, in `resolve`, when all
//! bindings are known.

use std::collections::HashSet;
use std::rc::Rc;

use repot_change::Span;
use tree_sitter::{Node, TreeCursor};

use super::model::{Mode, Place, Quote, Scope, ScopeId, ScopeKind, Task, Use};
use super::typing::Typing;
use crate::tree::span;

/// How much of a file is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everything.
    Whole,
    /// What runs in the module's own scope: no bodies of functions, lambdas
    /// and classes.
    Module,
}

/// The walk over one tree.
pub(super) struct Builder<'file> {
    pub(super) bytes: &'file [u8],
    pub(super) extent: Extent,
    pub(super) typing: Rc<Typing>,
    pub(super) cursor: TreeCursor<'file>,
    pub(super) work: Vec<Task<'file>>,
    pub(super) scopes: Vec<Scope<'file>>,
    uses: Vec<Use<'file>>,
    pub(super) quotes: Vec<Quote>,
}

/// What a walk finds.
pub(super) struct Walked<'file> {
    pub(super) scopes: Vec<Scope<'file>>,
    /// In the order of the file.
    pub(super) uses: Vec<Use<'file>>,
    /// The strings that are read as types.
    pub(super) quotes: Vec<Quote>,
}

impl<'file> Builder<'file> {
    /// A walk over the file whose tree begins at `root`.
    pub(super) fn new(root: Node<'file>, bytes: &'file [u8], extent: Extent, typing: Rc<Typing>) -> Self {
        let mut builder = Self {
            bytes,
            extent,
            typing,
            cursor: root.walk(),
            work: Vec::new(),
            scopes: Vec::new(),
            uses: Vec::new(),
            quotes: Vec::new(),
        };
        let scope = builder.open(ScopeKind::Module, 0, Span::new(0, bytes.len()));
        builder.work.push(Task {
            node: root,
            scope,
            mode: Mode::Load,
            place: Place::Plain,
            annotation: false,
            conditional: false,
            effective: 0,
            outer: None,
            is_type: false,
        });
        builder
    }

    /// A walk over the expression `node`, which is a type.
    pub(super) fn of_type(node: Node<'file>, bytes: &'file [u8], typing: Rc<Typing>) -> Self {
        let mut builder = Self::new(node, bytes, Extent::Whole, typing);
        builder.work.iter_mut().for_each(|task| *task = task.annotation());
        builder
    }

    /// Walks the tree.
    pub(super) fn run(mut self) -> Walked<'file> {
        while let Some(task) = self.work.pop() {
            self.visit(task);
        }
        self.uses.sort_by_key(|one| one.span);
        Walked { scopes: self.scopes, uses: self.uses, quotes: self.quotes }
    }

    pub(super) fn open(&mut self, kind: ScopeKind, parent: ScopeId, region: Span) -> ScopeId {
        let (globals, nonlocals) = (HashSet::new(), HashSet::new());
        self.scopes.push(Scope { kind, parent, region, hole: None, globals, nonlocals });
        self.scopes.len() - 1
    }

    pub(super) fn name(&self, node: Node<'file>) -> &'file [u8] {
        self.bytes.get(node.byte_range()).unwrap_or_default()
    }

    fn visit(&mut self, task: Task<'file>) {
        let node = task.node;
        match node.kind() {
            "identifier" => self.record(task),
            "string" if task.is_type => self.quote(task),
            "function_definition" => self.function(task),
            "lambda" => self.lambda(task),
            "class_definition" => self.class(task),
            "type_alias_statement" => self.type_alias(task),
            "decorator" => self.each(task, |task, child| task.load(child).place(Place::Decorator)),
            "list_comprehension"
            | "set_comprehension"
            | "dictionary_comprehension"
            | "generator_expression" => {
                self.comprehension(task);
            }
            "import_statement" | "import_from_statement" | "future_import_statement" => self.import(task),
            "global_statement" | "nonlocal_statement" => self.declaration(task),
            "call" | "attribute" | "subscript" | "generic_type" | "member_type" | "keyword_argument" => {
                self.expression(task);
            }
            "named_expression" => self.walrus(task),
            "assignment" | "augmented_assignment" => self.assignment(task),
            "as_pattern" | "case_pattern" | "keyword_pattern" | "class_pattern" | "splat_pattern"
            | "dotted_name" => self.pattern(task),
            _ => self.other(task),
        }
    }

    /// Nodes that only hand on what is known of them, and statements.
    fn other(&mut self, task: Task<'file>) {
        let node = task.node;
        match node.kind() {
            "comment" => {}
            "pattern_list"
            | "tuple_pattern"
            | "list_pattern"
            | "list_splat_pattern"
            | "dictionary_splat_pattern"
            | "tuple"
            | "list"
            | "list_splat"
            | "parenthesized_expression"
            | "expression_list"
            | "as_pattern_target" => {
                self.each(task, |task, child| Task { node: child, outer: None, ..task });
            }
            "type" => self.each(task, |task, child| Task { node: child, ..task }.annotation()),
            "binary_operator" if task.is_type => self.each(task, |task, child| task.load(child).types()),
            "delete_statement" => {
                self.each(task, |task, child| Task { mode: Mode::Delete, ..task.load(child) });
            }
            "raise_statement" => self.each(task, |task, child| task.load(child).place(Place::Raise)),
            "for_statement" | "for_in_clause" => self.loop_head(task),
            "except_clause" => self.except(task.conditional()),
            "if_statement" | "elif_clause" | "else_clause" | "while_statement" | "try_statement"
            | "finally_clause" | "with_statement" | "match_statement" => {
                self.each(task.conditional(), Task::load);
            }
            _ => self.each(task, Task::load),
        }
    }

    /// Visits every named child of the task's node.
    pub(super) fn each(
        &mut self,
        task: Task<'file>,
        child: impl Fn(Task<'file>, Node<'file>) -> Task<'file>,
    ) {
        let first = self.work.len();
        self.work.extend(task.node.named_children(&mut self.cursor).map(|node| child(task, node)));
        self.work[first..].reverse();
    }

    pub(super) fn push_field(
        &mut self,
        task: Task<'file>,
        field: &str,
        known: impl Fn(Node<'file>) -> Task<'file>,
    ) {
        self.work.extend(task.node.child_by_field_name(field).map(known));
    }

    fn record(&mut self, task: Task<'file>) {
        let Task { node, scope, mode, place, annotation, conditional, outer, .. } = task;
        let span = span(node);
        if span.is_empty() {
            return;
        }
        let effective = task.effective.max(span.end);
        let name = self.name(node);
        self.uses.push(Use {
            name,
            span,
            scope,
            mode,
            place,
            annotation,
            conditional,
            effective,
            outer,
            quoted: None,
        });
    }
}
