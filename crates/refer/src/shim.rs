//! Shims: what stands at an old place so that its name stays importable.
