//! The integration tests live in `integration.rs`; this library is empty.
