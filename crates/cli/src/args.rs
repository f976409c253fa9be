//! What was typed.

mod measuring;
mod output;

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};

pub use measuring::{Check, Graph, Interval, Nodes, Period, Report, Status};
pub use output::{Output, OutputParser};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Carries out migrations of Python monorepos: reviewable, all or nothing, taken back byte for byte.
#[derive(Debug, Parser)]
#[command(name = "repot", version, styles = STYLES, max_term_width = 100)]
pub struct Args {
    /// The workspace root; by default the nearest folder upwards with a roadmap, else the git root
    #[arg(long, short = 'C', global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// How results are written; `check` takes several, and writes those with a file to it
    #[arg(long, global = true, value_parser = OutputParser, default_value = "full", value_name = "FORMAT[:FILE]")]
    pub output_format: Vec<Output>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    pub color: When,
    /// Print results only, no messages
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Full,
    /// One line for each result
    Concise,
    /// JSON; docs/json.md has the schema
    Json,
    /// GitHub Actions annotations
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// SARIF 2.1.0
    Sarif,
    /// JUnit XML
    Junit,
    /// Markdown, for a pull-request comment
    Markdown,
    /// A page for a browser, one file that needs nothing else
    Html,
    /// A graph for Graphviz
    Dot,
    /// A graph for Mermaid, as GitHub draws it in comments
    Mermaid,
    /// A drawing
    Svg,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Survey the tree and write a commented repot.toml, which plans at once
    Init(Init),
    /// Show the phases, their gates now, and what comes next
    Status(Status),
    /// Show what would change; nothing is written
    Plan(Plan),
    /// Show a saved plan again: as diff, stat, patch, JSON or Markdown
    Show(Show),
    /// Carry out a phase or a saved plan: exactly what was shown, or nothing
    Apply(Apply),
    /// Take an applied phase back, byte for byte
    Undo(Undo),
    /// Apply again what was last undone
    Redo(Consent),
    /// Show what was applied, undone and redone
    Log(Log),
    /// Bring the tree back after a run that was cut off
    Recover(Consent),
    /// Look for findings and judge the gates, for CI
    Check(Check),
    /// Report progress against the roadmap over the history that git keeps
    Report(Report),
    /// Show domains, packages or modules, and who imports whom
    Graph(Graph),
    /// Show the evidence behind one rewritten or refused line, or a package's card
    Explain(Explain),
    /// Move a module, a package or a symbol, with every reference to it
    Move(Move),
    /// Merge a package into another, with every reference; what differs is kept apart and asked about
    Merge(Merge),
    /// Run one codemod, with the roadmap's workspace but none of its phases
    Run(Run),
    /// List the codemods with their settings
    Codemods,
    /// Show the whole journey on a small monorepo that ships with Repot
    Demo(Demo),
}

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub struct Init {
    /// A top-level name that must disappear from imports; may be given several times
    #[arg(long, value_name = "NAME")]
    pub legacy_root: Vec<String>,
    /// The phases of the roadmap; by default one, for what imports need today
    #[arg(long, value_enum, value_name = "KIND")]
    pub roadmap: Option<RoadmapKind>,
    /// Write the roadmap to stdout instead of repot.toml
    #[arg(long)]
    pub stdout: bool,
}

/// A roadmap that ships with Repot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoadmapKind {
    /// Boundaries, packages, layers, quality: four phases of 32 weeks with all their gates
    FourPhases,
}

/// Arguments of `plan`.
#[derive(Debug, Default, clap::Args)]
pub struct Plan {
    /// Plan this phase only
    #[arg(long, value_name = "PHASE")]
    pub phase: Option<String>,
    /// What part of it.
    #[command(flatten)]
    pub selection: Selection,
    /// How it is shown, and where it is saved.
    #[command(flatten)]
    pub preview: Preview,
    /// Exit with 1 when there is anything to change
    #[arg(long)]
    pub check: bool,
    /// Exit as Terraform does: 0 nothing to change, 1 error, 2 changes
    #[arg(long, conflicts_with = "check")]
    pub detailed_exitcode: bool,
    /// Run CMD in a copy of the tree before and after each phase, and fail where it gets worse; without CMD, what the roadmap says. May be given several times
    #[arg(long, value_name = "CMD", num_args = 0..=1, default_missing_value = "")]
    pub verify: Vec<String>,
    /// How long CMD may take, such as `90s` or `10m`
    #[arg(long, value_name = "DURATION", requires = "verify")]
    pub verify_timeout: Option<jiff::SignedDuration>,
    /// Save the plan without running the commands by which the roadmap verifies it
    #[arg(long, requires = "output", conflicts_with = "verify")]
    pub no_verify: bool,
}

