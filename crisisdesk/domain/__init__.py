"""What is true: frozen dataclasses and functions of (data, now); standard library only."""
