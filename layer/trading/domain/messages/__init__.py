"""Messages: `commands` of the Orders topic, `events` of the Trades topic.

`wire` packs and reads them. `bounds` has the limits of every field.
"""
