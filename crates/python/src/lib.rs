//! One Python file as a lossless tree: its imports, definitions, shapes,
//! scopes and strings, each with exact byte ranges.
//!
//! This is the only crate that knows tree-sitter, and it knows one file at a
//! time: what a module name means, whether it exists and who may import it is
//! the `workspace` crate's to say. Every offset counts bytes of the file as it
//! was handed in, whatever its encoding or line ends.
//!
//! Two roads lead to the imports and the definitions of a file. [`scan_imports`]
//! and [`scan_definitions`] read the bytes once, without a tree, and are what
//! whole repositories are read with; [`SourceFile`] grows a tree on the first
//! question that needs one. The tests hold the two, and CPython's own parser,
//! against each other.

#[cfg(test)]
mod corpus;
mod declared;
mod definitions;
mod encoding;
mod essence;
mod exports;
mod import;
mod kind;
mod lines;
mod members;
mod outline;
mod problem;
mod residue;
mod scan;
mod scope;
mod shape;
mod signature;
mod source;
mod strings;
mod tree;
mod usage;

pub use declared::{Body, Declaration, Declarations};
pub use definitions::{Definition, DefinitionKind, Definitions};
pub use import::{
    DottedName, FromImport, FromNames, ImportContext, ImportKind, ImportStmt, ImportedName, Name,
};
pub use kind::Kind;
pub use problem::Problem;
pub use residue::differ_in_imports_only;
pub use scan::{Literal, mentions, scan_definitions, scan_imports};
pub use scope::{Binding, BindingKind, CallShape, Reference, Role, Scopes};
pub use shape::{ClassShape, Parameter, ParameterKind, Signature};
pub use signature::{
    Annotation, Argument, Block, BlockKind, Call, Member, MemberKind, Mention, Method, MethodBinding,
    Receiving, Slot, Surface, Unit,
};
pub use source::SourceFile;
pub use strings::StringLiteral;
pub use usage::{Access, Gift, MemberUse, NameUse, Passed, Then, Usage, UseKind, Verb};
