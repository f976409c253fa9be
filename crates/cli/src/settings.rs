//! What is meant: the arguments and the environment, resolved once.

use std::path::PathBuf;

use crate::Environment;
use crate::args::{Args, Format, Output, When};

/// The settings of a run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The command line, for whoever finds the tree locked by this run.
    pub command: String,
    /// The directory that paths on the command line are relative to.
    pub current_dir: PathBuf,
    /// The root that was named, if one was.
    pub root: Option<PathBuf>,
    /// How printed results are written.
    pub format: Format,
    /// How results are written to files, and to which.
    pub files: Vec<(Format, PathBuf)>,
    /// Whether results are coloured.
    pub out_color: bool,
    /// Whether messages are coloured.
    pub err_color: bool,
    /// Whether messages go to a terminal, on which lines can be drawn anew.
    pub err_is_terminal: bool,
    /// Whether messages are held back.
    pub quiet: bool,
    /// Whether a person can be asked.
    pub asks: bool,
}

impl Settings {
    /// What `args` mean in `environment`.
    pub fn new(args: &Args, environment: &Environment<'_>) -> Self {
        let color = |is_terminal: bool| match args.color {
            When::Always => true,
            When::Never => false,
            When::Auto => environment.force_color || (is_terminal && !environment.no_color),
        };
        let words: Vec<_> = environment.args.iter().skip(1).map(|word| word.to_string_lossy()).collect();
        // The last one that is printed counts, as with every option that is given twice.
        let printed = args.output_format.iter().rfind(|output| output.file.is_none());
        let file =
            |output: &Output| Some((output.format, environment.current_dir.join(output.file.as_ref()?)));
        let files = args.output_format.iter().filter_map(file).collect();
        Self {
            command: format!("repot {}", words.join(" ")),
            current_dir: environment.current_dir.clone(),
            root: args.root.as_ref().map(|root| environment.current_dir.join(root)),
            format: printed.map_or(Format::Full, |output| output.format),
            files,
            out_color: color(environment.out_is_terminal),
            err_color: color(environment.err_is_terminal),
            err_is_terminal: environment.err_is_terminal,
            quiet: args.quiet,
            asks: environment.asks,
        }
    }

    /// The style of results.
    pub fn style(&self) -> repot_report::Style {
        repot_report::Style { color: self.out_color }
    }
}
