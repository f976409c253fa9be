//! What stays at old places: shims that keep old names importable, or nothing.

use std::collections::BTreeMap;

use repot_change::{Class, Content, Edit, RelPath, Span, TreeError};
use repot_workspace::ModuleId;

use crate::files::Files;
use crate::relocation::{MovedSymbol, Relocation, Root};
use crate::symbol::added_imports;
use crate::{Departed, Following, Shim, SymbolShim};

impl Following {
    /// The names of moved symbols are taken away where they were.
    pub(crate) fn retire(&mut self, relocation: &Relocation<'_>) {
        let modules = relocation.workspace().modules();
        let names = relocation
            .symbols()
            .into_iter()
            .map(|symbol| (modules.get(symbol.from).path.clone(), symbol.old.clone()));
        self.retired.extend(names);
    }

    /// Shims are put where modules, packages and symbols were.
    pub(crate) fn leave_shims(
        &mut self,
        relocation: &Relocation<'_>,
        files: &Files,
        until: Option<&str>,
    ) -> Result<(), TreeError> {
        for root in relocation.roots() {
            self.leave_module(relocation, files, root, until)?;
        }
        let mut departed: BTreeMap<ModuleId, Vec<&MovedSymbol>> = BTreeMap::new();
        for symbol in relocation.symbols() {
            departed.entry(symbol.from).or_default().push(symbol);
        }
        departed.into_iter().try_for_each(|(id, symbols)| self.leave_symbols(relocation, id, &symbols, until))
    }

    fn leave_module(
        &mut self,
        relocation: &Relocation<'_>,
        files: &Files,
        root: &Root,
        until: Option<&str>,
    ) -> Result<(), TreeError> {
        let workspace = relocation.workspace();
        let is_package = workspace.folder_of(&root.place).is_some();
        let (Some(path), Some(new)) = (shim_path(relocation, root), &root.to.name) else { return Ok(()) };
        let shim = Shim { old: &root.old, new, is_package, until };
        // The shim ends its lines as the file did that stood there.
        let ending =
            workspace.modules().at(&path).map_or("\n", |id| workspace.file(id).parse().line_ending());
        let content = Content::plain(shim.text().replace('\n', ending).into_bytes());
        let changes = self.changes.entry(Class::Imports).or_default();
        if !(files.joins.contains_key(&path) || files.copies.contains(&path)) {
            return changes.create(path, content);
        }
        // The file was joined to another and stays to be overwritten.
        let len = workspace.snapshot().get(&path).map_or(0, |file| file.size());
        let edit = Edit { span: Span::new(0, len), new: content.bytes.to_vec() };
        changes.add_edits(&path, vec![edit])
    }

    fn leave_symbols(
        &mut self,
        relocation: &Relocation<'_>,
        id: ModuleId,
        symbols: &[&MovedSymbol],
        until: Option<&str>,
    ) -> Result<(), TreeError> {
        let workspace = relocation.workspace();
        let path = &workspace.modules().get(id).path;
        let source = workspace.file(id).parse();
        let departed: Vec<Departed<'_>> = symbols
            .iter()
            .filter_map(|symbol| {
                let module = symbol.to.name.as_deref()?;
                Some(Departed { old: &symbol.old, module, new: &symbol.new })
            })
            .collect();
        let shim = SymbolShim { symbols: &departed, until };
        let definitions = workspace.file(id).definitions();
        let (module, name) = SymbolShim::NEEDS;
        let needs_import = !definitions.has_getattr && !definitions.names.contains_key(name);
        let text = if definitions.has_getattr { shim.reexports() } else { shim.text() };
        let end = source.bytes().len();
        let open = if source.bytes().ends_with(b"\n") || end == 0 { "" } else { "\n" };
        let text = format!("{open}{text}").replace('\n', source.line_ending());
        let lines: Vec<String> =
            needs_import.then(|| format!("from {module} import {name}")).into_iter().collect();
        let changes = self.changes.entry(Class::Imports).or_default();
        for edit in added_imports(&source, &lines).into_iter().chain([Edit::insert(end, text)]) {
            changes.add_edits(path, vec![edit])?;
        }
        Ok(())
    }
}

/// Where the shim of a moved module or package stands.
pub(crate) fn shim_path(relocation: &Relocation<'_>, root: &Root) -> Option<RelPath> {
    let workspace = relocation.workspace();
    match workspace.folder_of(&root.place) {
        Some(folder) => folder.join("__init__.py").ok(),
        None => RelPath::new(&format!("{}.py", workspace.path_of(&root.place))).ok(),
    }
}
