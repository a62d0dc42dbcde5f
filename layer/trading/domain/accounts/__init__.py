"""Accounts: a customer's money and shares.

- `ledger`: the postings that move them. `positions`: cost and profit. `limits`: what a customer may do at most.
- `settlement`: the value date of a trade, by the days in `closed_days`. `statements`: a customer's day.
"""
