"""The hub: the Postgres that stations share; it keeps what they push and computes nothing."""
