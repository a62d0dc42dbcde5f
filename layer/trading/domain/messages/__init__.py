"""Messages: `command_messages` of the Orders topic, which have `commands`; `events`, `updates` and `account_updates` of
the Trades topic; `market` of the Market topic. `quotes` are those of the Quotes topic.

`wire` packs and reads them. `bounds` has the limits of every field.
"""
