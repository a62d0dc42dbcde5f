"""The order book: its rules, others' scenarios, other engines beside it, its journal."""
