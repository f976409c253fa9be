//! The evidence behind one line: what was found, why it won, what to do next.

use repot_change::{Applicability, Candidate, Class, Decision, DecisionKind, Evidence, Outcome};

use crate::decisions::{about, rows};
use crate::place::place;
use crate::quote::one_line;
use crate::settlement::{glob, lines};
use crate::style::{Role, Style};
use crate::words::{columns, count};

/// A card for each piece of evidence: what is imported, the candidates in their
/// rank with the reason why each lost, what came of it and what to do next.
#[must_use]
pub fn explain(evidence: &[&Evidence], style: Style) -> String {
    if evidence.is_empty() {
        return "Nothing is known of this line: no step of the plan looks at it.\n".to_owned();
    }
    let cards: Vec<String> = evidence.iter().map(|item| card(item, style)).collect();
    cards.join("\n")
}

fn card(item: &Evidence, style: Style) -> String {
    let mut text = format!(
        "{}  {}\n",
        place(&item.path, Some(item.line), style),
        style.paint(Role::Strong, one_line(&item.subject))
    );
    let package = item.package.as_deref().map_or("none".into(), one_line);
    for (name, value) in [("outcome", outcome(item, style)), ("rule", one_line(&item.rule).into_owned())] {
        text += &format!("  {name:<8}  {value}\n");
    }
    text += &format!("  {:<8}  {package}\n", "package");
    if item.class != Class::Imports {
        text += &format!("  {:<8}  {}\n", "class", item.class.name());
    }
    text += &candidates(item, style);
    for warning in &item.warnings {
        text += &format!("\n  {} {}\n", style.paint(Role::Caution, "warning:"), one_line(warning));
    }
    text + &format!("\n  {}\n{}", style.paint(Role::Strong, "What to do"), indent(&next(item)))
}

fn outcome(item: &Evidence, style: Style) -> String {
    match &item.outcome {
        Outcome::Rewritten { to, applicability } => {
            let sure = match applicability {
                Applicability::Certain => "certain",
                Applicability::Review => "to review",
                Applicability::Offered => "offered, not made",
            };
            format!("{} `{}` ({sure})", style.paint(Role::Good, "rewritten to"), one_line(to))
        }
        Outcome::Decision { decision } => {
            let kind = style.paint(Role::Caution, decision.name());
            format!("awaits a decision, {kind}: {}", about(*decision))
        }
        Outcome::Skipped { reason } => format!("stays: {}", one_line(reason)),
    }
}

fn candidates(item: &Evidence, style: Style) -> String {
    if item.candidates.is_empty() {
        return "\n  No module of the workspace comes into question.\n".to_owned();
    }
    let best = item.winner.unwrap_or(0);
    let mut table = Vec::new();
    for (at, candidate) in item.candidates.iter().enumerate() {
        table.extend(rows(at, candidate));
        let verdict = match (item.winner, item.candidates.get(best)) {
            (Some(winner), _) if winner == at => "the winner".to_owned(),
            (_, Some(best)) => why_lost(candidate, best, item.winner.is_some()),
            (_, None) => String::new(),
        };
        table.push(vec![String::new(), verdict]);
    }
    format!("\n  {}\n{}", style.paint(Role::Strong, "Candidates"), columns("  ", &table))
}

/// Why a candidate lost to the best one, by the first rank in which they differ.
fn why_lost(candidate: &Candidate, best: &Candidate, is_settled: bool) -> String {
    if candidate.suffix != best.suffix {
        format!(
            "lost: matches {} from the end, the best one {}",
            count(candidate.suffix, "component"),
            best.suffix
        )
    } else if candidate.obstacle.is_some() != best.obstacle.is_some() {
        "lost: no statement can name it".to_owned()
    } else if candidate.reach != best.reach {
        format!("lost: {}, the best one: {}", candidate.reach, best.reach)
    } else if candidate.how != best.how {
        format!("lost: {}, the best one {}", candidate.how, best.how)
    } else if is_settled {
        "lost: the winner is the same code under a better name".to_owned()
    } else {
        "equally good".to_owned()
    }
}

fn next(item: &Evidence) -> String {
    match &item.outcome {
        Outcome::Rewritten { applicability: Applicability::Certain, .. } => {
            "Nothing: `repot apply` rewrites it.".to_owned()
        }
        Outcome::Rewritten { applicability: Applicability::Review, .. } => {
            "Look at the warnings; `repot apply` rewrites it as shown.".to_owned()
        }
        Outcome::Rewritten { applicability: Applicability::Offered, .. } if item.class == Class::Config => {
            "Take it out by hand, unless something else speaks for it.".to_owned()
        }
        Outcome::Rewritten { applicability: Applicability::Offered, .. } => {
            "It is rewritten only when it is asked for by name.".to_owned()
        }
        Outcome::Skipped { .. } => "Nothing, as long as the reason above holds.".to_owned(),
        Outcome::Decision { decision } => to_decide(item, *decision),
    }
}

fn to_decide(item: &Evidence, kind: DecisionKind) -> String {
    let decision = Decision {
        kind,
        subject: item.subject.clone(),
        candidates: item.candidates.clone(),
        rule: item.rule.clone(),
        sites: vec![(item.path.clone(), item.line)],
    };
    let advice = match kind {
        DecisionKind::Ambiguous | DecisionKind::Conflict => "Choose one in the roadmap (remove one `#`):",
        DecisionKind::Undefined if !item.candidates.is_empty() => {
            "Bring it back, or choose in the roadmap (remove one `#`):"
        }
        DecisionKind::Template if item.candidates.is_empty() => "Mend the file, or say in the roadmap:",
        DecisionKind::Template => "Choose one in the roadmap (remove one `#`):",
        DecisionKind::Unclear => "If this is what is meant, say so in the roadmap:",
        _ => "Until it is solved, the roadmap can say that it stays:",
    };
    // Others may import the same name and fare better: the entry is for this file.
    format!("{advice}\n\n{}", lines(&decision, Some(&glob(&item.path))))
}

fn indent(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}

#[cfg(test)]
mod tests;
