//! Symbols: a definition is taken out of one module and put into another.
//!
//! What the definition takes from its old module comes along as imports. It
//! goes as it stands, with its decorators and the comments right above it;
//! where that would change what the code does, the move is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use repot_change::{Content, Edit, RelPath, Span, TreeError, edited};
use repot_python::{Definition, DefinitionKind, ImportStmt, Scopes, SourceFile};
use repot_workspace::{ModuleId, Place, Workspace};

use crate::refused::Refused;
use crate::relocation::{MovedSymbol, Relocation, Spot};
use crate::{EngineError, python};

/// The symbols that go from one module to another.
pub(crate) struct Transplant<'a> {
    relocation: &'a Relocation<'a>,
    from: ModuleId,
    to: Spot,
    symbols: Vec<&'a MovedSymbol>,
    source: Arc<SourceFile>,
    /// Where the definitions stand, with the comments above them; in order.
    spans: Vec<Span>,
}

/// What a transplant does to its two modules.
pub(crate) struct Planted {
    /// Edits of the old module, apart from those of its references.
    pub(crate) old: Vec<Edit>,
    /// The target's file, and edits of it; `None` edits when it is new.
    pub(crate) target: RelPath,
    pub(crate) new: Result<Vec<Edit>, Content>,
}

/// The transplants of a relocation, one for each pair of modules.
pub(crate) fn transplants<'a>(relocation: &'a Relocation<'a>) -> Result<Vec<Transplant<'a>>, Refused> {
    let mut groups: BTreeMap<(ModuleId, RelPath), Vec<&MovedSymbol>> = BTreeMap::new();
    for symbol in relocation.symbols().into_iter().filter(|symbol| !stays(relocation, symbol)) {
        groups.entry((symbol.from, symbol.to.stem.clone())).or_default().push(symbol);
    }
    groups.into_iter().map(|((from, _), symbols)| Transplant::new(relocation, from, symbols)).collect()
}

/// Whether a symbol only gets another name in its module.
fn stays(relocation: &Relocation<'_>, symbol: &MovedSymbol) -> bool {
    relocation.workspace().path_of(&Place::Module(symbol.from)) == symbol.to.stem
}

/// The edits of the modules in which symbols only get other names.
pub(crate) fn renamed_in_place(relocation: &Relocation<'_>) -> Result<Vec<(RelPath, Vec<Edit>)>, Refused> {
    let mut edits: BTreeMap<ModuleId, Vec<Edit>> = BTreeMap::new();
    for symbol in relocation.symbols().into_iter().filter(|symbol| stays(relocation, symbol)) {
        let source = relocation.workspace().file(symbol.from).parse();
        let scopes = source.scopes();
        if scopes.binds_anywhere(&symbol.new) {
            return Err(Refused::Symbol {
                module: symbol.to.stem.clone(),
                symbol: symbol.old.clone(),
                reason: format!("the module uses the name `{}` already", symbol.new),
            });
        }
        let places = scopes.module_uses(&symbol.old).into_iter();
        edits
            .entry(symbol.from)
            .or_default()
            .extend(places.map(|span| Edit::replace(span, symbol.new.as_bytes())));
    }
    let path = |id| relocation.workspace().modules().get(id).path.clone();
    Ok(edits.into_iter().map(|(id, edits)| (path(id), edits)).collect())
}

impl<'a> Transplant<'a> {
    fn new(
        relocation: &'a Relocation<'a>,
        from: ModuleId,
        symbols: Vec<&'a MovedSymbol>,
    ) -> Result<Self, Refused> {
        let file = relocation.workspace().file(from);
        let source = file.parse();
        let to = symbols[0].to.clone();
        let mut spans = Vec::new();
        for symbol in &symbols {
            let definitions = file.definitions().names.get(&symbol.old).map_or(&[][..], Vec::as_slice);
            spans.push(definition(&source, definitions).map_err(|reason| Refused::Symbol {
                module: relocation.workspace().path_of(&Place::Module(from)),
                symbol: symbol.old.clone(),
                reason,
            })?);
        }
        spans.sort();
        spans.dedup();
        let this = Self { relocation, from, to, symbols, source, spans };
        this.takes_others().map_or(Ok(this), Err)
    }

    /// The refusal of a definition that binds a name of the module which does not
    /// move: another target of its assignment, or a `global` that it changes.
    fn takes_others(&self) -> Option<Refused> {
        let scopes = self.source.scopes();
        let read: BTreeSet<Span> =
            self.spans.iter().flat_map(|span| scopes.module_names(*span)).map(|name| name.span).collect();
        let binds = |name: &&String| {
            let used = scopes.module_uses(name);
            used.iter().any(|span| self.takes(*span) && !read.contains(span))
        };
        let names = &self.workspace().file(self.from).definitions().names;
        let mut others = names.keys().filter(|name| self.symbols.iter().all(|symbol| symbol.old != **name));
        others.find(binds).map(|name| Refused::Symbol {
            module: self.workspace().path_of(&Place::Module(self.from)),
            symbol: self.symbols[0].old.clone(),
            reason: format!("its definition binds `{name}` too, which stays"),
        })
    }

