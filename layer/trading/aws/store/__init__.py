"""TradesStore and the archive bucket.

- `keys`: every key. `items`: orders, requests and bookings as values of the domain, and back; `packed`: what is
  compressed in them. `dynamodb`: calls, `transactions`: what is written at once.
- `directory`: the names of all tickers and customers.
- `customer_items`: every write of a customer's item. `accounts`: a new customer. `positions`, `ledger`, `closings`.
- `account_changes`: changes of an account that are not bookings, as they are told.
- `order_state`, `order_bookings`, `routing`: an order's item. `listings`: a new ticker.
- `reference_quotes`, `quotes`, `displayed_book`, `days`, `tape`: a ticker's items.
- `order_view`, `balances`: what is shown of orders, cash and positions. `updates`: what bookings changed.
- `archive`: trades in S3; `archived_bookings`: what is in its objects. `subscriptions`: who listens to live updates.
- `credentials`: who may call the API. `sign_ins`: one-time codes that bring one.
"""
