//! The outline of a file: what is left without the bodies of its functions and
//! classes, and the tree of that.
//!
//! What a module binds does not depend on these bodies, and they are most of
//! what there is to parse.

use repot_change::Span;
use tree_sitter::{Node, Tree};

use crate::encoding::readable;
use crate::{scan, tree};

/// What stands in place of a body: an expression, since a block needs one.
const BODY: &[u8] = b"0";

/// A file without the bodies of its outermost definitions.
pub(crate) struct Outline {
    bytes: Vec<u8>,
    tree: Tree,
    /// For each body: the first offset behind it in the outline, and how many
    /// bytes are left out up to there.
    cuts: Vec<(usize, usize)>,
}

impl Outline {
    /// Outlines a file and parses what is left.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let text = readable(bytes);
        Self::without(bytes, &text, &scan::bodies(&text))
    }

    fn without(bytes: &[u8], text: &[u8], bodies: &[Span]) -> Self {
        let tree = tree::parse(&cut(text, bodies));
        let (mut cuts, mut left_out) = (Vec::with_capacity(bodies.len()), 0);
        for body in bodies {
            let at = body.start - left_out + BODY.len();
            left_out += body.len() - BODY.len();
            cuts.push((at, left_out));
        }
        Self { bytes: cut(bytes, bodies), tree, cuts }
    }

    pub(crate) fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    /// The bytes that the nodes of the tree count.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a span of the outline that touches no body stands in the file.
    pub(crate) fn original(&self, span: Span) -> Span {
        let passed = self.cuts.partition_point(|(at, _)| *at <= span.start);
        let left_out = passed.checked_sub(1).map_or(0, |last| self.cuts[last].1);
        Span::new(span.start + left_out, span.end + left_out)
    }
}

/// `bytes` with [`BODY`] in place of each body.
fn cut(bytes: &[u8], bodies: &[Span]) -> Vec<u8> {
    let mut rest = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for body in bodies {
        rest.extend_from_slice(&bytes[at..body.start]);
        rest.extend_from_slice(BODY);
        at = body.end;
    }
    rest.extend_from_slice(&bytes[at..]);
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::{PATHS, blocks, python};
    use crate::definitions::definitions;
    use crate::{SourceFile, scan_imports};

    #[test]
    fn bodies_are_left_out_and_the_rest_is_not() {
        for (source, expected) in [
            ("def f(a=(1,\n 2)): # c\n  return 1\n\nx = 1\n", "def f(a=(1,\n 2)): # c\n  0\n\nx = 1\n"),
            ("class A:\n  # c\n  x = 1\n  def f(self):\n    pass\nx", "class A:\n  # c\n  0\nx"),
            (
                "if x:\n async  def f():\r\n  '''\r\n  '''\r\n  y\r\n z\r\n",
                "if x:\n async  def f():\r\n  0\r\n z\r\n",
            ),
            ("def f(): pass\ndef g(): # d\n  pass", "def f(): pass\ndef g(): # d\n  0"),
            ("def f():\nx\n", "def f():\nx\n"),
            ("@d\nclass A(B): x = 1; y = 2\n", "@d\nclass A(B): x = 1; y = 2\n"),
            ("\u{FEFF}def f():\n  x\n  y\nz", "\u{FEFF}def f():\n  0\nz"),
        ] {
            assert_eq!(
                String::from_utf8_lossy(Outline::of(source.as_bytes()).bytes()),
                expected,
                "{source:?}"
            );
        }
    }

    #[test]
    fn an_outline_defines_what_its_file_defines() {
        let Some(output) = python(PATHS) else { return };
        let mut clean = 0;
        for (path, bytes, _) in blocks(&output) {
            let imports = scan_imports(&bytes);
            let whole = Outline::without(&bytes, &readable(&bytes), &[]);
            let outlined = definitions(&Outline::of(&bytes), &imports);
            if !whole.root().has_error() {
                assert_eq!(definitions(&whole, &imports), outlined, "{path}");
                assert_eq!(*SourceFile::parse(bytes.into()).definitions(), outlined, "{path}");
                clean += 1;
            }
        }
        assert!(clean > 100, "only {clean} files");
    }
}
