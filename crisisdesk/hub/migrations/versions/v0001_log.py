"""The log: every origin's events in one chain each, the stations, and their signed heads."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From an empty schema."""
    op.execute(TABLES)
    op.execute(WALL)
    for function in (ADMIT, PUSH, REPORT, SIGN_HEAD, EVICT):
        op.execute(function)
    op.execute(GRANTS)


# ``form`` holds the number of the oldest schema whose stations may still work with this one.
# ``owner`` says which login first announced an origin as its own, ``handed_over`` who pushed events
# of an origin that was not (yet) its own: relaying is wanted, and can be looked up.
TABLES = """
CREATE TABLE cd.form (one boolean PRIMARY KEY DEFAULT true CHECK (one), oldest integer NOT NULL);
INSERT INTO cd.form (oldest) VALUES (1);
CREATE TABLE cd.head (
    origin text COLLATE "C" PRIMARY KEY CHECK (origin ~ '^[0-9a-f]{32}$'),
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE cd.ev (
    origin text COLLATE "C" NOT NULL,
    seq bigint NOT NULL CHECK (seq > 0),
    hlc bigint NOT NULL,
    agg text COLLATE "C" NOT NULL,
    raw bytea NOT NULL,
    body bytea NOT NULL,
    salt bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (origin, seq)
);
CREATE TABLE cd.owner (
    origin text COLLATE "C" PRIMARY KEY CHECK (origin ~ '^[0-9a-f]{32}$'),
    role name NOT NULL
);
CREATE TABLE cd.handed_over (
    origin text COLLATE "C" NOT NULL,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    role name NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE cd.station (
    station_id text COLLATE "C" PRIMARY KEY,
    origin text COLLATE "C" NOT NULL,
    role name UNIQUE,
    name text NOT NULL,
    pubkey bytea,
    version text NOT NULL,
    vector jsonb NOT NULL,
    hlc bigint NOT NULL,
    fold_version integer NOT NULL,
    digest bytea NOT NULL,
    duty_rank integer,
    evicted_at timestamptz,
    seen_at timestamptz NOT NULL
);
CREATE TABLE cd.signed_head (
    origin text COLLATE "C" PRIMARY KEY,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    signature bytea NOT NULL,
    witnesses bytea NOT NULL,
    role name NOT NULL
)
"""

# The second wall, should a grant ever slip in: everyone may look, only the owner's functions write,
# and not even they change or delete an event.
WALL = """
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['form', 'head', 'ev', 'owner', 'handed_over', 'station', 'signed_head']
    LOOP
        EXECUTE format('ALTER TABLE cd.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE cd.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY look ON cd.%I FOR SELECT USING (true)', t);
        IF t <> 'form' THEN
            EXECUTE format('CREATE POLICY add ON cd.%I FOR INSERT TO crisisdesk_owner '
                           'WITH CHECK (true)', t);
        END IF;
        IF t IN ('head', 'station', 'signed_head') THEN
            EXECUTE format('CREATE POLICY change ON cd.%I FOR UPDATE TO crisisdesk_owner '
                           'USING (true)', t);
        END IF;
    END LOOP;
END $$
"""

ADMIT = """
CREATE FUNCTION cd.admit() RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM cd.station WHERE role = session_user AND evicted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'this station was evicted' USING errcode = 'CD002';
    END IF;
END $$;
CREATE FUNCTION cd.admit_as(o text) RETURNS void LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    PERFORM cd.admit();
    IF EXISTS (SELECT FROM cd.owner WHERE origin = o AND role <> session_user) THEN
        RAISE EXCEPTION 'that origin belongs to another login' USING errcode = 'CD002';
    END IF;
END $$
"""

