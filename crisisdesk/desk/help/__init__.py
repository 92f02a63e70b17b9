"""The help pages shown inside the window."""
