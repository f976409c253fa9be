//! `repot graph`: domains, packages or modules, and who imports whom.

use repot_trend::{Graph, GraphOf};

use crate::ExitStatus;
use crate::args::{self, Format, Nodes};
use crate::commands::plan::wrong_format;
use crate::console::Console;
use crate::error::Failure;
use crate::session;
use crate::settings::Settings;

/// Shows the graph.
pub fn run(
    args: &args::Graph,
    settings: &Settings,
    console: &mut Console<'_>,
) -> Result<ExitStatus, Failure> {
    let (workspace, _) = session::any_workspace(settings)?;
    let of = match args.of {
        Nodes::Domains => GraphOf::Domains,
        Nodes::Packages => GraphOf::Packages,
        Nodes::Modules => GraphOf::Modules,
    };
    let graph = Graph::new(&workspace, of);
    match settings.format {
        Format::Full => console.result(repot_report::graph_text(&graph, settings.style())),
        Format::Dot => console.result(repot_report::graph_dot(&graph)),
        Format::Mermaid => console.result(repot_report::graph_mermaid(&graph)),
        Format::Svg => console.result(repot_report::graph_svg(&graph)),
        Format::Json => console.json(&repot_report::graph_json(&graph)),
        _ => return Err(wrong_format("graph", "full, dot, mermaid, svg or json")),
    }
    Ok(ExitStatus::Fine)
}
