//! A document brought to its template: every lack that changes can mend is
//! mended, and the rest is told.

use repot_roadmap::Template;

use crate::{Cure, Document, Facts, Lack, Subject, asked};

/// How often the rules are asked again; what one mends may be what another was
/// waiting for.
const MAX_ROUNDS: usize = 8;

/// A document after its lacks were mended.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The document.
    pub document: Document,
    /// What was mended, in that order.
    pub mended: Vec<Settled>,
    /// What a person has to see to.
    pub left: Vec<Settled>,
}

/// A lack and the line at which it stood before anything changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The lack.
    pub lack: Lack,
    /// The line, counted from 1.
    pub line: usize,
}

/// Mends what can be mended in `document`.
#[must_use]
pub fn fit(document: &Document, facts: &Facts, template: &Template) -> Fitted {
    let mut fitted = Fitted { document: document.clone(), mended: Vec::new(), left: Vec::new() };
    for _ in 0..MAX_ROUNDS {
        fitted.left.clear();
        let before = fitted.mended.len();
        for rule in asked(template) {
            let subject = Subject { document: &fitted.document, facts, template };
            for lack in rule.lacks(&subject) {
                settle(&mut fitted, lack);
            }
        }
        if fitted.mended.len() == before {
            break;
        }
    }
    fitted
}

fn settle(fitted: &mut Fitted, lack: Lack) {
    let settled = Settled { line: fitted.document.line(&lack.key), lack };
    match &settled.lack.cure {
        Cure::Changes(changes) => {
            changes.iter().for_each(|change| fitted.document.change(change));
            fitted.mended.push(settled);
        }
        Cure::Person(_) | Cure::Open(_) | Cure::Kept(_) => fitted.left.push(settled),
    }
}

#[cfg(test)]
mod tests;
