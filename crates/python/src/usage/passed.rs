//! Names that classes pass to their generic bases, whose methods then hand out
//! instances: `class Carts(Repository[Cart])`.

use repot_change::Span;
use tree_sitter::Node;

use super::Usage;
use super::access::is_field;
use super::instance::Trail;
use super::name::node_at;
use crate::Scopes;
use crate::tree::{children, span, text};

/// A name as an argument of a generic base.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passed {
    /// The class.
    pub class: String,
    /// The base, as it is written without its arguments.
    pub base: String,
    /// Which argument it is, counted from 0.
    pub at: usize,
}

impl Passed {
    /// What the name `node` is passed to.
    pub(super) fn of(node: Node<'_>, bytes: &[u8]) -> Option<Self> {
        let base = node.parent().filter(|parent| parent.kind() == "subscript")?;
        let (head, arguments) = generic(base)?;
        let at = arguments.iter().position(|one| *one == node)?;
        let list = base.parent().filter(|list| list.kind() == "argument_list")?;
        let class = list.parent().filter(|class| is_field(*class, "superclasses", list))?;
        let name = class.child_by_field_name("name")?;
        if is_marker(head, bytes) {
            return None;
        }
        Some(Self { class: text(name, bytes), base: text(head, bytes), at })
    }
}

impl Scopes<'_> {
    /// What the class `name` of the file does with its type parameter number `at`:
    /// what it hands out, and to which bases it passes it.
    #[must_use]
    pub fn parameter_of(&self, name: &str, at: usize) -> Usage {
        let found = || {
            let names = &self.file().definitions().names;
            let binding = names.get(name)?.iter().rfind(|one| !one.is_import())?;
            let class = node_at(self.file(), binding.span)?.parent()?;
            let parameter = *parameters(class, self.file().bytes()).get(at)?;
            Some((span(class), span(parameter)))
        };
        found().map(|(class, parameter)| self.within(class, parameter, name)).unwrap_or_default()
    }

    fn within(&self, class: Span, parameter: Span, name: &str) -> Usage {
        let written = String::from_utf8_lossy(&self.file().bytes()[parameter.range()]).into_owned();
        let binding = self.lookup(&written, parameter.start);
        let mut references =
            self.references_at(binding.map_or(parameter.start, |binding| binding.span.start));
        references.retain(|one| class.contains(one.span));
        let mut trail = Trail::new(self);
        trail.follow(&references);
        let mut usage = trail.end();
        usage.gifts.retain(|gift| gift.owner.as_deref() == Some(name));
        usage.passed.retain(|passed| passed.class == name);
        usage
    }
}

/// The type parameters of a class: in brackets behind its name, as arguments of
/// `Generic` or `Protocol`, or of its first generic base.
fn parameters<'t>(class: Node<'t>, bytes: &[u8]) -> Vec<Node<'t>> {
    if let Some(list) = class.child_by_field_name("type_parameters") {
        let first = |node: Node<'t>| std::iter::successors(Some(node), |node| node.named_child(0)).last();
        return children(list).into_iter().filter_map(first).collect();
    }
    let bases = class.child_by_field_name("superclasses").map(children).unwrap_or_default();
    let generic: Vec<_> = bases.into_iter().filter_map(generic).collect();
    let own = generic.iter().find(|(head, _)| is_marker(*head, bytes)).or(generic.first());
    own.map(|(_, arguments)| arguments.clone()).unwrap_or_default()
}

/// Whether a base only says what the type parameters are.
fn is_marker(head: Node<'_>, bytes: &[u8]) -> bool {
    matches!(text(head, bytes).rsplit('.').next(), Some("Generic" | "Protocol"))
}

/// A generic class and its arguments.
fn generic(base: Node<'_>) -> Option<(Node<'_>, Vec<Node<'_>>)> {
    let head = base.child_by_field_name("value").filter(|_| base.kind() == "subscript")?;
    Some((head, children(base).into_iter().skip(1).collect()))
}
