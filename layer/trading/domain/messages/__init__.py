"""Messages: `commands` of the Orders topic, `events` of the Trades topic, `market` of the Market topic.

`wire` packs and reads them. `bounds` has the limits of every field.
"""
