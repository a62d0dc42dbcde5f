"""Trading rules. Standard library only: no clock, no randomness, no I/O; times, ids and seeds are arguments.

- `orders`: the order, its reservation. `order_status`: its states. `executions`: what a commit of an engine did to
  orders and accounts.
- `money`: amounts, prices and rounding. `times` and `ids`: dates, identifiers.
- `market`: the market document. `routing`: which pool an order goes to.
- `hours`: when a pool type trades. `session_rules`: which orders it takes when. `tape`: what a market shows.
- `quotes`: a ticker's quotes, and which of the market's count. `statistics`: a ticker's day. `bars`: minutes, hours and
  days of trading.
- `credentials`: the API's. `errors`: every error and its code.
- Rooms: `matching` (order books), `accounts` (money and shares), `messages` (commands and events).
"""
