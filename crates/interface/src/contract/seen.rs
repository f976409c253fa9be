//! The uses of one symbol in all its consumers, gathered.

use std::collections::BTreeMap;

use repot_python::{Access, CallShape, Then, Usage, UseKind, Verb};

/// Whether every object has a member of that name, so that its use says nothing.
pub(crate) fn is_common(name: &str) -> bool {
    matches!(
        name,
        "__class__" | "__dict__" | "__doc__" | "__module__" | "__name__" | "__qualname__" | "__annotations__"
    )
}

/// What is done with one member, over all its uses.
#[derive(Debug, Clone, Default)]
pub(super) struct MemberSeen {
    /// Each call.
    pub(super) calls: Vec<CallShape>,
    /// What happens to the results of the calls.
    pub(super) results: Vec<Then>,
    /// What happens to what is read.
    pub(super) reads: Vec<Then>,
    /// Whether it is assigned to or deleted.
    pub(super) is_written: bool,
}

impl MemberSeen {
    fn add(&mut self, access: &Access) {
        match &access.verb {
            Verb::Called(shape) => {
                self.calls.push(shape.clone());
                self.results.push(access.then);
            }
            Verb::Read => self.reads.push(access.then),
            Verb::Written | Verb::Deleted => self.is_written = true,
        }
    }
}

/// What is done with one symbol.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// The calls of the symbol itself.
    pub(super) calls: Vec<CallShape>,
    /// What its instances are used for: for a function, its results.
    pub(super) instances: Vec<Access>,
    /// The calls by which it is raised; of a bare name none.
    pub(super) raises: Vec<CallShape>,
    /// The calls by which it decorates.
    pub(super) decorating: Vec<CallShape>,
    /// Whether it decorates without being called.
    pub(super) decorates_bare: bool,
    pub(super) is_annotation: bool,
    pub(super) is_tested: bool,
    pub(super) is_base: bool,
    pub(super) is_exception: bool,
    pub(super) is_rebound: bool,
    /// Whether it is handed on as a value.
    pub(super) is_value: bool,
    /// What is done with values: iteration, indexing.
    pub(super) values: Vec<Then>,
    /// Members of the symbol itself.
    pub(super) own: BTreeMap<String, MemberSeen>,
    /// Members of its instances.
    pub(super) members: BTreeMap<String, MemberSeen>,
}

impl Seen {
    pub(super) fn gather<'a>(usages: impl IntoIterator<Item = &'a Usage>) -> Self {
        let mut seen = Self::default();
        for usage in usages {
            usage.uses.iter().for_each(|one| seen.add(&one.kind));
            for member in usage.members.iter().filter(|member| !is_common(&member.name.text)) {
                seen.members.entry(member.name.text.clone()).or_default().add(&member.access);
            }
            seen.instances.extend(usage.instances.iter().cloned());
        }
        seen
    }

    fn add(&mut self, kind: &UseKind) {
        match kind {
            UseKind::Annotation { .. } => self.is_annotation = true,
            UseKind::Called(shape) => self.calls.push(shape.clone()),
            UseKind::Base => self.is_base = true,
            UseKind::Raised(shape) => {
                self.is_exception = true;
                self.raises.extend(shape.clone());
            }
            UseKind::Caught => self.is_exception = true,
            UseKind::TypeTest => self.is_tested = true,
            UseKind::Attribute(member) if is_common(&member.name.text) => self.is_value = true,
            UseKind::Attribute(member) => {
                self.own.entry(member.name.text.clone()).or_default().add(&member.access);
            }
            UseKind::Decorator(None) => self.decorates_bare = true,
            UseKind::Decorator(Some(shape)) => self.decorating.push(shape.clone()),
            UseKind::Default => self.is_value = true,
            UseKind::Value(then) => {
                self.is_value = true;
                self.values.push(*then);
            }
            UseKind::Rebound => self.is_rebound = true,
        }
    }

    /// Whether it decorates.
    pub(super) fn decorates(&self) -> bool {
        self.decorates_bare || !self.decorating.is_empty()
    }

    /// What happens to the results of its calls.
    pub(super) fn results(&self) -> Vec<Then> {
        self.instances.iter().map(|access| access.then).collect()
    }
}