/// What of a plan is shown; by default the diff of each step, and the summary.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct View {
    /// Show a diffstat instead of the diff
    #[arg(long)]
    pub stat: bool,
    /// List every decision with the roadmap lines that would settle it
    #[arg(long, conflicts_with = "stat")]
    pub decisions: bool,
    /// Show one patch that `git apply` takes, and nothing else
    #[arg(long, conflicts_with_all = ["stat", "decisions", "output_format"])]
    pub patch: bool,
    /// Write a page for reviewing in a browser, one file that needs nothing else; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stat", "decisions", "patch"])]
    pub html: Option<PathBuf>,
}

/// How a plan is shown, and where it is saved.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Preview {
    /// What of the plan is shown.
    #[command(flatten)]
    pub view: View,
    /// Save the plan to FILE, for `repot show FILE` and `repot apply FILE`
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl Preview {
    /// Whether anything of it was asked for.
    pub fn is_asked_for(&self) -> bool {
        let View { stat, decisions, patch, html } = &self.view;
        *stat || *decisions || *patch || html.is_some() || self.output.is_some()
    }
}

/// What part of a plan is wanted; what is left out is not planned.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Selection")]
pub struct Selection {
    /// Only this step: a codemod, or a number from 1; may be given several times
    #[arg(long, value_name = "STEP")]
    pub step: Vec<String>,
    /// Only files of this package; may be given several times
    #[arg(long, value_name = "NAME")]
    pub package: Vec<String>,
    /// Only files that match, or lie below a folder that does; may be given several times
    #[arg(long, value_name = "GLOB")]
    pub path: Vec<String>,
    /// Only these classes of edits
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = ["imports", "strings", "config", "docs", "prose"])]
    pub only: Vec<String>,
    /// Ask about every hunk
    #[arg(long, short)]
    pub interactive: bool,
}

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub struct Show {
    /// The plan, as `repot plan -o FILE` saved it
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What of the plan is shown.
    #[command(flatten)]
    pub view: View,
}

/// Whether what is applied is committed as well.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Landing {
    /// Make one commit for each step
    #[arg(long)]
    pub commit: bool,
    /// Commit to the new branch NAME, and check it out
    #[arg(long, value_name = "NAME", requires = "commit")]
    pub branch: Option<String>,
    /// Commit although other files differ from the last commit; they are left as they are
    #[arg(long, requires = "commit")]
    pub allow_dirty: bool,
}

/// Whether to ask.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Consent {
    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

/// Arguments of `apply`.
#[derive(Debug, Default, clap::Args)]
pub struct Apply {
    /// A saved plan to carry out; by default a plan is made
    #[arg(value_name = "FILE", conflicts_with_all = ["step", "package", "path", "only", "interactive"])]
    pub file: Option<PathBuf>,
    /// Apply this phase; by default the first one that has anything to change, and all of a saved plan
    #[arg(long, value_name = "PHASE")]
    pub phase: Option<String>,
    /// What part of it.
    #[command(flatten)]
    pub selection: Selection,
    /// Whether it is committed as well.
    #[command(flatten)]
    pub landing: Landing,
    /// Do not run the commands by which the roadmap verifies the phase
    #[arg(long)]
    pub no_verify: bool,
    /// Start the phase although the phases before it are not done; the journal keeps why
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub force: Option<String>,
    /// Run no command that gives a figure; a gate that compares it then does not hold
    #[arg(long)]
    pub no_commands: bool,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: Consent,
}

/// Arguments of `undo`.
#[derive(Debug, clap::Args)]
pub struct Undo {
    /// The operation, as `repot log` names it; by default the last one
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: Consent,
}

/// Arguments of `log`.
#[derive(Debug, clap::Args)]
pub struct Log {
    /// What to do with the journal; by default it is listed.
    #[command(subcommand)]
    pub command: Option<LogCommand>,
}

/// What `log` does but list.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Forget the oldest operations; they cannot be undone or redone any more
    Prune(Prune),
}

