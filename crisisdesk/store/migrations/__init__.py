"""The steps from one form of the station's file to the next, run by Alembic without an ini file."""
