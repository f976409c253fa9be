//! What is asked for: moves, by dotted names.

use std::fmt;
use std::str::FromStr;

use repot_workspace::is_identifier;
use thiserror::Error;

/// A module, a package with everything below it, or one of a module's
/// top-level symbols.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The dotted import name of the module.
    pub module: String,
    /// The symbol's name; `None` for the module itself.
    pub symbol: Option<String>,
}

/// One move.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Move {
    /// What moves.
    pub from: Subject,
    /// What it is called afterwards; a symbol exactly when `from` is one.
    pub to: Subject,
}

/// Why a text names no move.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseMoveError {
    /// A name that no import statement can spell.
    #[error("`{text}` is no dotted import name: `{part}` is no identifier")]
    Name {
        /// The whole text.
        text: String,
        /// The part that is wrong.
        part: String,
    },
    /// A module on one side and a symbol on the other.
    #[error("`{from}` and `{to}` must both be modules or both symbols, as in `a.b:Name`")]
    Mixed {
        /// The one side.
        from: Subject,
        /// The other side.
        to: Subject,
    },
    /// Both sides are the same.
    #[error("`{subject}` would move to where it is")]
    Same {
        /// Either side.
        subject: Subject,
    },
}

impl Move {
    /// The move of `from` to `to`. A symbol that moves to a module keeps its
    /// name: `a:Name` to `b` is `a:Name` to `b:Name`.
    ///
    /// # Errors
    ///
    /// [`ParseMoveError`] when this is no move.
    pub fn parse(from: &str, to: &str) -> Result<Self, ParseMoveError> {
        let (from, mut to) = (Subject::from_str(from)?, Subject::from_str(to)?);
        if to.symbol.is_none() {
            to.symbol.clone_from(&from.symbol);
        }
        if from.symbol.is_some() != to.symbol.is_some() {
            return Err(ParseMoveError::Mixed { from, to });
        }
        if from == to {
            return Err(ParseMoveError::Same { subject: from });
        }
        Ok(Self { from, to })
    }
}

impl FromStr for Subject {
    type Err = ParseMoveError;

    fn from_str(text: &str) -> Result<Self, ParseMoveError> {
        let (module, symbol) = match text.split_once(':') {
            Some((module, symbol)) => (module, Some(symbol)),
            None => (text, None),
        };
        let bad = module.split('.').chain(symbol).find(|part| !is_identifier(part));
        match bad {
            Some(part) => Err(ParseMoveError::Name { text: text.to_owned(), part: part.to_owned() }),
            None => Ok(Self { module: module.to_owned(), symbol: symbol.map(str::to_owned) }),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.symbol {
            Some(symbol) => write!(f, "{}:{symbol}", self.module),
            None => f.write_str(&self.module),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_keeps_its_name_unless_it_gets_another() {
        let to = |from: &str, to: &str| Move::parse(from, to).map(|one| one.to.to_string());
        assert_eq!(to("a.b:X", "c").unwrap(), "c:X");
        assert_eq!(to("a.b:X", "c:Y").unwrap(), "c:Y");
        assert_eq!(to("a.b", "c.d").unwrap(), "c.d");
    }

    #[test]
    fn what_is_no_move_is_said() {
        for (from, to) in [("a", "b:X"), ("a", "a"), ("a:X", "a"), ("a-b", "c"), ("", "c"), ("a.class", "c")]
        {
            assert!(Move::parse(from, to).is_err(), "{from} {to}");
        }
    }
}
