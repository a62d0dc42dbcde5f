"""Messages.

- Of the Orders topic: `command_messages`. They have `commands`, which `command_codec` writes and reads.
- Of the Trades topic: `events`, `updates` and `account_updates`. Of the Market topic: `market`. Of the Quotes topic:
  `quotes`.
- `wire` packs and reads them. `bounds` has the limits of every field.
"""
