//! Cython sources, which are looked at but not rewritten.
