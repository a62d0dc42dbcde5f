"""Messages: what stages tell each other, how it is packed, and the bounds of every field."""
