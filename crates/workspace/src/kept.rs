//! Syntax trees that will be asked for again: those of the rounds of a step, and
//! of the steps of a phase, which look at the same files.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use repot_python::SourceFile;

/// The bytes of source whose trees are kept. A tree takes some twenty times as many.
const KEPT: usize = 16 << 20;

/// The trees that were made last.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    trees: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    trees: VecDeque<Arc<SourceFile>>,
    bytes: usize,
}

impl Kept {
    /// Keeps `tree` until others need its room.
    pub(crate) fn keep(&self, tree: &Arc<SourceFile>) {
        let mut queue = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        queue.bytes += tree.bytes().len();
        queue.trees.push_back(Arc::clone(tree));
        while queue.bytes > KEPT {
            let Some(oldest) = queue.trees.pop_front() else { break };
            queue.bytes -= oldest.bytes().len();
        }
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} trees of {} bytes", self.trees.len(), self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room() {
        let kept = Kept::default();
        let source = Arc::<[u8]>::from(vec![b'#'; KEPT / 4]);
        let trees: Vec<_> = (0..6).map(|_| Arc::new(SourceFile::parse(Arc::clone(&source)))).collect();
        trees.iter().for_each(|tree| kept.keep(tree));
        let holders: Vec<usize> = trees.iter().map(Arc::strong_count).collect();
        assert_eq!(holders, [1, 1, 2, 2, 2, 2]);
    }
}
