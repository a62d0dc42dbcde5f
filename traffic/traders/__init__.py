"""Traders who trade with one another and with the market makers, over the API."""
