//! The JSON report of coverage.py (`coverage json`, format 2 and 3).

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Lines, Report};

#[derive(Deserialize)]
struct Document {
    files: BTreeMap<String, Measured>,
}

#[derive(Deserialize)]
struct Measured {
    #[serde(default)]
    executed_lines: Vec<u32>,
    #[serde(default)]
    missing_lines: Vec<u32>,
    #[serde(default)]
    executed_branches: Vec<(i64, i64)>,
    #[serde(default)]
    missing_branches: Vec<(i64, i64)>,
    #[serde(default)]
    summary: Summary,
}

#[derive(Deserialize, Default)]
struct Summary {
    #[serde(default)]
    num_branches: usize,
    #[serde(default)]
    covered_branches: usize,
}

/// Reads a report.
pub(super) fn read(bytes: &[u8]) -> Result<Report, String> {
    let document: Document = serde_json::from_slice(bytes)
        .map_err(|error| format!("is no JSON report of coverage.py: {error}"))?;
    let files = document.files.into_iter().map(|(path, measured)| (path, lines(&measured))).collect();
    Ok(Report { sources: Vec::new(), files })
}

fn lines(measured: &Measured) -> Lines {
    let mut lines = Lines::default();
    measured.executed_lines.iter().for_each(|line| lines.line(*line, true));
    measured.missing_lines.iter().for_each(|line| lines.line(*line, false));
    let branches = |arcs: &[(i64, i64)], is_taken: bool, lines: &mut Lines| {
        for (from, _) in arcs {
            lines.branch(u32::try_from(from.unsigned_abs()).unwrap_or_default(), is_taken);
        }
    };
    branches(&measured.executed_branches, true, &mut lines);
    branches(&measured.missing_branches, false, &mut lines);
    // Before version 7.2 a report told how many there are, but not which.
    if measured.executed_branches.is_empty() && measured.missing_branches.is_empty() {
        let Summary { num_branches, covered_branches } = measured.summary;
        if num_branches > 0 {
            lines.branches(0, covered_branches.min(num_branches), num_branches);
        }
    }
    lines
}
