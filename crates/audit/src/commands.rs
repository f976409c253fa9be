//! The metrics that commands give.
//!
//! Who runs a command, and how a figure is found in what it prints, is known
//! elsewhere; here it is a figure or the reason why there is none.

use repot_change::Note;

use crate::measure::Measured;
use crate::{Figure, Unit, figure};

/// What stands for all of them in the documentation.
pub const COMMAND: &str = "[metrics.NAME]";

/// What came of a command that a roadmap names.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The metric's name in the roadmap.
    pub name: String,
    /// Whether its figure is a percentage.
    pub is_percent: bool,
    /// The figure, or why there is none.
    pub figure: Result<f64, String>,
}

/// The figure of an answer; one that there is not is told in a note.
pub fn answered(answer: &Answer) -> Measured {
    let unit = if answer.is_percent { Unit::Percent } else { Unit::Count };
    let unknown = figure::unknown(answer.name.clone(), unit);
    match &answer.figure {
        Ok(value) => Measured::from((Vec::new(), Figure { value: Some(*value), ..unknown })),
        Err(reason) => {
            let message = format!("`{}` is unknown: {reason}", answer.name);
            Measured { notes: vec![Note { path: None, line: None, message }], ..(Vec::new(), unknown).into() }
        }
    }
}