/// Arguments of `log prune`.
#[derive(Debug, clap::Args)]
pub struct Prune {
    /// How many operations stay; what they undo or redo stays with them
    #[arg(long, value_name = "N")]
    pub keep: usize,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: Consent,
}

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// A file and a line, as in `src/shop/cart.py:12`, without a line the whole file; or a package, by its name or folder
    #[arg(value_name = "FILE:LINE|PACKAGE")]
    pub place: String,
}

/// Arguments of `move`.
#[derive(Debug, clap::Args)]
pub struct Move {
    /// What moves: a dotted import name, or `a.b:Name` for a symbol
    #[arg(value_name = "OLD")]
    pub old: String,
    /// What it is called afterwards, in full; a symbol that goes to a module keeps its name
    #[arg(value_name = "NEW")]
    pub new: String,
    /// The classes of references that follow; by default all but prose
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = ["imports", "strings", "config", "docs", "prose"])]
    pub only: Vec<String>,
    /// Read OLD and NEW as symbols: `a.b.Name` is `a.b:Name`
    #[arg(long)]
    pub symbol: bool,
    /// Keep the old name importable: it gives the very same objects, and warns
    #[arg(long)]
    pub shim: bool,
    /// Keep nothing at the old place; this is the default
    #[arg(long, conflicts_with = "shim")]
    pub no_shim: bool,
    /// The day on which the old name goes, as the warning says; by default in half a year
    #[arg(long, value_name = "DATE", requires = "shim")]
    pub shim_until: Option<jiff::civil::Date>,
    /// Show the diff and write nothing
    #[arg(long, conflicts_with_all = ["yes", "check"])]
    pub dry_run: bool,
    /// Show what would change and exit with 1 when there is anything
    #[arg(long, conflicts_with = "yes")]
    pub check: bool,
    /// How the plan is shown and where it is saved; any of it writes nothing to the tree.
    #[command(flatten)]
    pub preview: Preview,
    /// Whether it is committed as well.
    #[command(flatten)]
    pub landing: Landing,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: Consent,
}

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
pub struct Merge {
    /// The package that goes: its import name, its name, or its folder
    #[arg(value_name = "FROM")]
    pub from: String,
    /// The package that it goes into
    #[arg(value_name = "INTO")]
    pub into: String,
    /// Take FROM's module instead of INTO's: its dotted name below the package; may be given several times
    #[arg(long, value_name = "MODULE", value_delimiter = ',')]
    pub take: Vec<String>,
    /// The classes of references that follow; by default all but prose
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = ["imports", "strings", "config", "docs", "prose"])]
    pub only: Vec<String>,
    /// What stays of FROM: nothing, archive/NAME/ with what is not in INTO, or a shim under the old name
    #[arg(long, value_name = "WHAT", value_parser = ["remove", "archive", "shim"], default_value = "remove")]
    pub old: String,
    /// The day on which the shim goes, as its warning says; by default in half a year
    #[arg(long, value_name = "DATE")]
    pub shim_until: Option<jiff::civil::Date>,
    /// Do not write to the roadmap that FROM is retired
    #[arg(long)]
    pub no_retire: bool,
    /// Show the diff and write nothing
    #[arg(long, conflicts_with_all = ["yes", "check"])]
    pub dry_run: bool,
    /// Show what would change and exit with 1 when there is anything
    #[arg(long, conflicts_with = "yes")]
    pub check: bool,
    /// How the plan is shown and where it is saved; any of it writes nothing to the tree.
    #[command(flatten)]
    pub preview: Preview,
    /// Whether it is committed as well.
    #[command(flatten)]
    pub landing: Landing,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: Consent,
}

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// The codemod, as `repot codemods` names it
    #[arg(value_name = "CODEMOD")]
    pub codemod: String,
    /// One of its settings; may be given several times
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// What composition roots have their parts from; short for `--set di=FRAMEWORK`
    #[arg(long, value_name = "FRAMEWORK")]
    pub di: Option<String>,
    /// Show what would change and exit with 1 when there is anything
    #[arg(long, conflicts_with = "yes")]
    pub check: bool,
    /// What part of it.
    #[command(flatten)]
    pub selection: Selection,
    /// How the plan is shown and where it is saved; any of it writes nothing to the tree.
    #[command(flatten)]
    pub preview: Preview,
    /// Whether it is committed as well.
    #[command(flatten)]
    pub landing: Landing,
    /// Whether to ask.
    #[command(flatten)]
    pub consent: Consent,
}

/// Arguments of `demo`.
#[derive(Debug, clap::Args)]
pub struct Demo {
    /// The folder for the tree; it must not exist or be empty. By default a new temporary one
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
}
