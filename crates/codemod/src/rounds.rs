//! Rounds: the evidence of a step that ran more than once.
//!
//! Lines and bytes are those of the file before the first round, so a later
//! round only says what came of names that were looked at already.

use std::collections::{HashMap, VecDeque};

use repot_change::{Class, Evidence, Note, Outcome, PlannedStep, RelPath};

use crate::moves::Moves;

/// Adds what the first round found out.
pub fn first(step: &mut PlannedStep, evidence: Vec<Evidence>, notes: Vec<Note>) {
    step.evidence = evidence;
    step.notes = notes;
}

/// Adds what a later round found out to what is known; `moves` are those of
/// the rounds before it.
pub fn later(step: &mut PlannedStep, evidence: Vec<Evidence>, moves: &Moves) {
    let mut waiting: HashMap<(Class, RelPath, String), VecDeque<usize>> = HashMap::new();
    for (place, known) in step.evidence.iter().enumerate().filter(|(_, known)| !is_rewritten(known)) {
        let key = (known.class, known.path.clone(), known.subject.clone());
        waiting.entry(key).or_default().push_back(place);
    }
    for later in evidence {
        let path = moves.source(&later.path).unwrap_or(&later.path).clone();
        let key = (later.class, path, later.subject.clone());
        if let Some(place) = waiting.get_mut(&key).and_then(VecDeque::pop_front) {
            let known = &mut step.evidence[place];
            *known = Evidence { path: known.path.clone(), line: known.line, span: known.span, ..later };
        }
    }
}

fn is_rewritten(evidence: &Evidence) -> bool {
    matches!(evidence.outcome, Outcome::Rewritten { .. })
}

#[cfg(test)]
mod tests {
    use repot_change::{Applicability, ChangeSet, DecisionKind, Span};

    use super::*;

    fn evidence(line: usize, to: Option<&str>) -> Evidence {
        Evidence {
            class: Class::Imports,
            path: RelPath::new("a.py").unwrap(),
            line,
            span: Span::at(0),
            package: None,
            subject: "m:x".to_owned(),
            rule: String::new(),
            candidates: Vec::new(),
            winner: None,
            outcome: match to {
                Some(to) => Outcome::Rewritten { to: to.to_owned(), applicability: Applicability::Certain },
                None => Outcome::Decision { decision: DecisionKind::Undefined },
            },
            warnings: Vec::new(),
        }
    }

    #[test]
    fn a_later_round_says_what_came_of_what_waited() {
        let mut step = PlannedStep {
            codemod: String::new(),
            parts: Vec::new(),
            evidence: Vec::new(),
            notes: Vec::new(),
        };
        let (text, imported) = (Evidence { class: Class::Strings, ..evidence(9, None) }, evidence(5, None));
        first(&mut step, vec![evidence(1, Some("b")), text, imported, evidence(9, None)], Vec::new());
        let mut moved = ChangeSet::new();
        moved.rename(RelPath::new("a.py").unwrap(), RelPath::new("b.py").unwrap()).unwrap();
        let mut moves = Moves::default();
        moves.follow(&moved);
        let at_b = |evidence| Evidence { path: RelPath::new("b.py").unwrap(), ..evidence };
        later(&mut step, vec![at_b(evidence(6, Some("c"))), at_b(evidence(10, None))], &moves);
        assert!(step.evidence.iter().all(|item| item.path.as_str() == "a.py"));
        step.evidence.retain(|item| item.class == Class::Imports);
        let lines: Vec<_> = step.evidence.iter().map(|item| (item.line, is_rewritten(item))).collect();
        assert_eq!(lines, [(1, true), (5, true), (9, false)]);
    }
}
