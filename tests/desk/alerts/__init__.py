"""Tests of the Alerts room."""
