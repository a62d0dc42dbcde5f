"""Matching: how orders trade in each pool type and model.

- `lit` and `dark`: the pools. They stand on `book` with `book_state` and `self_trade`, on `dark_book` and `crossing`,
  and on `price_levels` and `working_order`. `market_makers`: who always quotes in the lit pools.
- `simulated`: the model without an order book. `models`: which model a pool type has.
- `sessions`: a pool keeps its opening hours. `auction`: the price at which it opens and closes.
- `pegs`: pegged orders, which follow the quote. `reference`, `watch`: the reference quote, and who watches what is
  displayed, in a lit pool's state.
- `early_ends`: orders that end when they arrive, because a cancel or a close overtook them.
- `pool`: what all pools have in common. `event_codec`: events as the journal keeps them.
- `fees`: what a trade costs. `execution_reports`: what customers are told of what happened. `prints`: what the tape is
  told.
"""
