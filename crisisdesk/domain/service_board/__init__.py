"""The service board: how each service stands, of what is published, open, and looked at."""
