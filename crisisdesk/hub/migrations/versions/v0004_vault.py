"""The vault: sealed addresses that the hub keeps and cannot open."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From log, duty and published tables."""
    for part in (TABLE, PUT, GRANTS):
        op.execute(part)


# Reports read nothing here, not even sealed: a name and a time can tell something too.
TABLE = """
CREATE TABLE cd.box (
    name text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 200),
    version bigint NOT NULL CHECK (version > 0),
    sealed bytea NOT NULL CHECK (length(sealed) <= 65536),
    role name NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE cd.box ENABLE ROW LEVEL SECURITY;
ALTER TABLE cd.box FORCE ROW LEVEL SECURITY;
CREATE POLICY look ON cd.box FOR SELECT USING (true);
CREATE POLICY add ON cd.box FOR INSERT TO crisisdesk_owner WITH CHECK (true);
CREATE POLICY change ON cd.box FOR UPDATE TO crisisdesk_owner USING (true)
"""

# Only a newer version takes the place of an older one; the same again is as if never sent.
PUT = """
CREATE FUNCTION cd.put_box(n text, v bigint, s bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    PERFORM cd.admit();
    INSERT INTO cd.box AS b (name, version, sealed, role) VALUES (n, v, s, session_user)
        ON CONFLICT (name) DO UPDATE SET version = excluded.version, sealed = excluded.sealed,
            role = excluded.role, at = clock_timestamp()
        WHERE excluded.version > b.version;
    RETURN FOUND;
END $$
"""

GRANTS = """
GRANT SELECT ON cd.box TO crisisdesk_station;
GRANT EXECUTE ON FUNCTION cd.put_box(text, bigint, bytea) TO crisisdesk_station
"""
