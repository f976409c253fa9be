//! `setup.py`, as far as it states its arguments literally.
//!
//! The file is not run and not even parsed: its tokens are read, and of the
//! `setup(...)` call those arguments count whose value is spelled out.

use std::collections::{BTreeSet, HashMap};

use repot_change::RelPath;

use super::toml::Stated;

/// The arguments of the first `setup(...)` call.
#[derive(Debug, Default)]
pub(super) struct SetupCall {
    arguments: HashMap<String, Value>,
    /// Whether `**` passes arguments that are not seen here.
    pub(super) is_open: bool,
}

/// An argument's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(Stated),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
    /// A call by its last name, with its positional and its named arguments.
    Call(String, Vec<Value>, HashMap<String, Value>),
    /// Something that would have to be computed.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Name(String),
    Text(Stated),
    Mark(char),
}

impl SetupCall {
    /// The call in `text`; `None` when there is none.
    pub(super) fn read(file: &RelPath, text: &str) -> Option<Self> {
        let tokens = tokens(file, text);
        let is_call = |pair: &[Token]| pair == [Token::Name("setup".to_owned()), Token::Mark('(')];
        let start = tokens.windows(2).position(is_call)?;
        let mut reader = Reader { tokens: &tokens, at: start + 2 };
        let (_, arguments, is_open) = reader.arguments();
        Some(Self { arguments, is_open })
    }

    /// The arguments that are named.
    pub(super) fn arguments(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.arguments.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.arguments.get(name)
    }

    pub(super) fn text(&self, name: &str) -> Option<Stated> {
        self.get(name)?.text().cloned()
    }

    /// The texts of a list; `None` when it is missing or not spelled out.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<Stated>> {
        self.get(name)?.texts()
    }

    /// The texts of all lists of a table.
    pub(super) fn texts_within(&self, name: &str) -> Vec<Stated> {
        let Some(Value::Table(pairs)) = self.get(name) else { return Vec::new() };
        pairs.iter().filter_map(|(_, value)| value.texts()).flatten().collect()
    }
}

impl Value {
    pub(super) fn text(&self) -> Option<&Stated> {
        if let Self::Text(stated) = self { Some(stated) } else { None }
    }

    /// The texts of a list that holds nothing else, or a single text.
    pub(super) fn texts(&self) -> Option<Vec<Stated>> {
        match self {
            Self::Text(stated) => Some(vec![stated.clone()]),
            Self::List(values) => values.iter().map(|value| value.text().cloned()).collect(),
            _ => None,
        }
    }
}

type Arguments = (Vec<Value>, HashMap<String, Value>, bool);

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<&Token> {
        self.at += 1;
        self.tokens.get(self.at - 1)
    }

    fn takes(&mut self, mark: char) -> bool {
        let is_there = self.tokens.get(self.at) == Some(&Token::Mark(mark));
        self.at += usize::from(is_there);
        is_there
    }

    /// The arguments of a call up to and with its `)`.
    fn arguments(&mut self) -> Arguments {
        let (mut positional, mut named, mut is_open) = (Vec::new(), HashMap::new(), false);
        while self.at < self.tokens.len() && !self.takes(')') {
            if let [Token::Name(name), Token::Mark('='), ..] = self.tokens.get(self.at..).unwrap_or_default()
            {
                self.at += 2;
                let value = self.value(')');
                named.insert(name.clone(), value);
            } else {
                is_open |= self.tokens.get(self.at) == Some(&Token::Mark('*'));
                positional.push(self.value(')'));
            }
            self.takes(',');
        }
        (positional, named, is_open)
    }

    /// One value, up to the `,` or the `close` behind it; what follows a value
    /// that is spelled out, as in `["a"] + more`, makes it unknown.
    fn value(&mut self, close: char) -> Value {
        let value = self.simple_value();
        let is_ended = |token: Option<&Token>| match token {
            None => true,
            Some(Token::Mark(mark)) => *mark == ',' || *mark == close || (*mark == ':' && close == '}'),
            Some(_) => false,
        };
        if is_ended(self.tokens.get(self.at)) {
            return value;
        }
        let mut depth = 0usize;
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::Mark(mark) if depth == 0 && (*mark == ',' || *mark == close) => break,
                Token::Mark('(' | '[' | '{') => depth += 1,
                Token::Mark(')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
        Value::Unknown
    }

    fn simple_value(&mut self) -> Value {
        match self.next().cloned() {
            Some(Token::Text(stated)) => Value::Text(stated),
            Some(Token::Mark('[')) => self.list(']'),
            Some(Token::Mark('(')) => self.list(')'),
            Some(Token::Mark('{')) => self.table(),
            Some(Token::Name(name)) => self.call(name),
            _ => {
                self.at -= 1;
                Value::Unknown
            }
        }
    }

    fn list(&mut self, close: char) -> Value {
        let mut values = Vec::new();
        while self.at < self.tokens.len() && !self.takes(close) {
            values.push(self.value(close));
            self.takes(',');
        }
        Value::List(values)
    }

    fn table(&mut self) -> Value {
        let mut pairs = Vec::new();
        while self.at < self.tokens.len() && !self.takes('}') {
            let key = self.value('}');
            let value = if self.takes(':') { self.value('}') } else { Value::Unknown };
            if let Value::Text(key) = key {
                pairs.push((key.text, value));
            }
            self.takes(',');
        }
        Value::Table(pairs)
    }

    fn call(&mut self, first: String) -> Value {
        let mut name = first;
        while self.takes('.') {
            let Some(Token::Name(next)) = self.next() else { return Value::Unknown };
            next.clone_into(&mut name);
        }
        if !self.takes('(') {
            return Value::Unknown;
        }
        let (positional, named, _) = self.arguments();
        Value::Call(name, positional, named)
    }
}

