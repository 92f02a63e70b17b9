"""The published tables: those of a Django application named ``crisis``, for others to read."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From log and duty."""
    for part in (PLACE, TABLES, RECORD, NUMBERS, APPLY, LINKS, PUBLISH, GRANTS):
        op.execute(part)


# Public is where an application looks without being told. Whoever owns the database may let the
# owner of this schema put tables there; a table of that name is someone else's and stays untouched.
PLACE = """
DO $$
DECLARE taken text;
BEGIN
    SELECT string_agg(tablename, ', ' ORDER BY tablename) INTO taken FROM pg_tables
        WHERE schemaname = 'public' AND tablename LIKE 'crisis\\_%';
    IF taken IS NOT NULL THEN
        RAISE EXCEPTION 'this database has tables of its own that are named like those the hub '
            'publishes (%); give the hub a database of its own', taken USING errcode = '42P07';
    END IF;
END $$;
SET LOCAL ROLE NONE;
GRANT USAGE, CREATE ON SCHEMA public TO crisisdesk_owner;
SET LOCAL ROLE crisisdesk_owner
"""

# No foreign key is enforced: rows arrive in the order of the log, and a reference may stand for a
# moment before what it names. Reading by a join needs none.
TABLES = """
CREATE TABLE public.crisis_person (
    id integer PRIMARY KEY,
    username varchar(150) NOT NULL
);
CREATE TABLE public.crisis_crisisalert (
    id integer PRIMARY KEY,
    alert_id varchar(50) NOT NULL UNIQUE,
    alert_type varchar(100) NOT NULL,
    severity varchar(20) NOT NULL,
    title varchar(200) NOT NULL,
    description text NOT NULL,
    source_system varchar(100) NOT NULL,
    detection_method varchar(100) NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'active',
    detected_at timestamptz NOT NULL,
    acknowledged_at timestamptz,
    resolved_at timestamptz,
    sla_deadline timestamptz NOT NULL,
    affected_systems jsonb NOT NULL DEFAULT '[]',
    impact_scope jsonb NOT NULL DEFAULT '{}',
    technical_details jsonb NOT NULL DEFAULT '{}'
);
CREATE TABLE public.crisis_crisisalert_related_alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_crisisalert_id integer NOT NULL,
    to_crisisalert_id integer NOT NULL,
    UNIQUE (from_crisisalert_id, to_crisisalert_id)
);
CREATE TABLE public.crisis_incident (
    id integer PRIMARY KEY,
    incident_id varchar(50) NOT NULL UNIQUE,
    title varchar(200) NOT NULL,
    description text NOT NULL,
    severity varchar(20) NOT NULL,
    category varchar(100) NOT NULL,
    priority varchar(20) NOT NULL,
    impact varchar(100) NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'open',
    incident_commander_id integer NOT NULL,
    communication_lead_id integer,
    created_at timestamptz NOT NULL,
    first_response_at timestamptz,
    resolved_at timestamptz,
    closed_at timestamptz,
    user_impact_count integer NOT NULL DEFAULT 0,
    business_impact text NOT NULL DEFAULT '',
    financial_impact numeric(10, 2),
    root_cause text NOT NULL DEFAULT '',
    resolution_summary text NOT NULL DEFAULT '',
    lessons_learned text NOT NULL DEFAULT ''
);
CREATE TABLE public.crisis_incident_alerts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id integer NOT NULL,
    crisisalert_id integer NOT NULL,
    UNIQUE (incident_id, crisisalert_id)
);
CREATE TABLE public.crisis_incident_response_team (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id integer NOT NULL,
    user_id integer NOT NULL,
    UNIQUE (incident_id, user_id)
);
CREATE TABLE public.crisis_incidentupdate (
    id integer PRIMARY KEY,
    incident_id integer NOT NULL,
    update_type varchar(50) NOT NULL,
    title varchar(200) NOT NULL,
    description text NOT NULL,
    created_by_id integer NOT NULL,
    created_at timestamptz NOT NULL,
    is_public boolean NOT NULL DEFAULT false
);
CREATE TABLE public.crisis_crisisnotification (
    id integer PRIMARY KEY,
    notification_id varchar(50) NOT NULL UNIQUE,
    incident_id integer,
    alert_id integer,
    notification_type varchar(100) NOT NULL,
    channel varchar(50) NOT NULL,
    recipient_type varchar(50) NOT NULL,
    recipients jsonb NOT NULL DEFAULT '[]',
    title varchar(200) NOT NULL,
    content text NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    delivery_confirmed boolean NOT NULL DEFAULT false
);
CREATE TABLE public.crisis_alertrule (
    id integer PRIMARY KEY,
    name varchar(200) NOT NULL,
    description text NOT NULL,
    rule_type varchar(100) NOT NULL,
    metric_source varchar(100) NOT NULL,
    conditions jsonb NOT NULL,
    severity varchar(20) NOT NULL,
    alert_type varchar(100) NOT NULL,
    notification_channels jsonb NOT NULL DEFAULT '[]',
    escalation_policy jsonb NOT NULL DEFAULT '{}',
    is_active boolean NOT NULL DEFAULT true,
    created_by_id integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE TABLE public.crisis_recoveryprocedure (
    id integer PRIMARY KEY,
    name varchar(200) NOT NULL,
    description text NOT NULL,
    incident_type varchar(100) NOT NULL,
    severity_level varchar(20) NOT NULL,
    steps jsonb NOT NULL,
    prerequisites jsonb NOT NULL DEFAULT '[]',
    estimated_time interval NOT NULL,
    is_automated boolean NOT NULL DEFAULT false,
    automation_script text NOT NULL DEFAULT '',
    requires_approval boolean NOT NULL DEFAULT true,
    success_criteria jsonb NOT NULL DEFAULT '[]',
    rollback_procedure text NOT NULL DEFAULT '',
    created_by_id integer NOT NULL,
    last_updated timestamptz NOT NULL
);
INSERT INTO public.crisis_person VALUES (0, '');
CREATE INDEX idx_crisis_alert_severity ON public.crisis_crisisalert (severity, status);
CREATE INDEX idx_crisis_alert_detected ON public.crisis_crisisalert (detected_at);
CREATE INDEX idx_incident_status ON public.crisis_incident (status);
CREATE INDEX idx_incident_severity ON public.crisis_incident (severity);
CREATE INDEX idx_notification_status ON public.crisis_crisisnotification (status);
CREATE INDEX ON public.crisis_crisisnotification (incident_id);
CREATE INDEX ON public.crisis_crisisnotification (alert_id);
CREATE INDEX ON public.crisis_incidentupdate (incident_id);
CREATE INDEX ON public.crisis_incident_alerts (crisisalert_id);
CREATE INDEX ON public.crisis_crisisalert_related_alerts (to_crisisalert_id)
"""

