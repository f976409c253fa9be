//! Poetry's constraints as PEP 440 and PEP 508 say them.
//!
//! `^` and `~` become the ranges that Poetry's documentation gives for them.

use serde_json::Value;

/// A dependency of Poetry's as PEP 508 says it.
pub(crate) fn requirement(name: &str, value: &Value) -> Result<String, String> {
    let unclear = |what: &str| format!("the dependency `{name}` {what}");
    let Some(table) = value.as_object() else {
        let text = value.as_str().ok_or_else(|| unclear("is a list of constraints"))?;
        return Ok(format!("{name}{}", range(text)?));
    };
    let known = [
        "version",
        "extras",
        "markers",
        "optional",
        "git",
        "rev",
        "tag",
        "branch",
        "subdirectory",
        "python",
        "url",
    ];
    if let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(unclear(&format!("has the key `{key}`, which no requirement can say")));
    }
    let text = |key: &str| table.get(key).and_then(Value::as_str);
    let extras: Vec<&str> = table
        .get("extras")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
    let place = match (text("git"), text("url")) {
        (Some(git), _) => {
            let git = git
                .strip_prefix("git@")
                .map_or(git.to_owned(), |rest| format!("ssh://git@{}", rest.replacen(':', "/", 1)));
            let rev = text("rev")
                .or(text("tag"))
                .or(text("branch"))
                .map(|rev| format!("@{rev}"))
                .unwrap_or_default();
            let folder = text("subdirectory").map(|folder| format!("#subdirectory={folder}"));
            if !git.contains("://") {
                return Err(unclear(&format!("has its repository at `{git}`, which no requirement can say")));
            }
            format!(" @ git+{git}{rev}{}", folder.unwrap_or_default())
        }
        (None, Some(url)) => format!(" @ {url}"),
        (None, None) => range(text("version").unwrap_or("*"))?,
    };
    let python = text("python").map(python_marker).transpose()?.filter(|marker| !marker.is_empty());
    let mut markers: Vec<String> = text("markers").map(str::to_owned).into_iter().chain(python).collect();
    if markers.len() > 1 {
        markers.iter_mut().for_each(|marker| *marker = format!("({marker})"));
    }
    let blank = if place.contains('@') { " " } else { "" };
    let markers =
        if markers.is_empty() { String::new() } else { format!("{blank}; {}", markers.join(" and ")) };
    Ok(format!("{name}{extras}{place}{markers}"))
}

/// The same dependency at `place`, a URL, or anywhere where there is none.
///
/// # Errors
///
/// What no requirement can say.
pub(super) fn placed(name: &str, value: &Value, place: Option<&str>) -> Result<String, String> {
    let mut table = value.as_object().cloned().unwrap_or_default();
    table.remove("path");
    // Whether it is installed from the folder itself is for those who install.
    table.remove("develop");
    if let Some(place) = place {
        table.insert("url".to_owned(), Value::from(place));
    }
    requirement(name, &Value::Object(table))
}

/// A constraint on Python as a marker.
fn python_marker(text: &str) -> Result<String, String> {
    let range = range(text)?;
    let clause = |clause: &str| {
        let split = clause.find(|char: char| char.is_ascii_digit()).unwrap_or(clause.len());
        let (sign, version) = clause.split_at(split);
        let parts = version.split('.').count();
        let name = if parts > 2 { "python_full_version" } else { "python_version" };
        format!("{name} {sign} '{version}'")
    };
    Ok(range.split_terminator(',').map(clause).collect::<Vec<_>>().join(" and "))
}

/// A constraint of Poetry's as PEP 440 says it; empty for any version.
pub(crate) fn range(text: &str) -> Result<String, String> {
    if text.contains("||") || text.contains('|') {
        return Err(format!("`{text}` is one range or another, which a requirement cannot say"));
    }
    let spaced = text.replace(',', " ");
    let mut clauses: Vec<String> = Vec::new();
    let mut words = spaced.split_whitespace();
    while let Some(word) = words.next() {
        // A sign may stand apart from its version.
        let word = if word.chars().all(|char| "<>=!~^".contains(char)) {
            format!("{word}{}", words.next().unwrap_or_default())
        } else {
            word.to_owned()
        };
        clauses.extend(clause(&word)?);
    }
    Ok(clauses.join(","))
}

