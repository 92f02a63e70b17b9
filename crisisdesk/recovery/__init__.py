"""Hands: what does the automatic steps of procedures, one module for each kind of step."""
