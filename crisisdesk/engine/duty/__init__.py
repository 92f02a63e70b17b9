"""Duty: which one station pages now, and the ledger that keeps two from paging for one thing."""
