"""The page of escalation policies: what counts, a draft of what shall, and it played ahead."""
