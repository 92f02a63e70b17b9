"""What this station looks at by itself: one module for each type of source, behind `Prober`."""
