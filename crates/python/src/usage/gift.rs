//! Gifts: how what a file defines hands out instances, which other files then
//! have without naming their class.

use tree_sitter::Node;

use super::access::{is_field, unwrapped};
use super::held::Held;
use super::instance::Trail;
use super::name::node_at;
use super::{MemberUse, Usage};
use crate::scope::Role;
use crate::tree::{children, text};
use crate::{Name, Scopes};

/// One way in which a class, or a module itself, hands out instances.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gift {
    /// The class whose instances do; none where it is a name of the module.
    pub owner: Option<String>,
    /// The member or name.
    pub name: String,
    pub(super) way: Way,
    pub(super) held: Held,
}

impl Gift {
    /// The same of the class `owner`, which inherits the member.
    #[must_use]
    pub fn inherited_by(self, owner: &str) -> Self {
        Self { owner: Some(owner.to_owned()), ..self }
    }
}

/// What has to be done with a member to have the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    /// It is read.
    Read,
    /// It is called.
    Called,
    /// It is called, and the call is awaited.
    Awaited,
}

impl Way {
    /// How one has what `function` gives.
    pub(super) fn of(function: Node<'_>, bytes: &[u8]) -> Self {
        let outer = function.parent().filter(|outer| outer.kind() == "decorated_definition");
        let decorators = outer.map(children).unwrap_or_default();
        let is_property = |one: &Node<'_>| {
            one.kind() == "decorator" && text(*one, bytes).trim_start_matches('@').ends_with("property")
        };
        if decorators.iter().any(is_property) {
            return Self::Read;
        }
        match function.child(0).is_some_and(|first| first.kind() == "async") {
            true => Self::Awaited,
            false => Self::Called,
        }
    }

    /// The expression that gives the instances where `place` is the member or name.
    pub(super) fn taken(self, place: Node<'_>) -> Option<Node<'_>> {
        let place = unwrapped(place);
        let call = || place.parent().filter(|one| one.kind() == "call" && is_field(*one, "function", place));
        match self {
            Self::Read => Some(place),
            Self::Called => call(),
            Self::Awaited => unwrapped(call()?).parent().filter(|parent| parent.kind() == "await"),
        }
    }
}

impl Scopes<'_> {
    /// What the file does with the instances that it has by `gifts` from what it
    /// binds to the name that begins at `offset`: a class, or a name of a module.
    #[must_use]
    pub fn given(&self, offset: usize, gifts: &[Gift]) -> Usage {
        let references = self.references_at(offset);
        let mut owners = Trail::new(self);
        owners.follow(&references);
        let owned = owners.end().members;
        let mut trail = Trail::new(self);
        for gift in gifts {
            let places: Vec<_> = match gift.owner {
                Some(_) => owned.iter().filter(|one| one.name.text == gift.name).map(place_of).collect(),
                None => {
                    let is_load = |one: &&crate::scope::Reference| {
                        one.role == Role::Load && !one.annotation && !one.quoted
                    };
                    references.iter().filter(is_load).map(|one| one.span).collect()
                }
            };
            for place in places {
                let Some(name) = node_at(trail.file, place) else { continue };
                let whole = name.parent().filter(|_| gift.owner.is_some()).unwrap_or(name);
                if let Some(taken) = gift.way.taken(whole) {
                    trail.flow(taken, gift.held);
                }
            }
        }
        trail.end()
    }
}

fn place_of(member: &MemberUse) -> repot_change::Span {
    let Name { span, .. } = &member.name;
    *span
}
