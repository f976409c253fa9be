//! How a graph looks in every form.

use repot_trend::{Edge, Graph, Node};

use super::*;
use crate::style::Style;

fn node(domain: Option<&str>, name: &str) -> Node {
    Node { domain: domain.map(str::to_owned), name: name.to_owned(), packages: 1 }
}

fn edge(from: &str, to: &str, names: usize, forbidden: usize) -> Edge {
    Edge { from: from.to_owned(), to: to.to_owned(), names, forbidden }
}

fn graph() -> Graph {
    Graph {
        nodes: vec![
            node(None, "tools"),
            node(Some("sales"), "or\"ders"),
            node(Some("store"), "mail"),
            node(Some("store"), "stock"),
        ],
        edges: vec![
            edge("or\"ders", "stock", 3, 2),
            edge("stock", "mail", 1, 0),
            edge("tools", "mail", 12, 0),
        ],
    }
}

#[test]
fn for_people() {
    insta::assert_snapshot!(graph_text(&graph(), Style::PLAIN), @r#"
    or"ders  →  stock  3 names   2 forbidden
    stock    →  mail   1 name
    tools    →  mail   12 names
    4 nodes, 3 edges, 2 forbidden names
    "#);
}

#[test]
fn for_graphviz() {
    insta::assert_snapshot!(graph_dot(&graph()), @r#"
    digraph repot {
      node [shape=box];
      "tools";
      subgraph cluster_1 {
        label="sales";
        "or\"ders";
      }
      subgraph cluster_2 {
        label="store";
        "mail";
        "stock";
      }
      "or\"ders" -> "stock" [label="3", color=red, fontcolor=red];
      "stock" -> "mail" [label="1"];
      "tools" -> "mail" [label="12"];
    }
    "#);
}

#[test]
fn for_mermaid() {
    insta::assert_snapshot!(graph_mermaid(&graph()), @r#"
    flowchart LR
      n0["tools"]
      subgraph d1["sales"]
        n1["or#quot;ders"]
      end
      subgraph d2["store"]
        n2["mail"]
        n3["stock"]
      end
      n1 -->|3| n3
      n3 -->|1| n2
      n0 -->|12| n2
      linkStyle 0 stroke:red,color:red
    "#);
}

#[test]
fn domains_have_no_box_around_themselves() {
    let domains =
        Graph { nodes: vec![node(Some("sales"), "sales"), node(Some("store"), "store")], edges: vec![] };
    assert!(!graph_dot(&domains).contains("subgraph") && !graph_mermaid(&domains).contains("subgraph"));
}

#[test]
fn both_ways_are_two_curves_and_violations_are_marked() {
    let mut both = graph();
    both.edges = vec![edge("mail", "stock", 1, 1), edge("stock", "mail", 1, 0)];
    let svg = graph_svg(&both);
    let curves: Vec<&str> = svg.split(" d=\"M").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let curves: Vec<&&str> = curves.iter().filter(|curve| curve.contains('Q')).collect();
    assert_eq!(curves.len(), 2);
    assert_ne!(curves[0], curves[1]);
    assert_eq!(svg.matches("class=\"edge forbidden\"").count(), 1);
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("or&quot;ders") && svg.contains("<style>"));
}

#[test]
fn any_graph_is_drawn() {
    for graph in [Graph::default(), Graph { nodes: Vec::new(), edges: vec![edge("a", "b", 1, 1)] }] {
        assert!(graph_svg(&graph).ends_with("</svg>\n"));
        assert!(!graph_svg(&graph).contains("NaN"));
        assert!(graph_dot(&graph).ends_with("}\n") && graph_mermaid(&graph).starts_with("flowchart"));
    }
}

#[test]
fn the_same_things_stand_at_the_same_places() {
    let (now, mut before) = (graph(), graph());
    before.nodes.remove(0);
    let nodes = now.nodes_with(&before);
    let places = |graph: &Graph| {
        let svg = circle(graph, &nodes, "x");
        let circles = svg.split("<circle ").skip(1);
        circles.map(|rest| rest.split('/').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(places(&now), places(&before));
    assert_eq!(circle(&before, &nodes, "x").matches("node gone").count(), 1);
}
