"""Typed settings, places of files, secrets and logging."""
