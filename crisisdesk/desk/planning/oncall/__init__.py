"""The page of who is on call: schedules, their calendar, overrides and gaps."""
