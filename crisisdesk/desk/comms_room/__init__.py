"""The Comms room: what became of every page, and how each channel does."""
