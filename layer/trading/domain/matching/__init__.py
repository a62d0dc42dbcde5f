"""Matching: the order books and pools of every model, and the reports on what happens in them."""
