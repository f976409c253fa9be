//! A word read as a path: which moved file or folder it denotes, seen from
//! where, and how the new place is spelled from there.

use repot_change::{RelPath, Span};

use super::Word;
use crate::{Known, Mention, Renames, Spelling};

/// What a text must hold to spell `path`, whatever it is relative to.
pub(super) fn needles(path: &RelPath) -> Vec<String> {
    let name = path.file_name();
    let above = path.parent().unwrap_or_else(RelPath::root);
    match (name, path.extension()) {
        ("", _) => Vec::new(),
        // The name says nothing without the folder.
        ("__init__.py" | "__init__.pyi" | "conftest.py" | "pyproject.toml", _) => {
            vec![format!("{}/{name}", above.file_name())]
        }
        (_, Some("py" | "pyi")) => vec![name.to_owned(), format!("/{}", path.file_stem())],
        _ => vec![name.to_owned()],
    }
}

/// A path as it is written.
struct Written<'t> {
    /// The components that are names.
    names: Vec<&'t str>,
    /// Where the first name begins, and where the leading dots begin.
    start: usize,
    dots_start: usize,
    /// How many `..` stand in front.
    up: usize,
    lead: Lead,
    /// Whether the word goes on below the last name with what is not spelled
    /// out, such as a wildcard.
    is_open: bool,
    /// The extension that a regular expression writes behind `\.`.
    escaped: Option<&'t str>,
    bare: bool,
}

/// What stands in front of a path.
#[derive(Clone, Copy, PartialEq)]
enum Lead {
    Nothing,
    /// A single slash.
    Slash,
    /// Two slashes: the root of the workspace, as Bazel writes it.
    Label,
    /// A variable or wildcard, and a slash.
    Variable,
    /// The address of a forge, up to its main branch.
    Web,
}

/// What a written path denotes.
struct Denoted {
    /// How many of the names spell what moves.
    names: usize,
    /// What moves, and to where, without an extension that is not written.
    new: String,
    known: Known,
}