# How far the tables are (``published_vec``), which form of program made them, of which event each
# row tells last, and which number everything has that a row or a reference stands for.
RECORD = """
CREATE TABLE cd.published (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    made_by integer NOT NULL DEFAULT 0,
    at timestamptz
);
INSERT INTO cd.published DEFAULT VALUES;
CREATE TABLE cd.published_vec (origin text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL);
CREATE TABLE cd.published_row (
    agg text COLLATE "C" PRIMARY KEY,
    hlc bigint NOT NULL,
    origin text COLLATE "C" NOT NULL,
    seq bigint NOT NULL
);
CREATE TABLE cd.number (
    name text COLLATE "C" PRIMARY KEY,
    number integer NOT NULL UNIQUE CHECK (number > 0)
);
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['published', 'published_vec', 'published_row', 'number'] LOOP
        EXECUTE format('ALTER TABLE cd.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE cd.%I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY look ON cd.%I FOR SELECT USING (true)', t);
        EXECUTE format('CREATE POLICY add ON cd.%I FOR INSERT TO crisisdesk_owner '
                       'WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY change ON cd.%I FOR UPDATE TO crisisdesk_owner '
                       'USING (true)', t);
    END LOOP;
END $$
"""

# A name keeps the number it was given. It is the one that is wished for, made from the name, so
# that a hub set up anew gives nearly all the same ones; where that is taken, the next free one.
NUMBERS = """
CREATE FUNCTION cd.numbers(names text[], wishes integer[])
RETURNS TABLE (name text, number integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
#variable_conflict use_column
DECLARE
    w record;
    n integer;
BEGIN
    PERFORM cd.admit();
    FOR w IN SELECT u.name, u.wish FROM unnest(names, wishes) AS u(name, wish)
             WHERE NOT EXISTS (SELECT FROM cd.number k WHERE k.name = u.name) ORDER BY 1 LOOP
        n := w.wish;
        LOOP
            INSERT INTO cd.number (name, number) VALUES (w.name, n) ON CONFLICT DO NOTHING;
            EXIT WHEN FOUND OR EXISTS (SELECT FROM cd.number k WHERE k.name = w.name);
            n := CASE WHEN n = 2147483647 THEN 1 ELSE n + 1 END;
        END LOOP;
    END LOOP;
    RETURN QUERY SELECT k.name, k.number FROM cd.number k WHERE k.name = ANY (names);
END $$
"""

