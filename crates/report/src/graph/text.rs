//! A graph for people, for Graphviz, for Mermaid and for programs.

use repot_trend::{Edge, Graph, Node};
use serde_json::{Value, json};

use crate::quote::one_line;
use crate::style::{Role, Style};
use crate::words::{columns, count};

/// The version of the schema in `docs/json.md`.
const VERSION: u32 = 1;

/// One line for each edge, those with forbidden names marked.
#[must_use]
pub fn graph_text(graph: &Graph, style: Style) -> String {
    let row = |edge: &Edge| {
        let forbidden = match edge.forbidden {
            0 => String::new(),
            forbidden => format!("{forbidden} forbidden"),
        };
        let names = [&edge.from, &edge.to].map(|name| one_line(name).into_owned());
        let [from, to] = names;
        vec![from, "→".to_owned(), to, count(edge.names, "name"), forbidden]
    };
    let table = columns("", &graph.edges.iter().map(row).collect::<Vec<_>>());
    let line = |(edge, line): (&Edge, &str)| match edge.forbidden {
        0 => format!("{line}\n"),
        _ => style.paint(Role::Bad, line) + "\n",
    };
    let lines: String = graph.edges.iter().zip(table.lines()).map(line).collect();
    let total = [
        count(graph.nodes.len(), "node"),
        count(graph.edges.len(), "edge"),
        count(graph.forbidden(), "forbidden name"),
    ];
    format!("{lines}{}\n", total.join(", "))
}

/// For Graphviz: packages in a box for each domain, forbidden edges red.
#[must_use]
pub fn graph_dot(graph: &Graph) -> String {
    let mut text = "digraph repot {\n  node [shape=box];\n".to_owned();
    for (at, (domain, nodes)) in groups(graph).into_iter().enumerate() {
        let line = |node: &&Node| format!("    {};\n", dot_quoted(&node.name));
        let lines: String = nodes.iter().map(line).collect();
        match domain {
            Some(domain) => {
                text +=
                    &format!("  subgraph cluster_{at} {{\n    label={};\n{lines}  }}\n", dot_quoted(domain));
            }
            None => text += &lines.replace("    ", "  "),
        }
    }
    for edge in &graph.edges {
        let color = if edge.forbidden > 0 { ", color=red, fontcolor=red" } else { "" };
        let (from, to) = (dot_quoted(&edge.from), dot_quoted(&edge.to));
        text += &format!("  {from} -> {to} [label=\"{}\"{color}];\n", edge.names);
    }
    text + "}\n"
}

/// For Mermaid, as GitHub draws it in a comment.
#[must_use]
pub fn graph_mermaid(graph: &Graph) -> String {
    let place = |name: &str| graph.nodes.iter().position(|node| node.name == name);
    let node = |node: &Node| {
        place(&node.name).map(|at| format!("n{at}[\"{}\"]\n", mermaid_quoted(&node.name))).unwrap_or_default()
    };
    let mut text = "flowchart LR\n".to_owned();
    for (at, (domain, nodes)) in groups(graph).into_iter().enumerate() {
        let lines = nodes.iter().map(|one| node(one));
        match domain {
            Some(domain) => {
                let lines: String = lines.map(|line| format!("    {line}")).collect();
                text += &format!("  subgraph d{at}[\"{}\"]\n{lines}  end\n", mermaid_quoted(domain));
            }
            None => text += &lines.map(|line| format!("  {line}")).collect::<String>(),
        }
    }
    let mut forbidden = Vec::new();
    for edge in &graph.edges {
        let (Some(from), Some(to)) = (place(&edge.from), place(&edge.to)) else { continue };
        if edge.forbidden > 0 {
            forbidden.push(text.matches("-->").count().to_string());
        }
        text += &format!("  n{from} -->|{}| n{to}\n", edge.names);
    }
    if !forbidden.is_empty() {
        text += &format!("  linkStyle {} stroke:red,color:red\n", forbidden.join(","));
    }
    text
}

/// For programs.
#[must_use]
pub fn graph_json(graph: &Graph) -> Value {
    json!({ "version": VERSION, "kind": "graph", "nodes": graph.nodes, "edges": graph.edges })
}

/// The nodes by the domain that is drawn around them: none where the domains
/// are the nodes.
fn groups(graph: &Graph) -> Vec<(Option<&str>, Vec<&Node>)> {
    let mut groups: Vec<(Option<&str>, Vec<&Node>)> = Vec::new();
    for node in &graph.nodes {
        let domain = node.domain.as_deref().filter(|domain| *domain != node.name);
        match groups.last_mut().filter(|(last, _)| *last == domain) {
            Some((_, nodes)) => nodes.push(node),
            None => groups.push((domain, vec![node])),
        }
    }
    groups
}

fn dot_quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Mermaid has entities in place of escapes.
fn mermaid_quoted(text: &str) -> String {
    one_line(text).replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}