    fn workspace(&self) -> &'a Workspace {
        self.relocation.workspace()
    }

    /// The file that loses the definitions.
    pub(crate) fn path(&self) -> &'a RelPath {
        &self.workspace().modules().get(self.from).path
    }

    /// Whether `span` lies within a definition that goes.
    pub(crate) fn takes(&self, span: Span) -> bool {
        self.spans.iter().any(|taken| taken.contains(span))
    }

    /// What becomes of the two modules.
    pub(crate) fn plant(&self, renames: &crate::Renames<'_>) -> Result<Planted, EngineError> {
        let scopes = self.source.scopes();
        let (imports, body) = (self.needed(&scopes), self.body(renames)?);
        let old = self.removal(&scopes, &imports)?;
        let target = self.workspace().locate(&self.to.stem, &[]);
        let Some(Place::Module(id)) = target else {
            let path = RelPath::new(&format!("{}.py", self.to.stem))
                .map_err(|source| Refused::Path { name: self.to.name.clone().unwrap_or_default(), source })?;
            let content = Content::plain(self.fresh(&imports, &body));
            return Ok(Planted { old, target: path, new: Err(content) });
        };
        let path = self.workspace().modules().get(id).path.clone();
        let edits = self.grafts(id, &imports, &body)?;
        Ok(Planted { old, target: path, new: Ok(edits) })
    }

    /// The imports that the definitions need in their new module.
    ///
    /// They come in the order in which the old module has them.
    fn needed(&self, scopes: &Scopes<'_>) -> Vec<String> {
        let definitions = self.workspace().file(self.from).definitions();
        let mut needed = BTreeSet::new();
        for name in self.spans.iter().flat_map(|span| scopes.module_names(*span)) {
            let bindings = definitions.names.get(&name.text).map_or(&[][..], Vec::as_slice);
            if bindings.iter().any(|binding| self.takes(binding.span)) {
                continue;
            }
            let import = match bindings {
                [Definition { kind: DefinitionKind::Import { .. }, conditional: false, span }] => {
                    self.copied_import(*span)
                }
                _ => None,
            };
            let text = import.unwrap_or_else(|| format!("from {} import {}", self.home(), name.text));
            needed.insert((bindings.first().map(|binding| binding.span), text));
        }
        needed.into_iter().map(|(_, text)| text).collect()
    }

    /// The old module's name afterwards.
    fn home(&self) -> String {
        self.relocation.after(&Place::Module(self.from)).name.unwrap_or_default()
    }

    /// The import that binds the name at `bound`, as the new module writes it.
    fn copied_import(&self, bound: Span) -> Option<String> {
        let holds = |statement: &&ImportStmt| statement.span.contains(bound);
        let statement = self.source.imports().iter().find(holds)?;
        let item = statement.items().iter().find(|item| item.span.contains(bound))?;
        python::transplanted_import(self.relocation, self.from, &self.to, statement, item)
    }

    /// The text of the definitions, their references followed from the new
    /// module and their names those that they have there.
    fn body(&self, renames: &crate::Renames<'_>) -> Result<Vec<Vec<u8>>, TreeError> {
        let path = self.path();
        let edits = python::transplanted_edits(self.relocation, renames, self.from, &self.to, &self.source);
        let mut texts = Vec::new();
        for span in &self.spans {
            let inside = edits.iter().filter(|edit| span.contains(edit.span));
            let shifted = inside.map(|edit| Edit {
                span: Span::new(edit.span.start - span.start, edit.span.end - span.start),
                new: edit.new.clone(),
            });
            let mut edits: Vec<Edit> = shifted.collect();
            edits.extend(self.new_names(*span));
            texts.push(edited(path, &self.source.bytes()[span.range()], edits)?);
        }
        Ok(texts)
    }

    /// The edits within a definition by which moved symbols get their new names.
    fn new_names(&self, span: Span) -> Vec<Edit> {
        let definitions = self.workspace().file(self.from).definitions();
        let scopes = self.source.scopes();
        let mut edits = Vec::new();
        for symbol in self.symbols.iter().filter(|symbol| symbol.old != symbol.new) {
            let bound = definitions.names.get(&symbol.old).into_iter().flatten().map(|binding| binding.span);
            let used = scopes.module_names(span).into_iter().filter(|name| name.text == symbol.old);
            let all = bound.chain(used.map(|name| name.span)).filter(|place| span.contains(*place));
            edits.extend(all.map(|place| {
                let place = Span::new(place.start - span.start, place.end - span.start);
                Edit::replace(place, symbol.new.as_bytes())
            }));
        }
        edits
    }

    /// The edits that take the definitions out of the old module, which imports
    /// them from then on where it still uses them itself.
    fn removal(&self, scopes: &Scopes<'_>, imports: &[String]) -> Result<Vec<Edit>, Refused> {
        let bytes = self.source.bytes();
        let whole = Span::new(0, bytes.len());
        let names = scopes.module_names(whole);
        let is_used = |symbol: &&&MovedSymbol| {
            names.iter().any(|name| name.text == symbol.old && !self.takes(name.span))
        };
        let mut used: Vec<&&MovedSymbol> = self.symbols.iter().filter(is_used).collect();
        let circle = format!("from {} import ", self.home());
        if let (Some(symbol), Some(import)) =
            (used.first(), imports.iter().find(|import| import.starts_with(&circle)))
        {
            return Err(Refused::Symbol {
                module: self.workspace().path_of(&Place::Module(self.from)),
                symbol: symbol.old.clone(),
                reason: format!(
                    "the module still uses it, and it needs `{}` of the module: they would import each other",
                    import.trim_start_matches(&circle)
                ),
            });
        }
        if !imports.iter().any(|import| import.starts_with(&circle)) {
            used.extend(self.symbols.iter().filter(|symbol| !is_used(symbol) && self.is_quoted(symbol)));
        }
        let mut edits: Vec<Edit> =
            self.spans.iter().map(|span| Edit::delete(with_gap(bytes, *span))).collect();
        let module = self.to.name.clone().unwrap_or_default();
        let line = |symbol: &&&MovedSymbol| match symbol.old == symbol.new {
            true => format!("from {module} import {}", symbol.new),
            false => format!("from {module} import {} as {}", symbol.new, symbol.old),
        };
        let lines: Vec<String> = used.iter().map(line).collect();
        edits.extend(added_imports(&self.source, &lines));
        Ok(edits)
    }

    /// Whether a string that stays reads like a type and names the symbol.
    fn is_quoted(&self, symbol: &MovedSymbol) -> bool {
        let bytes = self.source.bytes();
        let is_listed = |span: Span| {
            let statement = self.source.top_statement(span.start);
            statement.is_some_and(|statement| bytes[statement.range()].starts_with(b"__all__"))
        };
        self.source.literals().iter().any(|one| {
            let text = &bytes[one.content.range()];
            repot_python::mentions(text, symbol.old.as_bytes())
                && reads_like_type(text)
                && !self.takes(one.span)
                && !is_listed(one.span)
        })
    }

    /// The text of a new module.
    fn fresh(&self, imports: &[String], body: &[Vec<u8>]) -> Vec<u8> {
        let newline = self.source.line_ending().as_bytes();
        let mut text = Vec::new();
        for import in self.future_imports().iter().chain(imports) {
            text.extend([import.as_bytes(), newline].concat());
        }
        for (index, definition) in body.iter().enumerate() {
            if index > 0 || !imports.is_empty() {
                text.extend(newline.repeat(2));
            }
            text.extend([definition, newline].concat());
        }
        text
    }

    /// The `__future__` imports of the old module: a definition was written
    /// under them.
    fn future_imports(&self) -> Vec<String> {
        let text = |statement: &ImportStmt| {
            let names: Vec<&str> = statement.items().iter().map(|item| item.name.text.as_str()).collect();
            format!("from __future__ import {}", names.join(", "))
        };
        self.source.imports().iter().filter(|statement| statement.is_future()).map(text).collect()
    }

    /// The edits by which the module `id` receives the definitions.
    fn grafts(&self, id: ModuleId, imports: &[String], body: &[Vec<u8>]) -> Result<Vec<Edit>, Refused> {
        let file = self.workspace().file(id);
        let target = file.parse();
        let definitions = file.definitions();
        let own = self.relocation.after(&Place::Module(id)).name.unwrap_or_default();
        for symbol in &self.symbols {
            if definitions.defines(&symbol.new) {
                return Err(Refused::Symbol {
                    module: self.workspace().path_of(&Place::Module(self.from)),
                    symbol: symbol.old.clone(),
                    reason: format!("`{own}` defines a `{}` already", symbol.new),
                });
            }
        }
        let circle = format!("from {own} import ");
        let is_missing = |import: &&String| {
            let bound = import.rsplit(' ').next().unwrap_or_default();
            !import.starts_with(&circle)
                && !definitions.names.contains_key(bound.split('.').next().unwrap_or(bound))
        };
        let lines: Vec<String> = imports.iter().filter(is_missing).cloned().collect();
        let mut edits = added_imports(&target, &lines);
        let (bytes, newline) = (target.bytes(), target.line_ending().as_bytes());
        let mut text = Vec::new();
        if !bytes.is_empty() && !bytes.ends_with(b"\n") {
            text.extend_from_slice(newline);
        }
        for (index, definition) in body.iter().enumerate() {
            if index > 0 || !bytes.trim_ascii().is_empty() {
                text.extend(newline.repeat(2));
            }
            text.extend([&with_line_ends(definition, newline)[..], newline].concat());
        }
        match edits.iter_mut().find(|edit| edit.span == Span::at(bytes.len())) {
            Some(last) => last.new.extend(text),
            None => edits.push(Edit::insert(bytes.len(), text)),
        }
        Ok(edits)
    }
}

