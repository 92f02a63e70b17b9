"""The station's measured values: a bounded ring in a file of its own, coarser with age."""

# Beside the station's own file.
FILE = "samples.sqlite3"
