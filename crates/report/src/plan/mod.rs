//! Plans: as text for people, as JSON for programs, as Markdown for a pull
//! request.

pub(crate) mod classes;
mod json;
mod markdown;
mod message;
mod patch;
mod summary;
pub(crate) mod tally;
mod text;
mod trials;

pub use classes::plan_stat;
pub use json::plan_json;
pub use markdown::plan_markdown;
pub use message::commit_message;
pub use patch::plan_patch;
pub use summary::plan_summary;
pub use text::{plan_concise, plan_full};

#[cfg(test)]
mod tests;
