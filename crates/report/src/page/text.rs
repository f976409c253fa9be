//! Text of others on a page: what a reader would not see is made visible, and
//! nothing of it can end the element that it stands in.

use std::fmt::Write as _;

/// `text` without anything invisible: control characters, marks that turn the
/// direction of what follows, and characters of no width are spelled out.
pub(crate) fn visible(text: &str) -> String {
    if text.chars().all(|c| !is_hidden(c)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match u32::from(c) {
            // The pictures of the control characters stand in their order.
            code @ (0..=8 | 10..=31) => out.extend(char::from_u32(0x2400 + code)),
            127 => out.push('\u{2421}'),
            code if is_hidden(c) => {
                let _ = write!(out, "⟨U+{code:04X}⟩");
            }
            _ => out.push(c),
        }
    }
    out
}

/// Whether `c` would not be seen, or would change how others are seen.
fn is_hidden(c: char) -> bool {
    match c {
        '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{2028}' | '\u{2029}' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

/// JSON that may stand in a script element: nothing in it opens or closes one.
pub(crate) fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// `text` as the content of an element or of a quoted attribute.
pub(crate) fn in_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// How many UTF-16 code units `text` has: what a browser counts in.
pub(crate) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_is_spelled_out() {
        assert_eq!(visible("a\tb"), "a\tb");
        assert_eq!(visible("a\r\0\u{1b}[31m\u{7f}"), "a␍␀␛[31m␡");
        assert_eq!(visible("x\u{202e}y\u{85}"), "x⟨U+202E⟩y⟨U+0085⟩");
    }

    proptest! {
        #[test]
        fn json_stays_json_and_ends_nothing(text in "(</script>|<!--|[\u{2028}\u{2029}<>&\"a])*") {
            let json = in_script(&serde_json::json!([text]).to_string());
            let ends = json.contains(['<', '\u{2028}', '\u{2029}']);
            prop_assert!(!ends);
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(&json).unwrap(), [text]);
        }

        #[test]
        fn html_holds_no_markup(text in any::<String>()) {
            prop_assert!(!in_html(&text).contains(['<', '>', '"', '\'']));
        }

        #[test]
        fn nothing_visible_hides(text in any::<String>()) {
            let seen = visible(&text);
            prop_assert!(!seen.chars().any(is_hidden));
            prop_assert_eq!(visible(&seen), seen.clone());
            prop_assert_eq!(units(&seen), seen.encode_utf16().count());
        }
    }
}
