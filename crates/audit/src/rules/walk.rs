//! Shortest ways through a graph.

use std::collections::{BTreeMap, VecDeque};

/// The shortest way from one of `starts` to a node that `is_end` names, both
/// included; of several the one whose starts and steps come first.
pub fn shortest<N: Copy + Ord>(
    starts: impl IntoIterator<Item = N>,
    next: impl Fn(N) -> Vec<N>,
    is_end: impl Fn(N) -> bool,
) -> Option<Vec<N>> {
    let mut from: BTreeMap<N, Option<N>> = BTreeMap::new();
    let mut queue = VecDeque::new();
    for start in starts {
        if let std::collections::btree_map::Entry::Vacant(entry) = from.entry(start) {
            entry.insert(None);
            queue.push_back(start);
        }
    }
    while let Some(at) = queue.pop_front() {
        if is_end(at) {
            let mut way = vec![at];
            while let Some(Some(before)) = way.last().and_then(|last| from.get(last)) {
                way.push(*before);
            }
            way.reverse();
            return Some(way);
        }
        for step in next(at) {
            if let std::collections::btree_map::Entry::Vacant(entry) = from.entry(step) {
                entry.insert(Some(at));
                queue.push_back(step);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against petgraph's own distances.
        #[test]
        fn no_way_is_shorter(edges in prop::collection::vec((0_u32..9, 0_u32..9), 0..40), end in 0_u32..9) {
            let graph = petgraph::graphmap::DiGraphMap::<u32, ()>::from_edges(&edges);
            let way = shortest([0], |at| graph.neighbors(at).collect(), |at| at == end);
            let mut known = graph.clone();
            known.add_node(0);
            let costs = petgraph::algo::dijkstra(&known, 0, None, |_| 1_usize);
            prop_assert_eq!(way.as_ref().map(|way| way.len() - 1), costs.get(&end).copied());
            for pair in way.unwrap_or_default().windows(2) {
                prop_assert!(graph.contains_edge(pair[0], pair[1]));
            }
        }
    }
}
