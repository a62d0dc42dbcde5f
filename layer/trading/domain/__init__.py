"""Trading knowledge. Standard library only: no clock, no randomness, no I/O; they come in as arguments."""
