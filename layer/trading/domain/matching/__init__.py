"""Matching: the books and pools of every model, and what is told of what happens in them."""
