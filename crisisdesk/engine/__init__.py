"""What runs: one function per command, the workers, and the ports they need."""
