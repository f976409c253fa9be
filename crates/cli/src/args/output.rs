//! `--output-format FORMAT[:FILE]`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};

use super::Format;

/// A form of the results, and where they go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How they are written.
    pub format: Format,
    /// The file; without it they are printed.
    pub file: Option<PathBuf>,
}

/// Reads a format by the names of [`Format`], and behind a colon a file.
#[derive(Debug, Clone, Copy)]
pub struct OutputParser;

impl TypedValueParser for OutputParser {
    type Value = Output;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Output, Error> {
        let (format, file) = match value.to_str().and_then(|value| value.split_once(':')) {
            Some((_, "")) => {
                let text = "a file is to stand behind the colon, as in `sarif:repot.sarif`\n";
                return Err(Error::raw(ErrorKind::ValueValidation, text).with_cmd(command));
            }
            Some((format, file)) => (OsString::from(format), Some(PathBuf::from(file))),
            None => (value.to_owned(), None),
        };
        let format = EnumValueParser::<Format>::new().parse_ref(command, arg, &format)?;
        Ok(Output { format, file })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        EnumValueParser::<Format>::new().possible_values().map(|values| {
            let values: Vec<PossibleValue> = values.collect();
            Box::new(values.into_iter()) as Box<dyn Iterator<Item = PossibleValue>>
        })
    }
}
