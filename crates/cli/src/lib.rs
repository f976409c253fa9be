//! The command line of Repot.
