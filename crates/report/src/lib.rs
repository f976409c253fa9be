//! Plans, findings and figures as text, JSON, SARIF, Markdown, GitHub
//! annotations and a page for a browser: values in, text out.
//!
//! Nothing here prints, reads a file, looks at a terminal or asks for the time:
//! the same values give the same bytes. Where the text goes, how wide the
//! terminal is and whether it shows colours is the caller's business.

#![cfg_attr(
    test,
    allow(clippy::disallowed_methods, reason = "tests compare with the real git, in scratch folders")
)]

mod audit;
mod binary;
mod card;
mod decisions;
mod diff;
#[cfg(test)]
mod documents;
mod explain;
#[cfg(test)]
mod git;
mod graph;
mod lines;
mod markdown;
mod page;
mod place;
mod plan;
mod progress;
mod quote;
#[cfg(test)]
mod sample;
mod settlement;
mod slide;
mod stat;
mod style;
mod words;

pub use audit::{
    audit_concise, audit_full, audit_github, audit_gitlab, audit_json, audit_junit, audit_markdown,
    audit_sarif,
};
pub use card::{package_card, versions_card};
pub use decisions::decisions;
pub use diff::diff;
pub use explain::explain;
pub use graph::{graph_dot, graph_json, graph_mermaid, graph_svg, graph_text};
pub use page::plan_html;
pub use plan::{
    commit_message, plan_concise, plan_full, plan_json, plan_markdown, plan_patch, plan_stat, plan_summary,
};
pub use progress::{progress_html, progress_json, progress_markdown, progress_text};
pub use stat::stat;
pub use style::Style;