fn clause(word: &str) -> Result<Vec<String>, String> {
    let unclear = || format!("`{word}` is no constraint that is known here");
    let numbers = |version: &str| {
        let parts: Result<Vec<u64>, _> = version.split('.').map(str::parse).collect();
        parts.map_err(|_| unclear())
    };
    let between = |version: &str, at: usize| -> Result<Vec<String>, String> {
        let mut upper = numbers(version)?;
        upper.truncate(at + 1);
        upper[at] += 1;
        let upper: Vec<String> = upper.iter().map(u64::to_string).collect();
        Ok(vec![format!(">={version}"), format!("<{}", upper.join("."))])
    };
    if word == "*" {
        return Ok(Vec::new());
    }
    if let Some(version) = word.strip_prefix('^') {
        // The leftmost part that is not zero may not change.
        let parts = numbers(version)?;
        let at = parts.iter().position(|part| *part != 0).unwrap_or(parts.len() - 1);
        return between(version, at);
    }
    if let Some(version) = word.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        return between(version, usize::from(numbers(version)?.len() > 1));
    }
    if word.starts_with(|char: char| char.is_ascii_digit()) {
        return Ok(vec![format!("=={word}")]);
    }
    let is_whole = word.trim_start_matches(['<', '>', '=', '!', '~']);
    if is_whole.starts_with(|char: char| char.is_ascii_digit()) {
        Ok(vec![word.to_owned()])
    } else {
        Err(unclear())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn constraints_become_the_ranges_that_poetry_documents() {
        let cases = [
            ("^1.2.3", ">=1.2.3,<2"),
            ("^1.2", ">=1.2,<2"),
            ("^1", ">=1,<2"),
            ("^0.2.3", ">=0.2.3,<0.3"),
            ("^0.0.3", ">=0.0.3,<0.0.4"),
            ("^0.0", ">=0.0,<0.1"),
            ("^0", ">=0,<1"),
            ("~1.2.3", ">=1.2.3,<1.3"),
            ("~1.2", ">=1.2,<1.3"),
            ("~1", ">=1,<2"),
            ("*", ""),
            ("1.2.*", "==1.2.*"),
            ("1.2", "==1.2"),
            (">=1.2,<1.5", ">=1.2,<1.5"),
            (">= 1.2 < 1.5", ">=1.2,<1.5"),
            ("~=1.4", "~=1.4"),
            ("!=1.5", "!=1.5"),
        ];
        for (stated, expected) in cases {
            assert_eq!(range(stated).as_deref(), Ok(expected), "{stated}");
        }
        for unclear in ["^1 || ^2", "^1.0rc1", "latest"] {
            assert!(range(unclear).is_err(), "{unclear}");
        }
    }

    #[test]
    fn requirements_are_those_of_pep_508() {
        let said = |value: Value| requirement("a", &value);
        assert_eq!(said(json!("^1.0")).as_deref(), Ok("a>=1.0,<2"));
        assert_eq!(said(json!({ "version": "*", "extras": ["x", "y"] })).as_deref(), Ok("a[x,y]"));
        let marked = json!({ "version": ">=1", "markers": "sys_platform == 'win32'", "python": "<3.9" });
        assert_eq!(
            said(marked).as_deref(),
            Ok("a>=1; (sys_platform == 'win32') and (python_version < '3.9')")
        );
        let git = json!({ "git": "git@example.org:b/a.git", "tag": "v1" });
        assert_eq!(said(git).as_deref(), Ok("a @ git+ssh://git@example.org/b/a.git@v1"));
        assert!(said(json!({ "path": "../a", "develop": true })).is_err());
        assert!(said(json!([{ "version": "1" }])).is_err());
        for value in
            [json!("^1.0"), json!({ "git": "https://example.org/a.git", "rev": "abc", "python": "^3.9" })]
        {
            let text = said(value).unwrap();
            assert!(crate::requirement::requirement(&text).is_some(), "{text}");
        }
    }
}
