//! Rounds: the evidence of a step that ran more than once.
//!
//! Lines and bytes are those of the file before the first round, so a later
//! round only says what came of names that were looked at already.

use std::collections::{HashMap, VecDeque};

use repot_change::{Evidence, Note, Outcome, PlannedStep, RelPath};

/// Adds what a round found out to what is known.
pub fn add(step: &mut PlannedStep, is_first: bool, evidence: Vec<Evidence>, notes: Vec<Note>) {
    if is_first {
        step.evidence = evidence;
        step.notes = notes;
        return;
    }
    let mut waiting: HashMap<(RelPath, String), VecDeque<usize>> = HashMap::new();
    for (place, known) in step.evidence.iter().enumerate().filter(|(_, known)| !is_rewritten(known)) {
        waiting.entry((known.path.clone(), known.subject.clone())).or_default().push_back(place);
    }
    for later in evidence {
        let key = (later.path.clone(), later.subject.clone());
        if let Some(place) = waiting.get_mut(&key).and_then(VecDeque::pop_front) {
            let known = &mut step.evidence[place];
            *known = Evidence { line: known.line, span: known.span, ..later };
        }
    }
}

fn is_rewritten(evidence: &Evidence) -> bool {
    matches!(evidence.outcome, Outcome::Rewritten { .. })
}

#[cfg(test)]
mod tests {
    use repot_change::{Applicability, DecisionKind, Span};

    use super::*;

    fn evidence(line: usize, to: Option<&str>) -> Evidence {
        Evidence {
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
            deltas: Vec::new(),
            evidence: Vec::new(),
            notes: Vec::new(),
        };
        add(&mut step, true, vec![evidence(1, Some("b")), evidence(5, None), evidence(9, None)], Vec::new());
        add(&mut step, false, vec![evidence(6, Some("c")), evidence(10, None)], Vec::new());
        let lines: Vec<_> = step.evidence.iter().map(|item| (item.line, is_rewritten(item))).collect();
        assert_eq!(lines, [(1, true), (5, true), (9, false)]);
    }
}
