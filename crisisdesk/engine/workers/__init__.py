"""The workers: what the engine does by itself, each a loop that acts on due rows."""
