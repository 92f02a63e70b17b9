"""Duty: one lease with a fencing token, and the ledger of claims before sends."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From the log alone."""
    for part in (TABLES, RENEW, DEPOSE, RELEASE, CLAIM, SETTLE, REMEMBER, GRANTS):
        op.execute(part)


TABLES = """
CREATE TABLE cd.duty (
    name text PRIMARY KEY,
    holder text COLLATE "C" NOT NULL,
    token bigint NOT NULL,
    expires timestamptz NOT NULL
);
CREATE TABLE cd.delivery (
    key text COLLATE "C" PRIMARY KEY,
    token bigint NOT NULL,
    holder text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('claimed', 'sent', 'failed', 'unknown')),
    attempt integer NOT NULL CHECK (attempt > 0),
    deadline timestamptz NOT NULL,
    provider_id text NOT NULL DEFAULT ''
);
ALTER TABLE cd.duty ENABLE ROW LEVEL SECURITY;
ALTER TABLE cd.duty FORCE ROW LEVEL SECURITY;
ALTER TABLE cd.delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE cd.delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY look ON cd.duty FOR SELECT USING (true);
CREATE POLICY look ON cd.delivery FOR SELECT USING (true);
CREATE POLICY add ON cd.duty FOR INSERT TO crisisdesk_owner WITH CHECK (true);
CREATE POLICY add ON cd.delivery FOR INSERT TO crisisdesk_owner WITH CHECK (true);
CREATE POLICY change ON cd.duty FOR UPDATE TO crisisdesk_owner USING (true);
CREATE POLICY change ON cd.delivery FOR UPDATE TO crisisdesk_owner USING (true)
"""

# A token grows with every change of holder and every lapse. One below the highest that any asker's
# log tells of was given out before the hub was restored: it is never in force, whoever holds it.
RENEW = """
CREATE FUNCTION cd.renew(me text, ttl_ms bigint, used bigint)
RETURNS TABLE (holder text, token bigint, left_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
#variable_conflict use_column
DECLARE
    d record;
    moment timestamptz;
BEGIN
    PERFORM cd.admit_as(me);
    INSERT INTO cd.duty (name, holder, token, expires)
        VALUES ('duty', me, greatest(used, 0), 'epoch') ON CONFLICT DO NOTHING;
    SELECT * INTO d FROM cd.duty WHERE name = 'duty' FOR UPDATE;
    moment := clock_timestamp();
    IF d.token < used THEN
        d.token := used + 1;
    ELSIF d.expires < moment THEN
        d.token := d.token + 1;
    END IF;
    IF d.expires < moment OR d.holder = me THEN
        d.holder := me;
        d.expires := moment + ttl_ms * interval '1 millisecond';
    END IF;
    UPDATE cd.duty SET holder = d.holder, token = d.token, expires = d.expires WHERE name = 'duty';
    RETURN QUERY SELECT d.holder, d.token,
        (extract(epoch FROM d.expires - moment) * 1000)::bigint;
END $$
"""

# Of many who see the same token hang, only the first finds it still there.
DEPOSE = """
CREATE FUNCTION cd.depose(me text, seen bigint, ttl_ms bigint)
RETURNS TABLE (holder text, token bigint, left_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
#variable_conflict use_column
DECLARE
    d record;
    moment timestamptz;
BEGIN
    PERFORM cd.admit_as(me);
    SELECT * INTO d FROM cd.duty WHERE name = 'duty' FOR UPDATE;
    moment := clock_timestamp();
    IF d.token = seen AND d.holder <> me THEN
        d.holder := me;
        d.token := seen + 1;
        d.expires := moment + ttl_ms * interval '1 millisecond';
        UPDATE cd.duty SET holder = d.holder, token = d.token, expires = d.expires
            WHERE name = 'duty';
    END IF;
    RETURN QUERY SELECT d.holder, d.token,
        greatest(0, extract(epoch FROM d.expires - moment) * 1000)::bigint WHERE d.name IS NOT NULL;
END $$
"""

RELEASE = """
CREATE FUNCTION cd.release(me text, mine bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    PERFORM cd.admit_as(me);
    UPDATE cd.duty SET expires = 'epoch'
        WHERE name = 'duty' AND holder = me AND token = mine;
    IF FOUND THEN
        PERFORM pg_notify('crisisdesk', me);
    END IF;
END $$
"""

