"""Signals in: each module turns one outside format into signals."""
