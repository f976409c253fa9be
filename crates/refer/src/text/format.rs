//! Which format a file has, by its name, its folder and its first line.

use repot_change::{Class, RelPath};

use super::document::Document;
use super::region::Region;
use super::{build, command, document, ini, json, listing, toml, yaml};

/// The formats whose references are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// TOML, and the way in `pyproject.toml` that its root stands for.
    Toml(&'static str),
    Ini,
    Yaml,
    Json,
    /// Command lines with comments.
    Command,
    /// Starlark and Meson: strings and comments.
    Build,
    /// One path or pattern a line.
    Listing,
    /// Requirements: paths to install from, and comments.
    Requirements,
    /// Markdown, reStructuredText, plain text.
    Document(Document),
}

/// Folders that hold what tests compare with, not what anybody reads.
const DATA_FOLDERS: &[&str] =
    &["fixtures", "cassettes", "snapshots", "testdata", "test_data", "node_modules"];

impl Format {
    pub(super) fn of(path: &RelPath, bytes: &[u8]) -> Option<Self> {
        let name = path.file_name();
        let lower = name.to_ascii_lowercase();
        if is_lock(&lower)
            || name == "repot.toml"
            || path.components().any(|part| DATA_FOLDERS.contains(&part))
        {
            return None;
        }
        let probe = bytes.get(..8 << 10).unwrap_or(bytes);
        if memchr::memchr(0, probe).is_some() {
            return None;
        }
        let by_extension = || by_extension(path, &lower, path.extension()?);
        let is_script = || path.extension().is_none() && has_shell_line(bytes);
        by_name(&lower).or_else(by_extension).or_else(|| is_script().then_some(Self::Command))
    }

    pub(super) fn class(self) -> Class {
        if matches!(self, Self::Document(_)) { Class::Docs } else { Class::Config }
    }

    pub(super) fn regions(self, text: &str) -> Result<Vec<Region>, String> {
        match self {
            Self::Toml(tool) => toml::regions(text, tool),
            Self::Ini => Ok(ini::regions(text)),
            Self::Yaml => yaml::regions(text),
            Self::Json => json::regions(text),
            Self::Command => Ok(command::regions(text)),
            Self::Build => Ok(build::regions(text)),
            Self::Listing => Ok(listing::regions(text)),
            Self::Requirements => Ok(listing::requirements(text)),
            Self::Document(_) => Ok(document::regions(text)),
        }
    }
}

fn has_shell_line(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = first.trim_ascii_end();
    first.starts_with(b"#!")
        && [&b"sh"[..], b"sh -e", b"sh -ex", b"sh -l"].iter().any(|end| first.ends_with(end))
}

fn is_lock(name: &str) -> bool {
    name.ends_with(".lock")
        || matches!(name, "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml" | "conda-lock.yml")
        || name.ends_with("-lock.yaml")
}

fn by_name(name: &str) -> Option<Format> {
    Some(match name {
        "pipfile" => Format::Toml(""),
        "ruff.toml" | ".ruff.toml" => Format::Toml("tool.ruff"),
        "tach.toml" => Format::Toml("tool.tach"),
        "pytest.toml" | ".pytest.toml" | "tox.toml" => Format::Toml("tool"),
        ".coveragerc.toml" => Format::Toml("tool.coverage"),
        "mypy.toml" => Format::Toml("tool.mypy"),
        ".coveragerc" | ".flake8" | ".isort.cfg" | ".importlinter" | ".pylintrc" | "pylintrc" | ".env"
        | ".style.yapf" | ".bandit" | ".pydocstyle" | "entry_points.txt" => Format::Ini,
        "manifest.in" | "codeowners" | ".gitattributes" => Format::Listing,
        "makefile" | "gnumakefile" | "justfile" | ".justfile" | "procfile" | "containerfile"
        | "jenkinsfile" | ".envrc" => Format::Command,
        "buck" | "build" | "build.bazel" | "workspace" | "workspace.bazel" | "module.bazel" | "targets"
        | "meson.build" | "tiltfile" | "build.pants" => Format::Build,
        "readme" | "contributing" | "install" | "authors" => {
            Format::Document(Document { is_history: false, is_restructured: false })
        }
        _ if name.starts_with("dockerfile") => Format::Command,
        _ if name.starts_with(".env.") => Format::Ini,
        _ if name.starts_with('.') && name.ends_with("ignore") => Format::Listing,
        _ if name.contains("requirements") && name.ends_with(".txt") => Format::Requirements,
        "constraints.txt" => Format::Requirements,
        _ => return None,
    })
}

fn by_extension(path: &RelPath, name: &str, extension: &str) -> Option<Format> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "toml" => Format::Toml(""),
        "cfg" | "ini" | "conf" | "service" => Format::Ini,
        "yaml" | "yml" => Format::Yaml,
        "json" | "jsonc" | "code-workspace" if is_settings(path, name) => Format::Json,
        "sh" | "bash" | "zsh" | "ksh" | "fish" | "mk" | "just" | "dockerfile" | "cmake" | "ps1" => {
            Format::Command
        }
        "bzl" | "bazel" | "buck" | "star" => Format::Build,
        "md" | "mdx" | "markdown" | "rst" | "rest" | "adoc" | "qmd" => document(path, name),
        "txt" if is_document(path, name) => document(path, name),
        _ => return None,
    })
}

/// Whether a JSON file sets up a tool. Others hold data, such as the fixtures
/// of a framework whose model names look like modules.
fn is_settings(path: &RelPath, name: &str) -> bool {
    let is_hidden = |part: &str| part.starts_with('.');
    path.components().any(is_hidden)
        || path.components().count() == 1
        || name.ends_with(".code-workspace")
        || name.contains("config")
        || matches!(name, "package.json" | "project.json" | "devcontainer.json" | "zappa_settings.json")
}

fn document(path: &RelPath, name: &str) -> Format {
    let is_restructured = matches!(path.extension(), Some("rst" | "rest" | "txt"));
    Format::Document(Document { is_history: is_history(path, name), is_restructured })
}

fn is_history(path: &RelPath, name: &str) -> bool {
    const FOLDERS: &[&str] =
        &["releases", "release_notes", "release-notes", "changelog", "newsfragments", "whatsnew"];
    let stem = name.split('.').next().unwrap_or(name);
    path.components().any(|part| FOLDERS.contains(&part))
        || ["change", "history", "news", "release"].iter().any(|word| stem.starts_with(word))
}

fn is_document(path: &RelPath, name: &str) -> bool {
    let in_documents = path.components().any(|part| matches!(part, "doc" | "docs" | "documentation"));
    let is_known =
        ["readme", "contributing", "install", "usage", "todo"].iter().any(|stem| name.starts_with(stem));
    in_documents || is_known || is_history(path, name)
}
