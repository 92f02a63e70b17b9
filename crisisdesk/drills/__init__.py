"""Practice: scenario files and the player that feeds them through the ordinary doors."""
