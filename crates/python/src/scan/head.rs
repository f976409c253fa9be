//! The head of a module: what no new import may stand above.

use super::lexer::Lexer;
use crate::{ImportStmt, encoding};

/// The start of the line behind the module's docstring and `__future__`
/// imports, or, without these, behind the BOM, the `#!` line and the coding
/// line.
pub(crate) fn head_end(source: &[u8], imports: &[ImportStmt]) -> usize {
    let text = encoding::without_halves(source);
    let mut lexer = Lexer::new(&text);
    let comments = comments_end(&lexer);
    let docstring = docstring_end(&mut lexer);
    let mut futures = imports.iter().filter(|stmt| stmt.is_module_level() && stmt.is_future());
    let future = futures.next_back().map(|stmt| lexer.next_line(stmt.span.end));
    comments.max(docstring.unwrap_or(0)).max(future.unwrap_or(0))
}

/// Behind the `#!` line and the coding line, or at the first byte.
fn comments_end(lexer: &Lexer<'_>) -> usize {
    let start = encoding::start(lexer.source);
    let is_script = lexer.source[start..].starts_with(b"#!");
    let coding = encoding::declared(lexer.source).map(|(_, name)| name.end);
    match coding.or(is_script.then_some(start)) {
        Some(at) => lexer.behind_newline(lexer.comment_end(at)).min(lexer.source.len()),
        None => start,
    }
}

/// The line behind the docstring: the first statement, when it consists of
/// string literals only.
fn docstring_end(lexer: &mut Lexer<'_>) -> Option<usize> {
    let (_, mut at) = lexer.line_head(encoding::start(lexer.source))?;
    let mut is_docstring = false;
    loop {
        let prefix = lexer.word(at);
        let is_text =
            prefix.len() <= 1 && prefix.iter().all(|byte| matches!(byte, b'r' | b'R' | b'u' | b'U'));
        at += prefix.len();
        match lexer.byte(at) {
            Some(b'"' | b'\'') if is_text => at = lexer.behind_string(at),
            None | Some(b'\n' | b'\r' | b'#' | b';') if is_docstring && prefix.is_empty() => break,
            _ => return None,
        }
        is_docstring = true;
    }
    Some(lexer.next_line(at))
}

#[cfg(test)]
mod tests {
    use crate::SourceFile;

    #[test]
    fn nothing_new_goes_above_the_head() {
        // What stands before the `|` is the head.
        for case in [
            "|import a\n",
            "|",
            "\u{FEFF}|import a\n",
            "#!/bin/sh\n|import a\n",
            "#!/bin/sh\r\n# coding: utf-8\r\n|# about\r\nimport a\r\n",
            "#!/bin/sh|",
            "'''doc\n'''\n|import a\n",
            "# about\n\n\"doc\" 'more' # why\n|x\n",
            "'doc'; import a\n|import b\n",
            "'doc'; x = '''\n'''\n|import b\n",
            "|'a'.join(b)\n",
            "|f'{a}'\n",
            "|b'a'\n",
            "r'doc'\rfrom __future__ import (\r  annotations\r)\r|import a\r",
            "from __future__ import a; import b\n|import c\n",
            "'doc'|",
        ] {
            let source = case.replace('|', "");
            let file = SourceFile::parse(source.as_bytes().into());
            assert_eq!(file.docstring_or_future_end(), case.find('|').unwrap(), "{case:?}");
        }
    }
}
