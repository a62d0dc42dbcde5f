"""A matching engine around its journal.

- `matching_stage`: what both engines' functions run. `engine` decides and commits.
- `journal` keeps the commits, `entry_content` compresses them.
- `snapshots` and `ticker_state`: where a cold engine starts.
"""
