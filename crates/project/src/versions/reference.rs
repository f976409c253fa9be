//! Where a requirement says that a package lies, when it says a folder.

/// A folder that a requirement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// Relative to the project file's folder, with `/` between its parts.
    Relative(String),
    /// On the disk of whoever wrote it; without the `/` that it begins with.
    Absolute(String),
    /// A folder that is said in a way that is not known here.
    Unclear,
}

impl Reference {
    /// The folder behind `place`; `None` when it is no folder of this machine: a
    /// web address, a repository, an archive.
    #[must_use]
    pub fn of(place: &str) -> Option<Self> {
        let place = place.trim();
        let (place, fragment) = place.split_once('#').unwrap_or((place, ""));
        let rest = place.strip_prefix("file:").unwrap_or(place);
        let rest = rest.strip_prefix("//localhost/").map_or(rest.to_owned(), |rest| format!("///{rest}"));
        let has_scheme = rest.split_once("://").is_some_and(|(scheme, _)| !scheme.contains(['/', '{', '$']));
        if has_scheme || rest.starts_with("git+") || is_archive(&rest) {
            return None;
        }
        if fragment.contains("subdirectory=") {
            return Some(Self::Unclear);
        }
        let Some(path) = decoded(rest.trim_end_matches('/')) else { return Some(Self::Unclear) };
        let bare = path.trim_start_matches('/');
        if let Some(below) = bare.strip_prefix("${PROJECT_ROOT}").or_else(|| bare.strip_prefix("{root:uri}"))
        {
            return Some(relative("", below));
        }
        if let Some(up) = bare.strip_prefix("{root:") {
            let Some((way, below)) = up.split_once('}') else { return Some(Self::Unclear) };
            let ways: Vec<&str> = way.strip_suffix("uri").unwrap_or(way).split(':').collect();
            let is_up = ways.iter().all(|way| way.is_empty() || *way == "parent");
            let up = "../".repeat(ways.iter().filter(|way| **way == "parent").count());
            return Some(if is_up { relative(&up, below) } else { Self::Unclear });
        }
        let is_absolute = path.starts_with('/') || path.get(1..3).is_some_and(|colon| colon.starts_with(":"));
        Some(match path.contains(['{', '}', '$', '\\']) {
            true => Self::Unclear,
            false if is_absolute => Self::Absolute(bare.to_owned()),
            false => relative("", &path),
        })
    }
}

fn relative(up: &str, below: &str) -> Reference {
    Reference::Relative(format!("{up}{}", below.trim_start_matches('/')))
}

fn is_archive(path: &str) -> bool {
    [".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2"]
        .iter()
        .any(|end| path.trim_end_matches('/').ends_with(end))
}

/// The text behind `%20` and the like.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
        bytes.extend_from_slice(part.get(2..)?.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_from_other_places() {
        let relative = |path: &str| Some(Reference::Relative(path.to_owned()));
        let absolute = |path: &str| Some(Reference::Absolute(path.to_owned()));
        for (place, expected) in [
            ("file:../kernel", relative("../kernel")),
            ("../kernel/", relative("../kernel")),
            ("./kernel", relative("./kernel")),
            ("file:///${PROJECT_ROOT}/../kernel", relative("../kernel")),
            ("file://${PROJECT_ROOT}/../kernel", relative("../kernel")),
            ("{root:uri}/../kernel", relative("../kernel")),
            ("{root:parent:uri}/kernel", relative("../kernel")),
            ("{root:parent:parent:uri}/kernel", relative("../../kernel")),
            ("file:///home/me/shop/packages/kernel#egg=kernel", absolute("home/me/shop/packages/kernel")),
            ("file://localhost/srv/my%20kernel", absolute("srv/my kernel")),
            ("file:///C:/shop/kernel", absolute("C:/shop/kernel")),
            ("file:///x#subdirectory=kernel", Some(Reference::Unclear)),
            ("file:///${HOME}/kernel", Some(Reference::Unclear)),
            ("file:///x%2", Some(Reference::Unclear)),
            ("{root:real:uri}/kernel", Some(Reference::Unclear)),
            ("https://example.org/kernel", None),
            ("git+ssh://git@example.org/kernel", None),
            ("file:///dist/kernel-1.0-py3-none-any.whl", None),
        ] {
            assert_eq!(Reference::of(place), expected, "{place}");
        }
    }
}
