"""TradesStore and the archive: keys, items, and the writes that stages share."""
