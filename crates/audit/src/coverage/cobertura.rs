//! Cobertura's XML (`coverage xml`, and what most CI systems read).

use roxmltree::{Document, Node, ParsingOptions};

use super::{Lines, Report};

/// Reads a report.
pub(super) fn read(bytes: &[u8]) -> Result<Report, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    // The format has a document type; what it names is not fetched.
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, options).map_err(|error| format!("is no XML: {error}"))?;
    let root = document.root_element();
    if !root.has_tag_name("coverage") {
        return Err(format!("is no Cobertura report: it begins with `<{}>`", root.tag_name().name()));
    }
    let mut report = Report::default();
    for node in root.descendants() {
        match node.tag_name().name() {
            "source" => report.sources.extend(node.text().map(|text| text.trim().to_owned())),
            "class" => {
                let Some(path) = node.attribute("filename") else { continue };
                read_class(node, report.files.entry(path.to_owned()).or_default());
            }
            _ => {}
        }
    }
    Ok(report)
}

/// The lines of a class; those of its methods are listed once more with them.
fn read_class(class: Node<'_, '_>, lines: &mut Lines) {
    let of_class = class.children().filter(|node| node.has_tag_name("lines"));
    for line in of_class.flat_map(|list| list.children()).filter(|node| node.has_tag_name("line")) {
        let number = |name: &str| line.attribute(name).and_then(|text| text.trim().parse::<u64>().ok());
        let Some(at) = number("number").and_then(|number| u32::try_from(number).ok()) else { continue };
        lines.line(at, number("hits").is_some_and(|hits| hits > 0));
        if let Some((taken, all)) = line.attribute("condition-coverage").and_then(conditions) {
            lines.branches(at, taken, all);
        }
    }
}

/// `50% (1/2)`: one of two.
fn conditions(text: &str) -> Option<(usize, usize)> {
    let (taken, all) = text.split_once('(')?.1.split_once(')')?.0.split_once('/')?;
    let (taken, all) = (taken.trim().parse().ok()?, all.trim().parse().ok()?);
    (taken <= all).then_some((taken, all))
}