impl Renames<'_> {
    /// The mention that `word` is when it is read as a path.
    pub(super) fn path_mention(&self, base: &RelPath, word: &Word<'_>) -> Option<Mention> {
        let written = Written::read(word)?;
        let anchors = self.anchors(base, &written);
        for (anchor, is_sure) in &anchors {
            let Some(folder) = climb(anchor, written.up) else { continue };
            if let Some(found) = self.denoted(&folder, &written) {
                if *is_sure || found.known != Known::Stranger {
                    return self.mention(anchor, &written, &found);
                }
            } else if self.exists(&folder, &written) {
                return None;
            }
        }
        self.below_a_source_folder(&written)
    }

    /// The folders that the path may be relative to, the nearest first, and
    /// whether what is not there may be meant as well.
    fn anchors(&self, base: &RelPath, written: &Written<'_>) -> Vec<(RelPath, bool)> {
        let root = (RelPath::root(), true);
        let near = (base.clone(), true);
        match written.lead {
            Lead::Label | Lead::Web => vec![root],
            Lead::Slash => vec![near, root],
            Lead::Nothing if written.bare => vec![near, root],
            Lead::Nothing | Lead::Variable => std::iter::once(near)
                .chain(base.ancestors().map(|above| (above.clone(), above.is_root())))
                .collect(),
        }
    }

    fn denoted(&self, folder: &RelPath, written: &Written<'_>) -> Option<Denoted> {
        let mut best = None;
        let mut path = folder.clone();
        for (at, name) in (1..).zip(&written.names) {
            path = path.join(name).ok()?;
            let is_last = at == written.names.len();
            if let (true, Some(extension)) = (is_last, written.escaped) {
                let with = |path: &RelPath| RelPath::new(&format!("{path}.{extension}")).ok();
                if let Some(new) = with(&path).and_then(|path| self.paths.get(&path).cloned()) {
                    best =
                        new.as_str().strip_suffix(&format!(".{extension}")).map(|new| (at, new.to_owned()));
                }
            } else if let Some(new) = self.paths.get(&path) {
                best = Some((at, new.as_str().to_owned()));
            } else if is_last && !written.bare {
                best = self.module_file(&path).map(|new| (at, new)).or(best);
            }
        }
        let (names, new) = best?;
        let doubled = path.is_within(&RelPath::new(&new).ok()?) && !self.workspace_has(&path);
        let known = if names == written.names.len() && !written.is_open {
            Known::Whole
        } else if written.is_open || self.exists(folder, written) {
            Known::Deeper
        } else {
            Known::Stranger
        };
        (!doubled).then_some(Denoted { names, new, known })
    }

    /// Where the module at `path`, which is written without its extension,
    /// lies afterwards, written likewise.
    fn module_file(&self, path: &RelPath) -> Option<String> {
        if path.is_root() || self.workspace_has(path) {
            return None;
        }
        let moved = |extension: &str| self.paths.get(&RelPath::new(&format!("{path}{extension}")).ok()?);
        let new = moved(".py").or_else(|| moved(".pyi"))?.as_str();
        let stem = new.strip_suffix(".py").or_else(|| new.strip_suffix(".pyi"))?;
        Some(stem.strip_suffix("/__init__").unwrap_or(stem).to_owned())
    }

    fn workspace_has(&self, path: &RelPath) -> bool {
        let snapshot = self.workspace.snapshot();
        snapshot.get(path).is_some() || snapshot.is_folder(path)
    }

    fn exists(&self, folder: &RelPath, written: &Written<'_>) -> bool {
        let Ok(path) = folder.join(&written.names.join("/")) else { return false };
        let with = |extension: &str| RelPath::new(&format!("{path}.{extension}"));
        let is_there = |path: Result<RelPath, _>| path.is_ok_and(|path| self.workspace_has(&path));
        match written.escaped {
            Some(extension) => is_there(with(extension)),
            None => self.workspace_has(&path) || is_there(with("py")) || is_there(with("pyi")),
        }
    }

    fn mention(&self, anchor: &RelPath, written: &Written<'_>, found: &Denoted) -> Option<Mention> {
        let new = RelPath::new(&found.new).ok()?;
        let anchor = self.path(anchor).unwrap_or_else(|| anchor.clone());
        let from_folder = climb(&anchor, written.up).and_then(|up| below(&new, &up));
        let (start, text) = match (from_folder, written.lead) {
            // Fewer steps up may lead there as well.
            (Some(_), Lead::Nothing) if below(&new, &anchor).is_some() && written.up > 0 => {
                (written.dots_start, relative(&anchor, &new))
            }
            (Some(below), _) => (written.start, below),
            (None, Lead::Nothing) => (written.dots_start, relative(&anchor, &new)),
            (None, _) => return None,
        };
        written.mention(start, text, found)
    }

    /// The path read relative to a folder whose content can be imported, when
    /// that leaves one reading.
    fn below_a_source_folder(&self, written: &Written<'_>) -> Option<Mention> {
        // A single name there is an everyday word with a slash: `core/`.
        if (written.names.len() < 2 && !written.is_open)
            || written.up > 0
            || !matches!(written.lead, Lead::Nothing | Lead::Variable)
        {
            return None;
        }
        let folders = &self.needles.source_folders;
        let may_be =
            |folder: &&RelPath| self.exists(folder, written) || self.denoted(folder, written).is_some();
        let mut readings = folders.iter().filter(may_be);
        let (folder, None) = (readings.next()?, readings.next()) else { return None };
        let found = self.denoted(folder, written)?;
        // One common word and something unknown are no path of ours.
        if found.known == Known::Stranger && found.names < 2 {
            return None;
        }
        let new = RelPath::new(&found.new).ok()?;
        let home = std::iter::once(folder).chain(folders).find_map(|folder| below(&new, folder))?;
        written.mention(written.start, home, &found)
    }
}

impl<'t> Written<'t> {
    fn read(word: &Word<'t>) -> Option<Self> {
        let mut text = word.text.trim_end_matches('-');
        while text.ends_with('.')
            && !text.ends_with("/.")
            && !text.ends_with("/..")
            && text != "."
            && text != ".."
        {
            text = text.get(..text.len() - 1)?;
        }
        // The dot of a regular expression: `src/shop/.*`.
        if text.len() > 2 && text.ends_with("/.") && !text.ends_with("./.") {
            text = text.get(..text.len() - 1)?;
        }
        let is_whole = text.len() == word.text.len();
        let (lead, body) = lead(word, text)?;
        let dots_start = word.span.start + text.len() - body.len();
        let mut written = Self {
            names: Vec::new(),
            start: dots_start,
            dots_start,
            up: 0,
            lead,
            is_open: body.ends_with('/') && word.after.starts_with(['*', '{', '$', '[', '(', '<', '?']),
            escaped: None,
            bare: lead == Lead::Nothing && !body.contains(['/', '.']),
        };
        let mut offset = dots_start;
        for name in body.strip_suffix('/').unwrap_or(body).split('/') {
            match (name, written.names.is_empty()) {
                (".", true) => {}
                ("..", true) => written.up += 1,
                ("" | "." | "..", _) => return None,
                (_, is_first) => {
                    if is_first {
                        written.start = offset;
                    }
                    written.names.push(name);
                }
            }
            offset += name.len() + 1;
        }
        if is_whole && !body.ends_with('/') {
            written.escaped = escaped_extension(word.after);
            if written.escaped.is_none()
                && (word.goes_on() || word.after.starts_with('['))
                && written.names.pop().is_some()
            {
                written.is_open = true;
            }
        }
        (!written.names.is_empty()).then_some(written)
    }