/// The statement that defines a name, with the comments right above it.
///
/// # Errors
///
/// Why it cannot go alone.
pub fn definition(source: &SourceFile, bindings: &[Definition]) -> Result<Span, String> {
    let [Definition { kind, span, conditional }] = bindings else {
        return Err(format!("it is bound in {} places", bindings.len()));
    };
    if matches!(kind, DefinitionKind::Import { .. }) {
        return Err("it is imported there, not defined; move it from the module that defines it".to_owned());
    }
    let statement = source.top_statement(span.start).filter(|_| !conditional);
    let statement = statement.ok_or("it is defined under a condition")?;
    if source.is_broken(statement) {
        return Err("its definition does not parse".to_owned());
    }
    let is_plain = !matches!(kind, DefinitionKind::Variable) || statement.start == span.start;
    if !is_plain {
        return Err("it is bound together with other names".to_owned());
    }
    let (bytes, mut start) = (source.bytes(), statement.start);
    while start > 0 {
        let above = source.line_span(start - 1);
        let is_comment = bytes[above.range()].starts_with(b"#") && !bytes[above.range()].starts_with(b"#!");
        if !is_comment || above.end != start {
            break;
        }
        start = above.start;
    }
    Ok(Span::new(start, statement.end))
}

/// Whether a text holds nothing but what an annotation is made of; blanks only
/// behind a comma and around a bar.
fn reads_like_type(text: &[u8]) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_.[],|".contains(&byte);
    let is_gap = |at: usize| {
        text[at] == b' ' && ((at > 0 && b",|".contains(&text[at - 1])) || text.get(at + 1) == Some(&b'|'))
    };
    (0..text.len()).all(|at| is_part(text[at]) || is_gap(at))
}

