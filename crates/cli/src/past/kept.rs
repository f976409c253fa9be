//! What was measured in earlier runs, by the name of the tree.
//!
//! It holds as long as the roadmap, the metrics and Repot itself are the same;
//! what was kept for others is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use repot_apply::Repository;
use repot_change::ContentHash;
use repot_trend::Measured;
use serde_json::{Value, json};

use crate::error::Failure;
use crate::saved::VERSION;

/// The file below `.repot/cache/`.
const FILE: &str = "history.json";

/// The version of what is kept and of how it is measured: to be raised when a
/// metric of the same name measures something else.
const EDITION: u32 = 2;

/// When there are more trees than this, those that a run did not ask for are
/// forgotten.
const MANY: usize = 4_000;

/// Trees that were measured.
pub struct Kept {
    key: String,
    trees: BTreeMap<String, Arc<Measured>>,
    /// Those that were asked for.
    used: BTreeSet<String>,
    /// Whether any was added.
    is_new: bool,
}

impl Kept {
    /// Nothing yet, for what is measured by the roadmap `text`.
    pub fn none(text: &str, by_own_roadmap: bool) -> Self {
        let metrics = repot_audit::METRICS.join(",");
        let all = format!("{VERSION}\0{EDITION}\0{by_own_roadmap}\0{metrics}\0{text}");
        Self {
            key: ContentHash::of(all.as_bytes()).to_string(),
            trees: BTreeMap::new(),
            used: BTreeSet::new(),
            is_new: false,
        }
    }

    /// The same, with what `repository` kept of it.
    #[must_use]
    pub fn of(mut self, repository: &Repository) -> Self {
        let read = || {
            let mut value: Value = serde_json::from_slice(&repository.cached(FILE)?).ok()?;
            let is_ours = value.get("key").and_then(Value::as_str) == Some(&self.key);
            let trees = value.get_mut("trees").map(Value::take).filter(|_| is_ours)?;
            serde_json::from_value(trees).ok()
        };
        self.trees = read().unwrap_or_default();
        self
    }

    /// Keeps it all in `repository`, when there is anything new.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it cannot be written.
    pub fn keep(&self, repository: &Repository) -> Result<(), Failure> {
        if !self.is_new {
            return Ok(());
        }
        let stays = |id: &String| self.trees.len() <= MANY || self.used.contains(id);
        let trees: BTreeMap<&String, &Arc<Measured>> =
            self.trees.iter().filter(|(id, _)| stays(id)).collect();
        let all = json!({ "key": self.key, "trees": trees });
        Ok(repository.cache(FILE, all.to_string().as_bytes())?)
    }

    /// What is known of the tree `id`.
    pub fn get(&mut self, id: &str) -> Option<Arc<Measured>> {
        self.used.insert(id.to_owned());
        self.trees.get(id).cloned()
    }

    /// Adds what was measured of the tree `id`.
    pub fn insert(&mut self, id: &str, measured: Arc<Measured>) {
        self.trees.insert(id.to_owned(), measured);
        self.is_new = true;
    }
}
