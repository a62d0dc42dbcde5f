"""Messages: what stages send each other, in what form, and the bounds of every field."""
