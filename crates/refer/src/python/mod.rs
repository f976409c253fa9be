//! References in Python source.
