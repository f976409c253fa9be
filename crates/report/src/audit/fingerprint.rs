//! What names a finding from one run to the next.

use std::collections::BTreeMap;

use repot_audit::Finding;
use repot_change::{ContentHash, RelPath};

/// How many digits of a fingerprint are kept: 128 bits.
const DIGITS: usize = 32;

/// The fingerprints of the findings of one audit, asked for in their order.
///
/// They hold no line number, so that a finding stays the same when lines above
/// it come or go.
#[derive(Debug, Default)]
pub(super) struct Fingerprints<'a> {
    /// How often each rule, file and subject was seen.
    seen: BTreeMap<(&'a str, &'a RelPath, &'a str), usize>,
}

impl<'a> Fingerprints<'a> {
    /// The same for the same violation: its rule, file and subject, and how
    /// many like it stand above it in the file.
    pub(super) fn next(&mut self, finding: &'a Finding) -> String {
        let times = self.seen.entry((finding.rule, &finding.path, &finding.subject)).or_default();
        *times += 1;
        let text = [finding.rule, finding.path.as_str(), &finding.subject, &times.to_string()].join("\0");
        let mut digits = ContentHash::of(text.as_bytes()).to_string();
        digits.truncate(DIGITS);
        digits
    }
}
