"""The reconciliation of a day.

- `comparison` compares all stores by the `rules`, which know nothing of how records are read.
- `customer_reader`, `journal_reports`, `ledger_records` and `archived_day` read them. `reports` stores what was found.
"""