# Taken: events that continue the chain. Held already: compared by their chain hash. The caller's
# hash of each event must be ours, else its earlier events differ from those held here. The first
# event whose envelope does not name this place, or whose body is not the one it was hashed with,
# ends the batch: what stands before it is taken.
PUSH = """
CREATE FUNCTION cd.push(o text, first bigint, raws bytea[], bodies bytea[], salts bytea[],
                        hashes bytea[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
DECLARE
    h record;
    given record;
    e record;
    s bigint := first;
    i integer;
    prev bytea := '\\x00';
    x bytea;
    n integer := cardinality(raws);
BEGIN
    PERFORM cd.admit();
    IF first < 1 OR n = 0 OR cardinality(bodies) <> n OR cardinality(salts) <> n
       OR cardinality(hashes) <> n THEN
        RAISE EXCEPTION 'a push needs as many bodies, salts and hashes as envelopes'
            USING errcode = '22023';
    END IF;
    IF first > 1 AND NOT EXISTS (SELECT FROM cd.head WHERE origin = o) THEN
        RETURN 0;
    END IF;
    INSERT INTO cd.head (origin, seq, hash) VALUES (o, 0, '\\x00') ON CONFLICT DO NOTHING;
    SELECT seq, hash INTO h FROM cd.head WHERE origin = o FOR UPDATE;
    IF first > h.seq + 1 THEN
        RETURN h.seq;
    END IF;
    IF first > 1 THEN
        SELECT hash INTO prev FROM cd.ev WHERE origin = o AND seq = first - 1;
    END IF;
    BEGIN
        FOR given IN SELECT * FROM unnest(raws, bodies, salts, hashes) AS u(raw, body, salt, hash)
        LOOP
            x := sha256('CD1'::bytea || prev || given.raw);
            IF x IS DISTINCT FROM given.hash THEN
                RAISE EXCEPTION 'FORK' USING errcode = 'CD001', detail = s::text;
            ELSIF s <= h.seq THEN
                IF (SELECT hash FROM cd.ev WHERE origin = o AND seq = s) IS DISTINCT FROM x THEN
                    RAISE EXCEPTION 'FORK' USING errcode = 'CD001', detail = s::text;
                END IF;
            ELSE
                SELECT * INTO e FROM json_to_record(convert_from(given.raw, 'UTF8')::json)
                    AS t(origin text, seq bigint, hlc bigint, agg text, body_hash text);
                IF e.origin IS DISTINCT FROM o OR e.seq IS DISTINCT FROM s OR e.hlc IS NULL
                   OR e.agg IS NULL
                   OR e.body_hash IS DISTINCT FROM encode(sha256(given.salt || given.body), 'hex')
                THEN
                    RAISE EXCEPTION 'MALFORMED' USING errcode = 'CD003';
                END IF;
                INSERT INTO cd.ev (origin, seq, hlc, agg, raw, body, salt, hash)
                    VALUES (o, s, e.hlc, e.agg, given.raw, given.body, given.salt, x);
            END IF;
            prev := x;
            s := s + 1;
        END LOOP;
    EXCEPTION WHEN data_exception OR SQLSTATE 'CD003' THEN
        IF s <= h.seq + 1 THEN
            RETURN h.seq;
        END IF;
        i := (s - first)::integer;
        RETURN cd.push(o, first, raws[1 : i], bodies[1 : i], salts[1 : i],
                       hashes[1 : i]);
    END;
    IF s - 1 > h.seq THEN
        UPDATE cd.head SET seq = s - 1, hash = prev, seen_at = clock_timestamp() WHERE origin = o;
        IF NOT EXISTS (SELECT FROM cd.owner WHERE origin = o AND role = session_user) THEN
            INSERT INTO cd.handed_over (origin, first_seq, last_seq, role)
                VALUES (o, h.seq + 1, s - 1, session_user);
        END IF;
    END IF;
    RETURN greatest(s - 1, h.seq);
END $$
"""

