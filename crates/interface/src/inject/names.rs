//! What parameters are called.

/// `HTTPStore` is `http_store`.
pub(crate) fn snake(name: &str) -> String {
    let chars: Vec<char> = name.trim_start_matches('_').chars().collect();
    let mut snake = String::new();
    for (at, char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let is_start = before.is_some_and(|before| {
            before.is_lowercase()
                || before.is_ascii_digit()
                || (before.is_uppercase() && chars.get(at + 1).is_some_and(|next| next.is_lowercase()))
        });
        if char.is_uppercase() && is_start {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

/// Where `bytes` says `word`, as a whole word that is no attribute.
pub(super) fn says(bytes: &[u8], word: &str) -> Vec<usize> {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let before = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before));
    memchr::memmem::find_iter(bytes, word)
        .filter(|at| {
            let is_longer = is_word(before(*at)) || is_word(bytes.get(at + word.len()));
            !is_longer && before(*at) != Some(&b'.')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_parameters() {
        assert_eq!(
            ["SqlStore", "HTTPStore", "S3Store", "store", "_Ab"].map(snake),
            ["sql_store", "http_store", "s3_store", "store", "ab"]
        );
    }

    #[test]
    fn attributes_and_parts_of_words_are_no_names() {
        assert_eq!(says(b"ab a.ab abc ab", "ab"), [0, 12]);
    }
}
