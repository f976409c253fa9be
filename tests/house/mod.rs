//! The house rules as tests: what the architecture and the style say, checked
//! on the source tree.
//!
//! Every rule is a pure function from text to complaints, which is tested on
//! small inputs, and one test that runs it over the tree. A complaint names
//! the file and says what to do.

mod codemods;
mod dependencies;
mod documents;
mod metrics;
mod reference;
mod seams;
mod sizes;
mod source;
mod tree;
mod words;

/// Fails with all complaints, one on a line.
fn assert_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}
