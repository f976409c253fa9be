//! The closure of a definition: all that has to move along with it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use repot_python::Kind;

use crate::Definition;
use crate::home::Home;
use crate::part::{Anatomy, Need, Part};
use crate::trees::Trees;

/// Why a definition cannot move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// From the definition to what stands in the way, by name.
    pub chain: Vec<String>,
    /// Why the last of the chain cannot move.
    pub reason: String,
}

impl std::fmt::Display for Blocked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let chain: Vec<String> = self.chain.iter().map(|name| format!("`{name}`")).collect();
        write!(f, "{}: {}", chain.join(" → "), self.reason)
    }
}

/// The parts of a closure.
pub type Parts = BTreeMap<Definition, Arc<Part>>;

/// Finds closures; remembers what it has seen.
pub struct Closures<'a> {
    anatomy: Anatomy<'a>,
    parts: HashMap<Definition, Result<Arc<Part>, String>>,
}

impl<'a> Closures<'a> {
    /// A fresh memory for what moves to `home`.
    #[must_use]
    pub fn new(trees: &'a Trees<'a>, home: &'a Home) -> Self {
        Self { anatomy: Anatomy { trees, home }, parts: HashMap::new() }
    }

    /// `definition` and everything that it needs and that is not there yet. What
    /// `is_forced` may be anything itself; what it needs may not.
    ///
    /// # Errors
    ///
    /// [`Blocked`] with the first thing that stands in the way.
    pub fn of(&mut self, definition: &Definition, is_forced: bool) -> Result<Parts, Blocked> {
        let mut found = Parts::new();
        let mut work = vec![(definition.clone(), Vec::new())];
        while let Some((next, mut chain)) = work.pop() {
            if found.contains_key(&next) {
                continue;
            }
            chain.push(next.name.clone());
            let is_first = chain.len() == 1;
            let judge = |part: Arc<Part>| match is_first && is_forced {
                true => Ok(part),
                false => may_move(&part, is_first).map(|()| part),
            };
            let part = self.part(&next).and_then(judge);
            let part = part.map_err(|reason| Blocked { chain: chain.clone(), reason })?;
            for need in part.needs.iter().rev() {
                if let Need::Definition { definition, .. } = need {
                    work.push((definition.clone(), chain.clone()));
                }
            }
            found.insert(next, part);
        }
        Ok(found)
    }

    /// `definition` by itself.
    ///
    /// # Errors
    ///
    /// Why it cannot be taken, as a phrase.
    pub(crate) fn part(&mut self, definition: &Definition) -> Result<Arc<Part>, String> {
        if let Some(known) = self.parts.get(definition) {
            return known.clone();
        }
        let part = self.anatomy.part(definition).map(Arc::new);
        self.parts.insert(definition.clone(), part.clone());
        part
    }
}

/// Whether a part is what may lie in an interface package. What moves for its
/// own sake is plain data; what it needs may be a function, such as the one that
/// makes a field's default.
fn may_move(part: &Part, is_first: bool) -> Result<(), String> {
    match part.kind {
        Kind::Function if !is_first => Ok(()),
        // An abstract class is an interface already.
        Kind::Abstract => Ok(()),
        kind if kind.is_plain() => Ok(()),
        kind => Err(format!("it is {}, not plain data", kind.name())),
    }
}
