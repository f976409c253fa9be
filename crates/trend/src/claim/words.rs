//! A line of a message as words and numbers.

/// A word: lower case, without punctuation around it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    /// The number that it is: `3,266`, `35%`, `12+`, `0/15` (which is 0).
    pub(super) number: Option<f64>,
    /// Whether a part of the sentence ends behind it.
    pub(super) ends: bool,
}

impl Word {
    /// Whether it is made of letters, and so may describe what follows.
    pub(super) fn is_plain(&self) -> bool {
        self.text.chars().all(char::is_alphabetic)
    }

    /// Whether it is a number of percent.
    pub(super) fn is_share(&self) -> bool {
        self.number.is_some() && self.text.ends_with('%')
    }
}

/// The words of `line`; those joined by hyphens are several.
pub(super) fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for token in line.to_lowercase().split_whitespace() {
        if matches!(token, "→" | "->" | "=>") {
            words.push(Word { text: token.to_owned(), number: None, ends: false });
            continue;
        }
        // `#3` is the name of something.
        let bare = token.trim_matches(|char: char| !char.is_alphanumeric() && !"%+#".contains(char));
        let ends = token.ends_with([',', ';', '.', ':', ')']);
        let parts: Vec<&str> = bare.split('-').filter(|part| !part.is_empty()).collect();
        let last = parts.len().saturating_sub(1);
        let word = |(at, part): (usize, &&str)| Word {
            text: (*part).to_owned(),
            number: number(part),
            ends: ends && at == last,
        };
        words.extend(parts.iter().enumerate().map(word));
    }
    words
}

/// `3,266`, `1690`, `35%`, `3.5`, `3,266+`, and of `0/15` the first.
fn number(text: &str) -> Option<f64> {
    let text = text.strip_suffix(['%', '+']).unwrap_or(text);
    let text = match text.split_once('/') {
        Some((part, whole)) => {
            number(whole)?;
            part
        }
        None => text,
    };
    let is_figure = text.starts_with(|char: char| char.is_ascii_digit())
        && text.chars().all(|char| char.is_ascii_digit() || char == ',' || char == '.');
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = groups.all(|group| group.len() == 3) && (first.len() <= 3 || !whole.contains(','));
    if !is_figure || !is_grouped || rest.contains([',', '.']) {
        return None;
    }
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = |text: &str| words(text).first().and_then(|word| word.number);
        for (text, value) in [
            ("3,266+", 3266.0),
            ("(0/15", 0.0),
            ("35%,", 35.0),
            ("1690", 1690.0),
            ("3.5", 3.5),
            ("**12**", 12.0),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        for text in ["3.11.2", "12,3", "v2", "2025-07", "1234,567", "ai/mlops", "3rd", "1/x", ""] {
            assert_ne!(read(text), Some(0.0), "{text}");
            assert!(read(text).is_none() || text.starts_with("2025"), "{text}");
        }
    }

    #[test]
    fn hyphens_join_words() {
        let texts: Vec<String> =
            words("ALL monorepo-style imports: 3 → 0").into_iter().map(|w| w.text).collect();
        assert_eq!(texts, ["all", "monorepo", "style", "imports", "3", "→", "0"]);
    }
}
