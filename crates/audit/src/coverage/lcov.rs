//! The tracefile of lcov (`coverage lcov`; the format is that of geninfo(1)).
//!
//! Of each record only lines and branches are read. Branches have names of any
//! kind there, so they are counted, not numbered.

use super::{Lines, Report};

/// Reads a tracefile.
pub(super) fn read(bytes: &[u8]) -> Result<Report, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut report = Report::default();
    let mut current: Option<(String, Lines)> = None;
    for (index, line) in text.lines().enumerate() {
        let wrong = || format!("is no report that can be read: line {} is `{}`", index + 1, shortened(line));
        let (key, value) = line.trim().split_once(':').unwrap_or((line.trim(), ""));
        match (key, &mut current) {
            ("SF", _) => current = Some((value.trim().to_owned(), Lines::default())),
            ("DA", Some((_, lines))) => {
                let (number, is_covered) = line_of(value).ok_or_else(wrong)?;
                lines.line(number, is_covered);
            }
            ("BRDA", Some((_, lines))) => {
                let (number, is_taken) = branch_of(value).ok_or_else(wrong)?;
                lines.branch(number, is_taken);
            }
            ("end_of_record", _) => {
                let Some((path, lines)) = current.take() else { continue };
                report.files.entry(path).or_default().unite(&lines);
            }
            ("DA" | "BRDA", None) => return Err(wrong()),
            // Everything else is a sum of these or about functions.
            _ if is_known(key) => {}
            _ => return Err(wrong()),
        }
    }
    match current {
        Some((path, _)) => Err(format!("is cut off: the record of `{path}` has no end")),
        None => Ok(report),
    }
}

fn is_known(key: &str) -> bool {
    let is_word = |key: &str| key.len() <= 5 && key.chars().all(|char| char.is_ascii_uppercase());
    key.is_empty() || key.starts_with('#') || is_word(key)
}

/// `12,3`, with a checksum behind it or not.
fn line_of(value: &str) -> Option<(u32, bool)> {
    let mut parts = value.split(',');
    let number = parts.next()?.trim().parse().ok()?;
    let hits: i64 = parts.next()?.trim().parse().ok()?;
    Some((number, hits > 0))
}

/// `12,0,jump to line 3,1`; the last part is `-` where the line was never run.
fn branch_of(value: &str) -> Option<(u32, bool)> {
    let number = value.split(',').next()?.trim().parse().ok()?;
    let taken = value.rsplit(',').next()?.trim();
    let is_taken = taken != "-" && taken.parse::<u64>().ok()? > 0;
    Some((number, is_taken))
}

fn shortened(line: &str) -> String {
    line.chars().take(40).collect()
}
