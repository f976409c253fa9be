//! The arguments of the commands that measure: `check`, `report` and `graph`.

use std::path::PathBuf;

use clap::ValueEnum;

/// Arguments of `check`.
#[derive(Debug, Default, clap::Args)]
pub struct Check {
    /// Judge the gates of this phase only
    #[arg(long, value_name = "PHASE")]
    pub phase: Option<String>,
    /// Measure this metric only, with all its findings; may be given several times
    #[arg(long, value_name = "METRIC")]
    pub metric: Vec<String>,
    /// Take the baseline of this commit, such as origin/main, in place of the tree's own
    #[arg(long, value_name = "REV")]
    pub baseline_ref: Option<String>,
    /// Write repot-baseline.txt with what is found; where there is one, only take out what is mended
    #[arg(long, conflicts_with_all = ["baseline_ref", "metric"])]
    pub update_baseline: bool,
    /// Run no command of the roadmap; what these would tell is unknown
    #[arg(long)]
    pub no_commands: bool,
}

/// Arguments of `status`.
#[derive(Debug, Default, clap::Args)]
pub struct Status {
    /// Run no command of the roadmap; what these would tell is unknown
    #[arg(long)]
    pub no_commands: bool,
}

/// Arguments of `report`.
#[derive(Debug, Default, clap::Args)]
pub struct Report {
    /// What the report is about; by default all since `--since`, and without that the last week
    #[arg(long, value_enum, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// Where history begins: a commit, or a day such as 2025-07-01
    #[arg(long, value_name = "REV|DATE")]
    pub since: Option<String>,
    /// Where it ends: a commit or a day; by default the tree as it lies
    #[arg(long, value_name = "REV|DATE")]
    pub until: Option<String>,
    /// How often a commit is looked at; by default the last of each week
    #[arg(long, value_enum, value_name = "INTERVAL")]
    pub every: Option<Interval>,
    /// Judge each commit by the roadmap that it has itself, where it has one
    #[arg(long)]
    pub own_roadmap: bool,
    /// Neither use nor keep what was measured in earlier runs
    #[arg(long)]
    pub no_cache: bool,
    /// Write the report to FILE
    #[arg(long, short = 'o', value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Period {
    /// The last seven days
    Week,
    /// The last month
    Month,
    /// The last three months
    Quarter,
}

/// How often a commit is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Interval {
    /// Each one
    Commit,
    /// The last of each day
    Day,
    /// The last of each week
    Week,
    /// The last of each month
    Month,
}

/// Arguments of `graph`.
#[derive(Debug, clap::Args)]
pub struct Graph {
    /// What the nodes are
    #[arg(long, value_enum, default_value_t = Nodes::Domains, value_name = "NODES")]
    pub of: Nodes,
}

/// What the nodes of a graph are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Nodes {
    /// The domains of the roadmap
    Domains,
    /// The packages
    Packages,
}
