"""Who is at a desk: the last word of each station, and nothing of what was before."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From alert rules among the published tables."""
    for part in (TABLE, MEET, GRANTS):
        op.execute(part)


# Not worth a place in the server's log: what a crash takes is told anew within seconds. Nobody
# reads it but through the function.
TABLE = """
CREATE UNLOGGED TABLE cd.presence (
    station_id text COLLATE "C" PRIMARY KEY,
    desks jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE cd.presence ENABLE ROW LEVEL SECURITY;
ALTER TABLE cd.presence FORCE ROW LEVEL SECURITY;
CREATE POLICY look ON cd.presence FOR SELECT USING (true);
CREATE POLICY add ON cd.presence FOR INSERT TO crisisdesk_owner WITH CHECK (true);
CREATE POLICY change ON cd.presence FOR UPDATE TO crisisdesk_owner USING (true)
"""

# A login speaks for its own station alone. One that has not reported yet only hears.
MEET = """
CREATE FUNCTION cd.meet(told jsonb) RETURNS TABLE (name text, desks jsonb, age_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
#variable_conflict use_column
DECLARE
    mine text;
BEGIN
    PERFORM cd.admit();
    IF jsonb_typeof(told) <> 'array' OR length(told::text) > 8192 THEN
        RAISE EXCEPTION 'that is no list of desks' USING errcode = '22023';
    END IF;
    SELECT s.station_id INTO mine FROM cd.station s
        WHERE s.role = session_user AND s.evicted_at IS NULL;
    IF mine IS NOT NULL THEN
        INSERT INTO cd.presence AS p (station_id, desks) VALUES (mine, told)
            ON CONFLICT (station_id) DO UPDATE
                SET desks = excluded.desks, at = clock_timestamp();
    END IF;
    RETURN QUERY
        SELECT s.name, p.desks,
               greatest(0, extract(epoch FROM clock_timestamp() - p.at) * 1000)::bigint
        FROM cd.presence p JOIN cd.station s ON s.station_id = p.station_id
        WHERE s.evicted_at IS NULL AND p.station_id IS DISTINCT FROM mine
            AND p.at > clock_timestamp() - interval '12 hours'
        ORDER BY p.at DESC LIMIT 100;
END $$
"""

GRANTS = """
GRANT EXECUTE ON FUNCTION cd.meet(jsonb) TO crisisdesk_station
"""
