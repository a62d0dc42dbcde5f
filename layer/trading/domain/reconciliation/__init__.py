"""Compares everything that is stored about a customer and about a day. Every difference is a break."""
