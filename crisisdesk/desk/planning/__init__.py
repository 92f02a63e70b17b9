"""The Planning room: who is on call, and what is published about it."""
