//! Trials of small trees.
