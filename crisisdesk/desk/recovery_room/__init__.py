"""Room 5: procedures, and the runs of them as a guided path."""
