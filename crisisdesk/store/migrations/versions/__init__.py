"""One module a step; its revision is its number in four digits."""
