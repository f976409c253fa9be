//! INI files as Python's `configparser` reads them: sections, keys with values
//! that may go on over indented lines, and comments.

use repot_change::Span;

use super::command::{comment_start, lines};
use super::region::{Meaning, Region};
use super::toml::unnamed;

/// The parts of an INI file that may refer. A line that is no INI says nothing.
pub(super) fn regions(text: &str) -> Vec<Region> {
    let (mut regions, mut section, mut key) = (Vec::new(), "", String::new());
    for line in lines(text) {
        let raw = text.get(line.range()).unwrap_or_default();
        let trimmed = raw.trim_start();
        let start = line.end - trimmed.len();
        if trimmed.starts_with(['#', ';']) {
            regions.push(Region::new(line, Meaning::Prose, "a comment names it"));
            continue;
        }
        let is_indented = raw.len() > trimmed.len();
        let inner = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next());
        let value = match inner {
            Some(name) if !is_indented => {
                section = name;
                key.clear();
                regions.extend(in_section_name(name, start + 1));
                continue;
            }
            _ if is_indented && !key.is_empty() => start,
            _ => match trimmed.split_once(['=', ':']) {
                Some((name, _)) => {
                    key = name.trim().to_lowercase().replace('-', "_");
                    regions.extend(in_key(section, name, start));
                    start + name.len() + 1
                }
                None => continue,
            },
        };
        let rest = text.get(value..line.end).unwrap_or_default();
        let end = comment_start(rest).map_or(line.end, |at| value + at);
        if (section, key.as_str()) == ("options", "package_dir") {
            regions.extend(rest.split_once('=').map(|(name, _)| {
                let span = Span::new(value, value + name.len());
                Region::new(span, Meaning::Names, "the build names its packages")
            }));
        }
        regions.extend(in_value(section, &key, text, Span::new(value, end)));
        regions.push(Region::new(Span::new(end, line.end), Meaning::Prose, "a comment names it"));
    }
    regions
}

/// `mypy-shop.cart.*` and others whose sections are named after what they are
/// about.
fn in_section_name(name: &str, start: usize) -> Option<Region> {
    let (prefix, meaning, rule) = [
        ("mypy-", Meaning::Names, "the type checker names a module"),
        ("bumpversion:file:", Meaning::Paths, "a release tool names the file of the version"),
    ]
    .into_iter()
    .find(|(prefix, ..)| name.starts_with(prefix))?;
    Some(Region::new(Span::new(start + prefix.len(), start + name.len()), meaning, rule))
}

/// Keys that are names or paths themselves.
fn in_key(section: &str, name: &str, start: usize) -> Option<Region> {
    let span = Span::new(start, start + name.len());
    match section {
        "options.package_data" | "options.exclude_package_data" | "options.package_dir" => {
            Some(Region::new(span, Meaning::Names, "the build names its packages"))
        }
        _ => {
            let path = section.strip_prefix("bumpversion:file:").is_none() && name.contains('/');
            path.then(|| Region::new(span, Meaning::Text, "a key names it"))
        }
    }
}

fn in_value(section: &str, key: &str, text: &str, span: Span) -> Option<Region> {
    let known = |meaning, rule| Some(Region::new(span, meaning, rule));
    let tool = section.split([':', '.']).next().unwrap_or(section);
    match (section, key) {
        ("metadata", "name" | "version" | "url" | "author" | "keywords" | "classifiers")
            if key != "version" =>
        {
            None
        }
        ("metadata", "version") => known(Meaning::Names, "the build names the attribute of the version"),
        ("options", "install_requires" | "setup_requires" | "tests_require" | "python_requires") => None,
        ("options.extras_require", _) => None,
        ("options.entry_points" | "flake8:local-plugins", _) => known_after_equals(text, span),
        ("options", "packages" | "py_modules" | "namespace_packages") => {
            known(Meaning::Names, "the build names its packages")
        }
        ("options.packages.find", "include" | "exclude") => {
            known(Meaning::Names, "the build names its packages")
        }
        ("options", "package_dir") => package_dir(text, span),
        ("options.packages.find", "where") | ("options.package_dir", _) => {
            known(Meaning::Paths, "the build names a path")
        }
        _ if tool == "importlinter" && key != "name" => {
            known(Meaning::Names, "an import contract names a module")
        }
        _ => Some(by_key(key, section, text, span)),
    }
}

/// Keys that mean the same in every tool that has them.
fn by_key(key: &str, section: &str, text: &str, span: Span) -> Region {
    let known = |meaning, rule| Region::new(span, meaning, rule);
    match key {
        "source" if !section.starts_with("testenv") => {
            known(Meaning::Either, "coverage names what it measures")
        }
        "source_pkgs" => known(Meaning::Names, "coverage names what it measures"),
        "omit" | "include" => known(Meaning::Paths, "coverage names what it measures"),
        "testpaths" | "pythonpath" | "norecursedirs" | "python_paths" => {
            known(Meaning::Paths, "the test runner names a path")
        }
        "django_settings_module" | "flask_app" | "module" | "wsgi_module" | "celery_app" | "qualname" => {
            known(Meaning::Names, "a setting names a module")
        }
        "known_first_party" | "known_third_party" | "known_local_folder" | "application_import_names" => {
            known(Meaning::Names, "the import sorter names our own packages")
        }
        "files" | "mypy_path" | "exclude" | "extend_exclude" | "per_file_ignores" | "src_paths" | "skip"
        | "skip_glob" | "extend_skip" | "ignore_paths" | "exclude_dirs" | "script_location"
        | "prepend_sys_path" | "version_locations" | "where" => known(Meaning::Paths, "a tool names a path"),
        "packages" | "modules" | "load_plugins" | "ignored_modules" | "init_module" => {
            known(Meaning::Names, "a tool names a module")
        }
        "plugins" => known(Meaning::Either, "a tool names a module"),
        "addopts"
        | "commands"
        | "commands_pre"
        | "commands_post"
        | "command"
        | "execstart"
        | "allowlist_externals" => known(Meaning::Command, "a command names it"),
        "deps" | "requires" | "extras" | "setenv" | "passenv" => known(Meaning::Text, "a value names it"),
        "description" | "long_description" | "name" if section != "metadata" || key != "long_description" => {
            known(Meaning::Prose, "a sentence names it")
        }
        _ if section.starts_with("testenv") => known(Meaning::Command, "a command names it"),
        _ => unnamed(text.get(span.range()).unwrap_or_default(), span),
    }
}

/// `add = shop.cart:add`, of which only what is behind the sign refers.
fn known_after_equals(text: &str, span: Span) -> Option<Region> {
    let line = text.get(span.range())?;
    let (name, _) = line.split_once('=').unwrap_or_default();
    let start = if line.contains('=') { span.start + name.len() + 1 } else { span.start };
    Some(Region::new(Span::new(start, span.end), Meaning::Names, "an entry point names an object"))
}

/// `shop = src/shop`, or `= src`.
fn package_dir(text: &str, span: Span) -> Option<Region> {
    let line = text.get(span.range())?;
    let (name, _) = line.split_once('=')?;
    let start = span.start + name.len() + 1;
    Some(Region::new(Span::new(start, span.end), Meaning::Paths, "the build names a path"))
}
