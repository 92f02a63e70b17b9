"""Response plans: what is to be done, by whom and until when, for each type of crisis."""
