"""Reconciliation: compares the records of a customer and of a day. A difference is a break (`breaks`).

Each of `balances`, `bookings`, `orders` and `positions` makes one comparison. `movements` reads what a ledger holds.
`books` makes all comparisons of one customer.
"""
