"""Escalation: who is paged for an alert, in which order, and when the next one is."""
