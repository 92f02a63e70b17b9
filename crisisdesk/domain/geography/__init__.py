"""Where places are, and how those of an incident stand."""
