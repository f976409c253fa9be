//! What a class offers, member by member.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::annotation::Annotation;
use super::attributes::{assigned, attribute};
use super::method::{Method, last_part, method, settled, summary, type_parameters};
use crate::SourceFile;
use crate::shape::decorators;
use crate::tree::{children, statements, text, undecorated};

/// What a class offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surface {
    /// Its type parameters, brackets included; empty without them (PEP 695).
    pub type_parameters: String,
    /// The bases as written.
    pub bases: Vec<String>,
    /// The first sentence of its docstring.
    pub summary: Option<String>,
    /// The members in the order in which they first stand in the file.
    pub members: Vec<Member>,
}

/// One member of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: MemberKind,
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberKind {
    /// A method; several where it is overloaded.
    Method(Vec<Method>),
    /// A property.
    Property {
        /// What reads it.
        getter: Method,
        /// Whether it can be assigned to.
        has_setter: bool,
    },
    /// A value of the class or of its instances.
    Attribute {
        /// Its type, where it is known.
        annotation: Option<Annotation>,
        /// Whether it is one of the class: `ClassVar`.
        is_class_var: bool,
        /// Whether it may not be assigned anew: `Final`.
        is_final: bool,
    },
    /// A class.
    Class,
}

impl Surface {
    /// The member called `name`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

/// The last top-level class that `file` calls `name`.
pub(crate) fn surface(file: &SourceFile, name: &str) -> Option<Surface> {
    let bytes = file.bytes();
    let is_it = |node: &Node<'_>| super::method::named(undecorated(*node), "class_definition", name, bytes);
    let class = undecorated(statements(file.root()).into_iter().rfind(is_it)?);
    let bases = class.child_by_field_name("superclasses").map(children).unwrap_or_default();
    let bases = bases.into_iter().filter(|base| base.kind() != "keyword_argument");
    Some(Surface {
        type_parameters: type_parameters(class, bytes),
        bases: bases.map(|base| text(base, bytes)).collect(),
        summary: summary(class, bytes),
        members: class.child_by_field_name("body").map(|body| members(file, body)).unwrap_or_default(),
    })
}

/// The members in order; what stands in the body comes before what methods
/// assign.
fn members(file: &SourceFile, body: Node<'_>) -> Vec<Member> {
    let bytes = file.bytes();
    let mut order: Vec<String> = Vec::new();
    let mut found: BTreeMap<String, MemberKind> = BTreeMap::new();
    let mut methods: BTreeMap<String, Vec<Method>> = BTreeMap::new();
    let mut inner: Vec<(String, MemberKind)> = Vec::new();
    for statement in statements(body) {
        let definition = undecorated(statement);
        let own = definition.child_by_field_name("name").map(|name| text(name, bytes));
        match (definition.kind(), own) {
            ("class_definition", Some(name)) => inner.push((name, MemberKind::Class)),
            ("function_definition", Some(name)) => {
                let read = method(file, statement, true);
                if let Some(kind) = property(&decorators(statement, bytes), &read, found.get(&name)) {
                    inner.push((name, kind));
                } else {
                    let all = methods.entry(name.clone()).or_default();
                    all.push(read);
                    inner.push((name, MemberKind::Method(settled(all.clone()))));
                }
            }
            ("expression_statement", _) => inner.extend(attribute(file, definition)),
            _ => {}
        }
        for (name, kind) in inner.drain(..) {
            if found.insert(name.clone(), kind).is_none() {
                order.push(name);
            }
        }
    }
    for (name, kind) in assigned(file, body) {
        match found.get(&name) {
            None => {
                order.push(name.clone());
                found.insert(name, kind);
            }
            Some(MemberKind::Attribute { annotation: None, .. }) => {
                found.insert(name, kind);
            }
            Some(_) => {}
        }
    }
    let member = |name: String| found.remove(&name).map(|kind| Member { name, kind });
    order.into_iter().filter_map(member).collect()
}

/// The property that a decorated method is part of.
fn property(decorators: &[String], read: &Method, known: Option<&MemberKind>) -> Option<MemberKind> {
    for decorator in decorators {
        match (last_part(decorator), known) {
            ("property" | "cached_property" | "abstractproperty", _) => {
                return Some(MemberKind::Property { getter: read.clone(), has_setter: false });
            }
            ("setter", Some(MemberKind::Property { getter, .. })) => {
                return Some(MemberKind::Property { getter: getter.clone(), has_setter: true });
            }
            ("deleter" | "getter", Some(known @ MemberKind::Property { .. })) => return Some(known.clone()),
            _ => {}
        }
    }
    None
}
