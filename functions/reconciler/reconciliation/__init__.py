"""The reconciliation of a day: `rules` compare, the modules beside them read what is stored."""