# Writes the rows of one table. The columns are the table's own, so that no list of them stands
# twice.
APPLY = """
CREATE FUNCTION cd.apply_rows(t text, rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
DECLARE
    names text;
    news text;
    own text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg(format('%1$I = excluded.%1$I', attname), ', ' ORDER BY attnum)
               FILTER (WHERE attname <> 'id'),
           min(attname::text) FILTER (
               WHERE attname IN ('alert_id', 'incident_id', 'notification_id')
               AND atttypid = 'varchar'::regtype)
        INTO names, news, own FROM pg_attribute
        WHERE attrelid = format('public.%I', t)::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE format(
        'INSERT INTO public.%1$I AS p (%2$s) SELECT %2$s FROM '
        'jsonb_populate_recordset(NULL::public.%1$I, $1) ORDER BY id '
        'ON CONFLICT (id) DO UPDATE SET %3$s %4$s', t, names, news,
        CASE WHEN own IS NULL THEN '' ELSE format('WHERE p.%1$I = excluded.%1$I', own) END)
        USING rows;
END $$
"""

# Makes the pairs of (one row, its many others) what the rows say.
LINKS = """
CREATE FUNCTION cd.apply_links(t text, one text, other text, field text, rows jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
BEGIN
    EXECUTE format(
        'DELETE FROM public.%1$I l USING jsonb_array_elements($1) r '
        'WHERE l.%2$I = (r->>''id'')::bigint AND NOT r->$2 @> to_jsonb(l.%3$I)', t, one, other)
        USING rows, field;
    EXECUTE format(
        'INSERT INTO public.%1$I (%2$I, %3$I) SELECT DISTINCT (r->>''id'')::bigint, o::bigint '
        'FROM jsonb_array_elements($1) r, jsonb_array_elements_text(r->$2) o ORDER BY 1, 2 '
        'ON CONFLICT DO NOTHING', t, one, other) USING rows, field;
END $$
"""

