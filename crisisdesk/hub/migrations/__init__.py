"""How the hub's schema came to be, step by step (Alembic)."""
