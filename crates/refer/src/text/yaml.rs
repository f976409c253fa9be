//! YAML: scalars with the keys above them, and comments.

use repot_change::Span;
use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

use super::region::{Meaning, Region};
use super::toml::comments;

/// Keys whose values name what lies outside the tree.
const OTHERS: &[&str] = &["image", "uses", "repo", "rev", "url", "id", "repo_url", "site_url", "edit_uri"];

/// The parts of a YAML file that may refer.
pub(super) fn regions(text: &str) -> Result<Vec<Region>, String> {
    if is_deep(text) {
        return Err("is YAML nested too deep to be read".to_owned());
    }
    let nodes = MarkedYaml::load_from_str(text)
        .map_err(|error| format!("is not valid YAML: {}, line {}", error.info(), error.marker().line()))?;
    let mut reading = Reading { offsets: Offsets::new(text), text, regions: Vec::new(), known: Vec::new() };
    for node in &nodes {
        reading.node(node, "");
    }
    let Reading { mut regions, mut known, .. } = reading;
    // An alias repeats the node that it stands for.
    known.sort();
    known.dedup();
    regions.sort_by_key(|region| region.span);
    regions.dedup_by_key(|region| region.span);
    regions.extend(comments(text, &known));
    Ok(regions)
}

/// Whether `text` may be nested so deep that a reader which calls itself would
/// run out of stack: by brackets, or by indentation and what counts as such.
fn is_deep(text: &str) -> bool {
    const DEEPEST: usize = 200;
    let mut depth = 0_usize;
    let brackets = text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    });
    let is_indent = |c: char| matches!(c, ' ' | '-' | '?' | ':' | '\t');
    brackets || text.lines().any(|line| line.len() - line.trim_start_matches(is_indent).len() > 2 * DEEPEST)
}

struct Reading<'t> {
    text: &'t str,
    offsets: Offsets,
    regions: Vec<Region>,
    /// The spans of all scalars, in which no comment begins.
    known: Vec<Span>,
}

impl Reading<'_> {
    fn node(&mut self, node: &MarkedYaml<'_>, key: &str) {
        match &node.data {
            YamlData::Sequence(items) => items.iter().for_each(|item| self.node(item, key)),
            YamlData::Mapping(pairs) => {
                for (name, value) in pairs {
                    self.node(name, "");
                    self.node(value, name.data.as_str().unwrap_or_default());
                }
            }
            YamlData::Tagged(_, node) => self.node(node, key),
            YamlData::Value(_) | YamlData::Representation(..) => {
                let at = |index| self.offsets.byte(index);
                let span = Span::new(at(node.span.start.index()), at(node.span.end.index()));
                self.known.push(span);
                if OTHERS.contains(&key) {
                    return;
                }
                let text = self.text.get(span.range()).unwrap_or_default();
                let (meaning, rule) = meaning(key, text);
                self.regions.push(Region::new(span, meaning, rule));
            }
            YamlData::Alias(_) | YamlData::BadValue => {}
        }
    }
}

/// What the value of `key` says.
fn meaning(key: &str, text: &str) -> (Meaning, &'static str) {
    match key {
        "name" | "description" | "title" | "summary" | "site_description" | "help" if text.contains(' ') => {
            (Meaning::Prose, "a sentence names it")
        }
        "paths" | "paths-ignore" | "working-directory" | "path" | "context" | "dockerfile" | "env_file"
        | "build" | "watch" | "include" | "exclude" | "files" | "ignore" | "docs_dir" => {
            (Meaning::Paths, "a path is configured")
        }
        "DJANGO_SETTINGS_MODULE" | "FLASK_APP" | "CELERY_APP" | "module" | "wsgi" | "handler" => {
            (Meaning::Names, "a setting names a module")
        }
        _ if text.trim().contains(char::is_whitespace)
            || text.trim_start_matches(['"', '\'']).starts_with('-') =>
        {
            (Meaning::Command, "a command names it")
        }
        _ => (Meaning::Text, "a value names it"),
    }
}

/// The byte offsets of characters.
enum Offsets {
    /// Every character is a byte.
    Same,
    /// The offset of each character, and the length behind the last.
    Table(Vec<usize>),
}

impl Offsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Same;
        }
        Self::Table(text.char_indices().map(|(at, _)| at).chain([text.len()]).collect())
    }

    fn byte(&self, index: usize) -> usize {
        match self {
            Self::Same => index,
            Self::Table(offsets) => offsets.get(index).or(offsets.last()).copied().unwrap_or(index),
        }
    }
}
