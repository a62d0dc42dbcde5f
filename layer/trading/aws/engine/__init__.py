"""An engine: its journal, its snapshots, and the stage around it."""