/// The one readme that a string of the code names.
pub(super) fn named_readme(text: &str) -> Option<String> {
    let is_readme = |text: &String| text.to_lowercase().starts_with("readme");
    let texts = tokens(&RelPath::root(), text).into_iter().filter_map(|token| match token {
        Token::Text(stated) => Some(stated.text),
        _ => None,
    });
    let named: BTreeSet<String> = texts.filter(is_readme).collect();
    let mut named = named.into_iter();
    named.next().filter(|_| named.next().is_none())
}

/// The tokens of Python code, without comments and line ends. A string with a
/// backslash in it, or with a prefix that computes, is no text but a `?`.
fn tokens(file: &RelPath, text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (token, len) = match first {
            '#' => (None, rest.find('\n').unwrap_or(rest.len())),
            '"' | '\'' => {
                let (inner, len) = string(rest);
                let stated =
                    |text: &str| Token::Text(Stated { text: text.to_owned(), file: file.clone(), line });
                (Some(inner.map_or(Token::Mark('?'), stated)), len)
            }
            c if c == '_' || c.is_alphanumeric() => {
                let len = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
                (Some(Token::Name(rest.get(..len).unwrap_or_default().to_owned())), len)
            }
            c if c.is_whitespace() || c == '\\' => (None, c.len_utf8()),
            c => (Some(Token::Mark(c)), c.len_utf8()),
        };
        tokens.extend(token);
        let (passed, next) = rest.split_at(len);
        line += passed.matches('\n').count();
        rest = next;
    }
    tokens
}

/// The inside of the string that `rest` begins with, when it is plain, and the
/// length of the whole.
fn string(rest: &str) -> (Option<&str>, usize) {
    let quote =
        ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)).unwrap_or("\"");
    let mut end = quote.len();
    while let Some(tail) = rest.get(end..).filter(|tail| !tail.is_empty() && !tail.starts_with(quote)) {
        if quote.len() == 1 && tail.starts_with('\n') {
            return (None, end);
        }
        let first = tail.chars().next().map_or(1, char::len_utf8);
        let is_escape = tail.starts_with('\\');
        end += if is_escape { 1 + tail.chars().nth(1).map_or(0, char::len_utf8) } else { first };
    }
    let inner = rest.get(quote.len()..end).filter(|inner| !inner.contains('\\'));
    (inner, (end + quote.len()).min(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> SetupCall {
        SetupCall::read(&RelPath::new("setup.py").unwrap(), text).unwrap()
    }

    fn texts(call: &SetupCall, name: &str) -> Option<Vec<String>> {
        Some(call.texts(name)?.into_iter().map(|stated| stated.text).collect())
    }

    #[test]
    fn reads_what_is_spelled_out() {
        let call = call(
            "from setuptools import setup, find_packages\n# setup(name='no')\nsetup(\n    name='shop',  # packages=['no']\n    packages=['shop', \"shop.cart\",],\n    py_modules=('a',),\n    version=read('x', y=[1, (2)])[0],\n    **more,\n)\n",
        );
        assert_eq!(call.text("name").map(|stated| (stated.text, stated.line)), Some(("shop".to_owned(), 4)));
        assert_eq!(texts(&call, "packages"), Some(vec!["shop".to_owned(), "shop.cart".to_owned()]));
        assert_eq!(texts(&call, "py_modules"), Some(vec!["a".to_owned()]));
        assert_eq!(call.get("version"), Some(&Value::Unknown));
        assert!(call.is_open);
    }

    #[test]
    fn what_is_computed_is_unknown() {
        for value in [
            "names",
            "['a'] + more",
            "['a'] if x else []",
            "f'{x}'",
            "'a\\n'",
            "[x for x in y]",
            "'a' 'b'",
            "-1",
        ] {
            let call = call(&format!("setup(packages={value}, name='n')"));
            assert_eq!(call.texts("packages"), None, "{value}");
            assert_eq!(texts(&call, "name"), Some(vec!["n".to_owned()]), "{value}");
        }
    }

    #[test]
    fn calls_and_tables_keep_their_arguments() {
        let call = call(
            "setuptools.setup(packages=setuptools.find_packages('src', exclude=['t']), package_dir={'': 'src'})",
        );
        let Some(Value::Call(name, positional, named)) = call.get("packages") else { panic!("{call:?}") };
        assert_eq!((name.as_str(), positional.len(), named.len()), ("find_packages", 1, 1));
        let Some(Value::Table(pairs)) = call.get("package_dir") else { panic!("{call:?}") };
        assert_eq!(
            pairs
                .iter()
                .map(|(key, value)| (key.as_str(), value.text().unwrap().text.as_str()))
                .collect::<Vec<_>>(),
            [("", "src")]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in r#"(setup|\(|\)|\[|\]|\{|\}|,|=|'|"|\\|\n|#|a|é|\*|:|\.| ){0,60}"#) {
            let _ = SetupCall::read(&RelPath::new("setup.py").unwrap(), &text);
        }
    }
}