/// A definition with the rest of its line and the blank lines behind it.
#[must_use]
pub fn with_gap(bytes: &[u8], span: Span) -> Span {
    let rest = &bytes[span.end..];
    let mut end = 0;
    for line in rest.split_inclusive(|byte| *byte == b'\n') {
        if !line.trim_ascii().is_empty() {
            break;
        }
        end += line.len();
    }
    Span::new(span.start, span.end + end)
}

/// The edit that adds import lines behind the module's last import at its head.
pub(crate) fn added_imports(source: &SourceFile, lines: &[String]) -> Vec<Edit> {
    if lines.is_empty() {
        return Vec::new();
    }
    let newline = source.line_ending();
    let head = source.docstring_or_future_end();
    let last = source.imports().iter().rfind(|statement| statement.is_unconditional());
    let at = last.map_or(head, |statement| source.line_span(statement.span.end).end.max(head));
    let (before, after) = if last.is_some() { (0, 0) } else { gaps(source.bytes(), at) };
    let text: String = lines.iter().map(|line| format!("{line}{newline}")).collect();
    let text = format!("{}{text}{}", newline.repeat(before), newline.repeat(after));
    let needs_end = at == source.bytes().len() && at > 0 && !source.bytes().ends_with(b"\n");
    let text = if needs_end { format!("{newline}{text}") } else { text };
    vec![Edit::insert(at, text)]
}

/// The blank lines before and after a module's first imports, when they are put
/// at `at`: one behind a docstring, two above a definition.
fn gaps(bytes: &[u8], at: usize) -> (usize, usize) {
    let rest = &bytes[at..];
    let defines = [&b"def "[..], b"class ", b"@", b"async "].iter().any(|word| rest.starts_with(word));
    let after = match rest.first() {
        None | Some(b'\n' | b'\r') => 0,
        Some(_) if defines => 2,
        Some(_) => 1,
    };
    (usize::from(at > 0), after)
}

/// A text with the line ends `newline`.
pub(crate) fn with_line_ends(text: &[u8], newline: &[u8]) -> Vec<u8> {
    let lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.collect::<Vec<_>>().join(newline)
}
