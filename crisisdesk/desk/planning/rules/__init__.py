"""The page of rules: what is published besides who is paged, to be read."""
