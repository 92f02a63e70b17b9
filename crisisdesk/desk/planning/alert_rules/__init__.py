"""The page of alert rules: a list, an editor of drafts, and a test bench beside it."""
