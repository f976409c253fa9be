//! Signals that end a trial, so that it leaves nothing behind.
//!
//! Outside of a trial they do what they always did: they end the process.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// Whether a trial shall end before it is done.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    raised: Arc<AtomicBool>,
    /// Whether no trial is running, in which case signals have their default
    /// effect.
    idle: Arc<AtomicBool>,
}

/// A trial is running, until this is dropped.
pub(crate) struct Listening<'a>(&'a AtomicBool);

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Interrupt {
    /// What Ctrl-C, SIGTERM and the end of the terminal raise while a trial is
    /// running; there is one for the whole process.
    ///
    /// # Errors
    ///
    /// That of the system, which takes no handler.
    pub fn of_process() -> io::Result<Self> {
        static ONLY: OnceLock<Interrupt> = OnceLock::new();
        if let Some(interrupt) = ONLY.get() {
            return Ok(interrupt.clone());
        }
        let interrupt = Self { raised: Arc::default(), idle: Arc::new(AtomicBool::new(true)) };
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_conditional_default(signal, Arc::clone(&interrupt.idle))?;
            flag::register(signal, Arc::clone(&interrupt.raised))?;
        }
        Ok(ONLY.get_or_init(|| interrupt).clone())
    }

    /// Ends the trial that is running, as a signal does.
    pub fn raise(&self) {
        self.raised.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// Takes signals for this trial from now on.
    pub(crate) fn listen(&self) -> Listening<'_> {
        self.idle.store(false, Ordering::SeqCst);
        Listening(&self.idle)
    }
}
