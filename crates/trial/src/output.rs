//! What a command prints: the end of it is kept, and all of it is read.
//!
//! However much it prints, what is held has a limit.

use std::collections::VecDeque;

use crate::reader::{Problem, Reader};
use crate::steady::{Spellings, shown, steady};

/// How many bytes of the output are kept.
pub(crate) const KEPT: usize = 256 << 10;

/// How many bytes of a line are read.
const LINE: usize = 8 << 10;

/// The output of a command while it comes.
#[derive(Debug)]
pub(crate) struct Output {
    copy: Spellings,
    original: Spellings,
    reader: Reader,
    tail: VecDeque<u8>,
    passed: u64,
    line: Vec<u8>,
    last: String,
    sum: Sum,
    names_original: bool,
    kept: usize,
}

/// All of what a command printed.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    /// The end of it, with paths relative to the copy.
    pub(crate) text: String,
    /// The problems that it names, in their order.
    pub(crate) problems: Vec<Problem>,
    /// Equal for two outputs with the same lines, in whatever order, apart from
    /// what differs from run to run.
    pub(crate) sum: Sum,
    /// Whether it names the tree itself instead of the copy.
    pub(crate) names_original: bool,
}

/// A hash of lines that does not depend on their order.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sum {
    lines: u64,
    hashes: u128,
}

impl Sum {
    fn add(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let hash = blake3::hash(line.as_bytes());
        let first: [u8; 16] = std::array::from_fn(|at| hash.as_bytes()[at]);
        self.lines += 1;
        self.hashes = self.hashes.wrapping_add(u128::from_le_bytes(first));
    }
}

impl Output {
    /// Nothing yet, of a command in the copy `copy` of the tree `original`.
    pub(crate) fn new(copy: Spellings, original: Spellings, reader: Reader) -> Self {
        Self {
            copy,
            original,
            reader,
            tail: VecDeque::new(),
            passed: 0,
            line: Vec::new(),
            last: String::new(),
            sum: Sum::default(),
            names_original: false,
            kept: KEPT,
        }
    }

    /// The same, of which the last `kept` bytes are kept.
    pub(crate) fn keeping(self, kept: usize) -> Self {
        Self { kept, ..self }
    }

    /// Takes what was printed next.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.tail.extend(bytes);
        let surplus = self.tail.len().saturating_sub(self.kept);
        self.passed += surplus as u64;
        self.tail.drain(..surplus);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = LINE.saturating_sub(self.line.len());
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            if part.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    /// The last line that says something, for a person who waits.
    pub(crate) fn last_line(&self) -> &str {
        &self.last
    }

    fn end_line(&mut self) {
        let line = shown(&String::from_utf8_lossy(&self.line));
        self.line.clear();
        self.names_original |= self.original.occur_in(&line);
        let line = self.copy.relative(&line);
        self.sum.add(&steady(&line));
        self.reader.read(&line);
        if !line.trim().is_empty() {
            self.last = line.trim().to_owned();
        }
    }

    /// All of it.
    pub(crate) fn finish(mut self) -> Printed {
        if !self.line.is_empty() {
            self.end_line();
        }
        let bytes: Vec<u8> = self.tail.into();
        let kept = String::from_utf8_lossy(&bytes);
        let kept = self.copy.relative(&kept);
        let text = match self.passed {
            0 => kept.into_owned(),
            // The first line that is kept was cut somewhere.
            passed => {
                let cut = kept.find('\n').map_or(0, |at| at + 1);
                format!("… the first {} bytes are left out\n{}", passed + cut as u64, &kept[cut..])
            }
        };
        Printed { text, problems: self.reader.finish(), sum: self.sum, names_original: self.names_original }
    }
}
