"""Notices on the desktop of the session: over its bus, else in the tray."""
