"""Background work: timers, the ledger's sequencer, upkeep. Called jobs; here a task is an official's work."""
