"""TradesStore and the archive bucket.

- `keys`: every key. `items`: items as values of the domain, and back. `dynamodb`: calls and transactions.
- `customer_items`: every write of a customer's item. `accounts`: a new customer. `positions`, `ledger`, `closings`.
- `order_state`, `order_view`, `routing`: an order's item. `updates`: what bookings changed.
- `reference_quotes`, `quotes`, `days`, `tape`: a ticker's items. `listings`: a new ticker.
- `archive`: trades in S3. `credentials`: who may call the API. `sign_ins`: one-time codes that bring one.
"""
