//! Domains or packages and who imports whom: as text, DOT, Mermaid, JSON and as
//! a drawing.

mod circle;
mod text;

pub(crate) use circle::circle;
pub use circle::graph_svg;
pub use text::{graph_dot, graph_json, graph_mermaid, graph_text};

#[cfg(test)]
mod tests;
