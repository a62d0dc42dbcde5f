"""Messages: `commands` of the Orders topic, `events` and `updates` of the Trades topic, `market` of the Market topic.

`wire` packs and reads them. `bounds` has the limits of every field.
"""
