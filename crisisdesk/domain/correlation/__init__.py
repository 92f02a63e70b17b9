"""Alerts that belong together: rules, windows, and the candidate incidents that come of them."""
