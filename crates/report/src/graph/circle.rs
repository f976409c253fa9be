//! A graph drawn on a circle.
//!
//! Every node stands on it in the order of the domains and of the names, so that
//! the same things stand at the same places in two drawings. Edges are bent, the
//! more the further their ends are apart, so that both directions are seen.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use repot_trend::{Edge, Graph};

use crate::page::text::in_html;
use crate::words::count;

/// How far apart neighbours stand at least.
const APART: f64 = 26.0;

/// The smallest radius of the circle, and the room for names beside it and
/// above it.
const RADIUS: f64 = 130.0;
const BESIDE: f64 = 120.0;
const ABOVE: f64 = 30.0;

/// The radius of a node.
const NODE: f64 = 7.0;

/// How a drawing that stands for itself looks; one on a page looks like it.
const STYLE: &str = "svg { color-scheme: light dark; background: light-dark(#fff, #0f1318); }\n\
.graph circle { fill: light-dark(#eceff3, #1d242d); stroke: light-dark(#596572, #96a2b0); }\n\
.graph text { fill: light-dark(#1c2229, #d9dfe7); font: 12px sans-serif; }\n\
.graph .edge { fill: none; stroke: light-dark(#596572, #96a2b0); opacity: 0.45; }\n\
.graph .edge.forbidden { stroke: light-dark(#b3261e, #ff8f85); opacity: 0.9; }\n\
.graph marker path { fill: light-dark(#596572, #96a2b0); }\n\
.graph marker.forbidden path { fill: light-dark(#b3261e, #ff8f85); }\n";

/// The graph as a file of its own.
#[must_use]
pub fn graph_svg(graph: &Graph) -> String {
    let nodes = graph.nodes_with(&Graph::default());
    let label =
        format!("{}, {}", count(graph.nodes.len(), "node"), count(graph.forbidden(), "forbidden name"));
    circle(graph, &nodes, &label).replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1).replacen(
        '>',
        &format!("><style>{STYLE}</style>"),
        1,
    )
}

/// The graph for a page, `nodes` being those that have a place, with their
/// domains; those that are no nodes of the graph are faint.
pub(crate) fn circle(graph: &Graph, nodes: &[(Option<String>, String)], label: &str) -> String {
    let radius = (nodes.len() as f64 * APART / TAU).max(RADIUS);
    let (wide, high) = (radius + BESIDE, radius + ABOVE);
    let angle = |at: usize| TAU * at as f64 / nodes.len().max(1) as f64 - TAU / 4.0;
    let places: BTreeMap<&str, (f64, f64)> = nodes
        .iter()
        .enumerate()
        .map(|(at, (_, name))| (name.as_str(), (radius * angle(at).cos(), radius * angle(at).sin())))
        .collect();
    let edges: String = graph.edges.iter().filter_map(|edge| arc(edge, &places)).collect();
    let is_there = |name: &str| graph.nodes.iter().find(|node| node.name == name);
    let node = |(at, (_, name)): (usize, &(Option<String>, String))| {
        let packages = is_there(name).map(|node| node.packages);
        node(name, angle(at), radius, packages)
    };
    let nodes: String = nodes.iter().enumerate().map(node).collect();
    // A page may hold several drawings; markers of the same kind are the same.
    format!(
        "<svg class=\"graph\" role=\"img\" aria-label=\"{}\" viewBox=\"{:.0} {:.0} {:.0} {:.0}\">\n<defs>{}{}</defs>\n{edges}{nodes}</svg>\n",
        in_html(label),
        -wide,
        -high,
        2.0 * wide,
        2.0 * high,
        marker("allowed"),
        marker("forbidden")
    )
}

fn marker(class: &str) -> String {
    format!(
        "<marker id=\"arrow-{class}\" class=\"{class}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\"/></marker>"
    )
}

fn node(name: &str, angle: f64, radius: f64, packages: Option<usize>) -> String {
    let (x, y) = (radius * angle.cos(), radius * angle.sin());
    let (tx, ty) = ((radius + 14.0) * angle.cos(), (radius + 14.0) * angle.sin() + 4.0);
    let anchor = match angle.cos() {
        side if side > 0.2 => "start",
        side if side < -0.2 => "end",
        _ => "middle",
    };
    let (class, title) = match packages {
        Some(packages) => ("node", format!("{name}: {}", count(packages, "package"))),
        None => ("node gone", format!("{name}: not there")),
    };
    format!(
        "<g class=\"{class}\"><circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{NODE}\"/><text x=\"{tx:.1}\" y=\"{ty:.1}\" text-anchor=\"{anchor}\">{}</text><title>{}</title></g>\n",
        in_html(name),
        in_html(&title)
    )
}

/// An edge as a curve; `None` when an end has no place.
fn arc(edge: &Edge, places: &BTreeMap<&str, (f64, f64)>) -> Option<String> {
    let (from, to) = (places.get(edge.from.as_str())?, places.get(edge.to.as_str())?);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1.0);
    // To the right of the way, so that there and back are two curves.
    let bend = length * 0.12;
    let middle = ((from.0 + to.0) / 2.0 - dy / length * bend, (from.1 + to.1) / 2.0 + dx / length * bend);
    let start = beside(*from, middle);
    let end = beside(*to, middle);
    let class = if edge.forbidden > 0 { "forbidden" } else { "allowed" };
    let width = 1.0 + (edge.names as f64).ln_1p() / 2.0;
    let title = format!(
        "{} imports {}: {}, {} forbidden",
        edge.from,
        edge.to,
        count(edge.names, "name"),
        edge.forbidden
    );
    Some(format!(
        "<path class=\"edge {class}\" stroke-width=\"{width:.1}\" marker-end=\"url(#arrow-{class})\" d=\"M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}\"><title>{}</title></path>\n",
        start.0,
        start.1,
        middle.0,
        middle.1,
        end.0,
        end.1,
        in_html(&title)
    ))
}

/// The place at the border of the node at `center`, towards `other`.
fn beside(center: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (other.0 - center.0, other.1 - center.1);
    let length = dx.hypot(dy).max(1.0);
    let away = NODE + 2.0;
    (center.0 + dx / length * away, center.1 + dy / length * away)
}
