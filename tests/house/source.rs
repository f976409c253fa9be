//! Rust source for simple questions: without comments, strings and tests.
//!
//! A lexer of a hundred lines and no parser: enough to tell code from prose and
//! to find the end of a block.

use std::ops::Range;

/// The text with comments and the insides of strings turned to blanks. Line
/// breaks stay, so lines keep their numbers.
pub fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skip(&chars, at);
        if end == at {
            code.push(chars[at]);
            at += 1;
        } else {
            code.extend(chars[at..end].iter().map(|char| if *char == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    code
}

/// The code without items that are compiled for tests only.
pub fn code_without_tests(text: &str) -> String {
    let mut code = code(text);
    while let Some(start) = code.find("#[cfg(test)]") {
        let end = item_end(&code, start);
        code.replace_range(start..end, "");
    }
    code
}

/// How many lines hold code.
pub fn count_lines(code: &str) -> usize {
    code.lines().filter(|line| !line.trim().is_empty()).count()
}

/// The functions that have a body: name and the range of the body, braces
/// included.
pub fn functions(code: &str) -> Vec<(String, Range<usize>)> {
    let mut functions = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let is_word = !code[..at].ends_with(is_name_char);
        let name: String = code[at + 3..].chars().take_while(|char| is_name_char(*char)).collect();
        if !is_word || name.is_empty() {
            continue;
        }
        let end = item_end(code, at);
        let body = code[at..end].find('{').map(|open| at + open..end);
        functions.extend(body.filter(|_| code[..end].ends_with('}')).map(|body| (name, body)));
    }
    functions
}

/// Whether `char` may stand in an identifier.
pub fn is_name_char(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The end of the comment, string or character that begins at `at`; `at` when
/// none does.
fn skip(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied();
    let until = |found: Option<usize>| found.map_or(chars.len(), |found| found + 1);
    match chars[at] {
        '/' if next == Some('/') => (at..chars.len()).find(|end| chars[*end] == '\n').unwrap_or(chars.len()),
        '/' if next == Some('*') => skip_block_comment(chars, at),
        '"' => until(closing(chars, at + 1, '"')),
        '\'' if next == Some('\\') || chars.get(at + 2) == Some(&'\'') => until(closing(chars, at + 1, '\'')),
        'r' if at == 0 || !is_name_char(chars[at - 1]) || chars[at - 1] == 'b' => skip_raw_string(chars, at),
        _ => at,
    }
}

/// The place of the first `quote` from `at` on that no backslash escapes.
fn closing(chars: &[char], mut at: usize, quote: char) -> Option<usize> {
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at < chars.len()).then_some(at)
}

fn skip_block_comment(chars: &[char], start: usize) -> usize {
    let mut depth = 0;
    let mut at = start;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            break;
        }
    }
    at.min(chars.len())
}

fn skip_raw_string(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|char| **char == '#').count();
    let open = start + 1 + hashes;
    if chars.get(open) != Some(&'"') {
        return start;
    }
    let closes = |at: &usize| {
        chars[*at] == '"' && chars[at + 1..].iter().take_while(|char| **char == '#').count() >= hashes
    };
    (open + 1..chars.len()).find(closes).map_or(chars.len(), |at| at + 1 + hashes)
}

/// The end of the item that begins at `start`: behind its block, or behind the
/// `;` outside brackets that comes first.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, char) in code[start..].char_indices() {
        match char {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return start + at + 1;
                }
            }
            ';' if depth == 0 => return start + at + 1,
            _ => {}
        }
    }
    code.len()
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "a /* b /* c */ d */ e // f\n\"g \\\" h\" i r#\"j \" k\"# 'l' '\\'' 'm \"n\"";
    let code = code(text);
    let words: Vec<&str> = code.split_whitespace().collect();
    assert_eq!(words, ["a", "e", "i", "'m"]);
    assert_eq!(code.lines().count(), 2);
    assert_eq!(code.chars().count(), text.chars().count());
}

#[test]
fn tests_are_cut_out_and_the_rest_stays() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
    let code = code_without_tests(text);
    let names: Vec<String> = functions(&code).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "c", "d"]);
    assert!(!code.contains("more"));
}

#[test]
fn a_function_ends_where_its_block_ends() {
    let code = "trait T { fn a(&self) -> [u8; 2]; }\nfn b<F: Fn(u8)>(x: [u8; 2]) -> u8 {\n  if x { y }\n}\nconst C: fn (u8) = b;";
    let functions = functions(code);
    assert_eq!(functions.len(), 1);
    assert_eq!((functions[0].0.as_str(), &code[functions[0].1.clone()]), ("b", "{\n  if x { y }\n}"));
}
