//! References outside of Python, format by format.
