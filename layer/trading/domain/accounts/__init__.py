"""Accounts: a customer's money and shares, the ledger of what moved them, and when trades settle."""