    fn mention(&self, start: usize, new: String, found: &Denoted) -> Option<Mention> {
        let len = |names: &[&str]| names.iter().map(|name| name.len() + 1).sum::<usize>().saturating_sub(1);
        let end = self.start + len(self.names.get(..found.names)?);
        let old = self.names.get(..found.names)?.join("/");
        if start == self.start && old == new {
            return None;
        }
        Some(Mention {
            span: Span::new(start, end),
            token: Span::new(self.dots_start, self.start + len(&self.names)),
            new,
            spelling: Spelling::Path,
            known: found.known,
            bare: self.bare,
            rooted: matches!(self.lead, Lead::Slash | Lead::Label),
        })
    }
}

/// What stands in front of the path, and the path behind it; `None` where it
/// leads out of the workspace.
fn lead<'t>(word: &Word<'_>, text: &'t str) -> Option<(Lead, &'t str)> {
    let is_version =
        word.after.strip_prefix('@').is_some_and(|version| version.starts_with(char::is_alphanumeric));
    if word.before == Some('~') || is_version {
        return None;
    }
    if let Some(body) = forge_path(text) {
        return Some((Lead::Web, body));
    }
    if let Some(body) = text.strip_prefix("//") {
        return Some((Lead::Label, body));
    }
    if let Some(body) = text.strip_prefix('/') {
        let is_variable = matches!(word.before, Some('}' | ')' | '*' | '>' | '%'));
        return Some((if is_variable { Lead::Variable } else { Lead::Slash }, body));
    }
    match word.before {
        Some('$') => text.split_once('/').map(|(_, body)| (Lead::Variable, body)),
        Some('@' | '\\' | '%' | '+') => None,
        Some('}' | ')' | '*') if !word.left.ends_with("**") => None,
        _ => Some((Lead::Nothing, text)),
    }
}

/// The path behind `//host/owner/name/blob/main/`. What another branch or an
/// old commit holds does not move.
fn forge_path(text: &str) -> Option<&str> {
    const VIEWS: [&str; 5] = ["/blob/", "/tree/", "/edit/", "/raw/", "/blame/"];
    const BRANCHES: [&str; 6] = ["main", "master", "HEAD", "develop", "dev", "trunk"];
    let address = text.strip_prefix("//")?;
    let (branch, path) = match address.strip_prefix("raw.githubusercontent.com/") {
        Some(rest) => rest.splitn(3, '/').nth(2)?.split_once('/')?,
        None => VIEWS.iter().find_map(|view| Some(address.split_once(view)?.1))?.split_once('/')?,
    };
    BRANCHES.contains(&branch).then_some(path)
}

/// The `py` of `\.py`.
fn escaped_extension(after: &str) -> Option<&str> {
    let after = after.strip_prefix("\\.").or_else(|| after.strip_prefix("\\\\."))?;
    let end = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    after.get(..end).filter(|extension| !extension.is_empty())
}

fn climb(folder: &RelPath, up: usize) -> Option<RelPath> {
    (0..up).try_fold(folder.clone(), |folder, _| folder.parent())
}

fn below(path: &RelPath, folder: &RelPath) -> Option<String> {
    path.relative_to(folder).filter(|below| !below.is_empty()).map(str::to_owned)
}

/// `path` as it is spelled from `folder`.
fn relative(folder: &RelPath, path: &RelPath) -> String {
    let mut up = String::new();
    let mut above = folder.clone();
    loop {
        if let Some(below) = path.relative_to(&above) {
            return format!("{up}{below}").trim_end_matches('/').to_owned();
        }
        up.push_str("../");
        above = above.parent().unwrap_or_else(RelPath::root);
    }
}