# FOR SHARE keeps the lease as it is until the claim is committed: no one takes over in between.
# Granted: what no one has claimed, what failed for certain, what is one's own, and what is past its
# deadline. One's own claim again under the same token is the same attempt: its answer was lost.
CLAIM = """
CREATE FUNCTION cd.claim(me text, mine bigint, wanted text[], claim_ms bigint)
RETURNS TABLE (key text, attempt integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz;
BEGIN
    PERFORM cd.admit_as(me);
    PERFORM FROM cd.duty WHERE name = 'duty' FOR SHARE;
    moment := clock_timestamp();
    IF NOT EXISTS (SELECT FROM cd.duty WHERE name = 'duty' AND holder = me AND token = mine
                   AND expires > moment) THEN
        RETURN;
    END IF;
    RETURN QUERY
        INSERT INTO cd.delivery AS d (key, token, holder, state, attempt, deadline)
        SELECT w.k, mine, me, 'claimed', 1, moment + claim_ms * interval '1 millisecond'
            FROM (SELECT DISTINCT unnest(wanted) AS k) w ORDER BY w.k
        ON CONFLICT (key) DO UPDATE SET
            token = excluded.token, holder = excluded.holder, state = 'claimed',
            deadline = excluded.deadline, provider_id = '',
            attempt = d.attempt + (NOT (d.state = 'claimed' AND d.holder = me AND d.token = mine
                                        AND d.deadline > moment))::integer
        WHERE d.state <> 'sent' AND (d.deadline <= moment OR d.state = 'failed' OR d.holder = me)
        RETURNING d.key, d.attempt;
END $$
"""

# A hub that was restored may not know the delivery any more: then its outcome is written anew.
SETTLE = """
CREATE FUNCTION cd.settle(k text, mine bigint, outcome text, provider text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
DECLARE
    d record;
BEGIN
    PERFORM cd.admit();
    INSERT INTO cd.delivery (key, token, holder, state, attempt, deadline, provider_id)
        VALUES (k, mine,
                coalesce((SELECT origin FROM cd.station WHERE role = session_user), ''),
                outcome, 1, clock_timestamp(), provider)
        ON CONFLICT DO NOTHING;
    SELECT * INTO d FROM cd.delivery WHERE key = k FOR UPDATE;
    IF d.token > mine THEN
        RETURN false;
    END IF;
    UPDATE cd.delivery SET state = outcome, provider_id = provider, token = mine
        WHERE key = k AND state <> 'sent';
    RETURN true;
END $$
"""

REMEMBER = """
CREATE FUNCTION cd.rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE state WHEN 'claimed' THEN 0 WHEN 'unknown' THEN 1 WHEN 'failed' THEN 2 ELSE 3 END
$$;
CREATE FUNCTION cd.remember(keys text[], tokens bigint[], holders text[], states text[],
                            attempts integer[], deadlines bigint[], providers text[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    PERFORM cd.admit();
    INSERT INTO cd.delivery AS d (key, token, holder, state, attempt, deadline, provider_id)
        SELECT r.key, r.token, r.holder, r.state, r.attempt, to_timestamp(r.deadline / 1000.0),
               r.provider
        FROM unnest(keys, tokens, holders, states, attempts, deadlines, providers)
            AS r(key, token, holder, state, attempt, deadline, provider)
        ORDER BY r.key
        ON CONFLICT (key) DO UPDATE SET
            token = excluded.token, holder = excluded.holder, state = excluded.state,
            attempt = excluded.attempt, deadline = excluded.deadline,
            provider_id = excluded.provider_id
        WHERE d.state <> 'sent' AND (excluded.state = 'sent'
            OR (excluded.attempt, excluded.token, cd.rank(excluded.state))
               > (d.attempt, d.token, cd.rank(d.state)));
END $$
"""

GRANTS = """
GRANT SELECT ON cd.duty, cd.delivery TO crisisdesk_station, crisisdesk_reader;
GRANT EXECUTE ON FUNCTION
    cd.renew(text, bigint, bigint), cd.depose(text, bigint, bigint), cd.release(text, bigint),
    cd.claim(text, bigint, text[], bigint), cd.settle(text, bigint, text, text),
    cd.remember(text[], bigint[], text[], text[], integer[], bigint[], text[])
    TO crisisdesk_station
"""
