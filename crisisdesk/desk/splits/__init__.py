"""What changed while a station was cut off: both sides beside each other, and what to decide."""
