//! Strings and candidates that stand on a page once and are named by their
//! place from then on.

use std::collections::HashMap;

use repot_change::Candidate;
use serde_json::{Value, json};

use super::text::visible;

/// The tables of a page. Places are given in the order of the first use, so
/// that the same plan gives the same page.
#[derive(Default)]
pub(crate) struct Tables {
    places: HashMap<String, usize>,
    strings: Vec<Value>,
    candidate_places: HashMap<Vec<usize>, usize>,
    candidates: Vec<Value>,
}

/// The place of no string.
const NONE: i64 = -1;

impl Tables {
    /// The place of `text`, as a reader sees it.
    pub(crate) fn string(&mut self, text: &str) -> usize {
        let text = visible(text);
        if let Some(place) = self.places.get(&text) {
            return *place;
        }
        self.strings.push(Value::from(text.as_str()));
        self.places.insert(text, self.strings.len() - 1);
        self.strings.len() - 1
    }

    /// The place of `text`, or the place of none.
    pub(crate) fn optional(&mut self, text: Option<&str>) -> Value {
        text.map_or(json!(NONE), |text| json!(self.string(text)))
    }

    /// The place of `candidate`.
    pub(crate) fn candidate(&mut self, candidate: &Candidate) -> usize {
        let package = candidate.package.as_deref();
        let obstacle = candidate.obstacle.as_deref();
        let key = vec![
            self.string(&candidate.module),
            self.string(candidate.path.as_str()),
            package.map_or(0, |it| self.string(it) + 1),
            self.string(&candidate.how),
            candidate.suffix,
            self.string(&candidate.reach),
            obstacle.map_or(0, |it| self.string(it) + 1),
        ];
        if let Some(place) = self.candidate_places.get(&key) {
            return *place;
        }
        let (package, obstacle) = (self.optional(package), self.optional(obstacle));
        self.candidates.push(json!([key[0], key[1], package, key[3], key[4], key[5], obstacle]));
        self.candidate_places.insert(key, self.candidates.len() - 1);
        self.candidates.len() - 1
    }

    /// The strings and the candidates.
    pub(crate) fn into_values(self) -> (Value, Value) {
        (Value::Array(self.strings), Value::Array(self.candidates))
    }
}