# One batch, all or nothing, at most one at a time. It is taken only under the lease in force, and
# only if the tables stand where the sender believes; the lease is kept as it is (FOR SHARE) from
# the last look to the commit, not longer, so that its renewal waits for no work. The vector may not
# pass what the hub holds: no other station could ever follow.
PUBLISH = """
CREATE FUNCTION cd.publish(me text, mine bigint, was jsonb, was_made_by integer, becomes jsonb,
                           becomes_made_by integer, present jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, cd, pg_temp AS $$
DECLARE
    p record;
    t text;
    rows jsonb;
    fresh text[];
BEGIN
    PERFORM cd.admit_as(me);
    IF NOT EXISTS (SELECT FROM cd.duty WHERE name = 'duty' AND holder = me AND token = mine
                   AND expires > clock_timestamp()) THEN
        RETURN 'stale';
    END IF;
    SELECT * INTO p FROM cd.published FOR UPDATE;
    IF p.made_by <> was_made_by OR was IS DISTINCT FROM
       (SELECT coalesce(jsonb_object_agg(origin, seq), '{}') FROM cd.published_vec) THEN
        RETURN 'moved';
    END IF;
    IF EXISTS (SELECT FROM jsonb_each_text(becomes) b LEFT JOIN cd.head h ON h.origin = b.key
               WHERE b.value::bigint > coalesce(h.seq, 0)) THEN
        RAISE EXCEPTION 'the tables cannot be ahead of the log' USING errcode = '22023';
    END IF;
    BEGIN
        PERFORM cd.apply_rows('crisis_person', coalesce(present->'crisis_person', '[]'));
        FOREACH t IN ARRAY ARRAY['crisis_crisisalert', 'crisis_incident', 'crisis_incidentupdate',
                                 'crisis_crisisnotification'] LOOP
            CONTINUE WHEN present->t IS NULL;
            WITH taken AS (
                INSERT INTO cd.published_row AS r (agg, hlc, origin, seq)
                    SELECT n->>'agg', (n->>'at_hlc')::bigint, n->>'at_origin',
                           (n->>'at_seq')::bigint
                    FROM jsonb_array_elements(present->t) n ORDER BY 1
                    ON CONFLICT (agg) DO UPDATE
                        SET hlc = excluded.hlc, origin = excluded.origin, seq = excluded.seq
                        WHERE (excluded.hlc, excluded.origin, excluded.seq)
                              >= (r.hlc, r.origin, r.seq)
                    RETURNING agg
            )
            SELECT array_agg(agg) INTO fresh FROM taken;
            SELECT coalesce(jsonb_agg(n), '[]') INTO rows
                FROM jsonb_array_elements(present->t) n
                WHERE n->>'agg' = ANY (fresh) AND NOT coalesce((n->>'hidden')::boolean, false);
            PERFORM cd.apply_rows(t, rows);
            IF t = 'crisis_crisisalert' THEN
                PERFORM cd.apply_links('crisis_crisisalert_related_alerts', 'from_crisisalert_id',
                                       'to_crisisalert_id', 'related', rows);
            ELSIF t = 'crisis_incident' THEN
                PERFORM cd.apply_links('crisis_incident_alerts', 'incident_id', 'crisisalert_id',
                                       'alerts', rows);
                PERFORM cd.apply_links('crisis_incident_response_team', 'incident_id', 'user_id',
                                       'team', rows);
            ELSIF t = 'crisis_incidentupdate' THEN
                DELETE FROM public.crisis_incidentupdate u USING jsonb_array_elements(present->t) n
                    WHERE u.id = (n->>'id')::bigint AND (n->>'hidden')::boolean
                    AND n->>'agg' = ANY (fresh);
            END IF;
        END LOOP;
        INSERT INTO cd.published_vec AS v (origin, seq)
            SELECT key, value::bigint FROM jsonb_each_text(becomes) ORDER BY 1
            ON CONFLICT (origin) DO UPDATE SET seq = greatest(v.seq, excluded.seq);
        UPDATE cd.published SET made_by = becomes_made_by, at = clock_timestamp();
        PERFORM FROM cd.duty WHERE name = 'duty' AND holder = me AND token = mine
            AND expires > clock_timestamp() FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the lease was lost meanwhile' USING errcode = 'CD004';
        END IF;
    EXCEPTION WHEN SQLSTATE 'CD004' THEN
        RETURN 'stale';
    END;
    RETURN 'written';
END $$
"""

GRANTS = """
GRANT USAGE ON SCHEMA public TO crisisdesk_station, crisisdesk_reader;
GRANT SELECT ON public.crisis_person, public.crisis_crisisalert,
    public.crisis_crisisalert_related_alerts, public.crisis_incident,
    public.crisis_incident_alerts, public.crisis_incident_response_team,
    public.crisis_incidentupdate, public.crisis_crisisnotification, public.crisis_alertrule,
    public.crisis_recoveryprocedure TO crisisdesk_station, crisisdesk_reader;
GRANT SELECT ON cd.published, cd.published_vec, cd.published_row, cd.number
    TO crisisdesk_station, crisisdesk_reader;
GRANT EXECUTE ON FUNCTION
    cd.numbers(text[], integer[]),
    cd.publish(text, bigint, jsonb, integer, jsonb, integer, jsonb) TO crisisdesk_station
"""