REPORT = """
CREATE FUNCTION cd.report(id text, o text, called text, program text, vec jsonb, reading bigint,
                          fold integer, dig bytea, rank integer)
RETURNS TABLE (station_id text, origin text, name text, version text, vector jsonb, hlc bigint,
               fold_version integer, digest bytea, duty_rank integer, seen_ms bigint,
               now_ms bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cd.admit();
    INSERT INTO cd.owner (origin, role) VALUES (o, session_user) ON CONFLICT DO NOTHING;
    PERFORM cd.admit_as(o);
    IF EXISTS (SELECT FROM cd.station s WHERE s.station_id = id AND s.role <> session_user) THEN
        RAISE EXCEPTION 'that station has another login' USING errcode = 'CD002';
    ELSIF EXISTS (SELECT FROM cd.station s WHERE s.role = session_user AND s.station_id <> id) THEN
        RAISE EXCEPTION 'that login belongs to another station' USING errcode = 'CD002';
    END IF;
    INSERT INTO cd.station AS s (station_id, origin, role, name, version, vector, hlc, fold_version,
                                 digest, duty_rank, seen_at)
        VALUES (id, o, session_user, called, program, vec, reading, fold, dig, rank,
                clock_timestamp())
        ON CONFLICT (station_id) DO UPDATE SET
            origin = excluded.origin, role = excluded.role, name = excluded.name,
            version = excluded.version, vector = excluded.vector, hlc = excluded.hlc,
            fold_version = excluded.fold_version, digest = excluded.digest,
            duty_rank = excluded.duty_rank, seen_at = excluded.seen_at;
    RETURN QUERY
        SELECT s.station_id, s.origin, s.name, s.version, s.vector, s.hlc, s.fold_version, s.digest,
               s.duty_rank, (extract(epoch FROM s.seen_at) * 1000)::bigint,
               (extract(epoch FROM clock_timestamp()) * 1000)::bigint
        FROM cd.station s WHERE s.evicted_at IS NULL ORDER BY s.station_id;
END $$
"""

# Anyone may hand on the head of an origin that no login has announced (its station is dead, the hub
# was restored); its owner's own word always stands against that.
SIGN_HEAD = """
CREATE FUNCTION cd.sign_head(o text, s bigint, x bytea, sig bytea, wit bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    PERFORM cd.admit_as(o);
    INSERT INTO cd.signed_head AS h (origin, seq, hash, signature, witnesses, role)
        VALUES (o, s, x, sig, wit, session_user)
        ON CONFLICT (origin) DO UPDATE SET
            seq = excluded.seq, hash = excluded.hash, signature = excluded.signature,
            witnesses = excluded.witnesses, role = excluded.role
        WHERE excluded.seq >= h.seq OR (h.role <> session_user AND EXISTS (
            SELECT FROM cd.owner WHERE origin = o AND role = session_user));
END $$
"""

# For administrators; not granted to stations.
EVICT = """
CREATE FUNCTION cd.evict(id text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    UPDATE cd.station SET evicted_at = clock_timestamp()
        WHERE station_id = id AND evicted_at IS NULL;
    RETURN FOUND;
END $$;
CREATE FUNCTION cd.free_login(id text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    UPDATE cd.station SET role = NULL WHERE station_id = id AND evicted_at IS NOT NULL;
    RETURN FOUND;
END $$
"""

GRANTS = """
GRANT USAGE ON SCHEMA cd TO crisisdesk_station, crisisdesk_reader;
GRANT SELECT ON cd.alembic_version, cd.form, cd.head, cd.ev, cd.owner, cd.handed_over, cd.station,
    cd.signed_head TO crisisdesk_station, crisisdesk_reader;
GRANT EXECUTE ON FUNCTION
    cd.push(text, bigint, bytea[], bytea[], bytea[], bytea[]),
    cd.report(text, text, text, text, jsonb, bigint, integer, bytea, integer),
    cd.sign_head(text, bigint, bytea, bytea, bytea)
    TO crisisdesk_station
"""
