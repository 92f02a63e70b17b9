"""Words out: channels and message rendering."""
