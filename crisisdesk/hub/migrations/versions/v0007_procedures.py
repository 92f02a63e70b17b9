"""Recovery procedures among the published tables."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """From published tables on."""
    for part in (PUBLISH, ANEW):
        op.execute(part)


# As before, and procedures: one that was withdrawn is taken out.
PUBLISH = """
CREATE OR REPLACE FUNCTION cd.publish(me text, mine bigint, was jsonb, was_made_by integer,
                                      becomes jsonb, becomes_made_by integer, present jsonb)
RETURNS text
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
                                 'crisis_crisisnotification', 'crisis_alertrule',
                                 'crisis_recoveryprocedure'] LOOP
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
            ELSIF t = 'crisis_alertrule' THEN
                DELETE FROM public.crisis_alertrule u USING jsonb_array_elements(present->t) n
                    WHERE u.id = (n->>'id')::bigint AND (n->>'hidden')::boolean
                    AND n->>'agg' = ANY (fresh);
            ELSIF t = 'crisis_recoveryprocedure' THEN
                DELETE FROM public.crisis_recoveryprocedure u
                    USING jsonb_array_elements(present->t) n
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

# A program that knows procedures may have sent them to a hub that passed over them. Whoever has
# duty writes everything once more.
ANEW = """
UPDATE cd.published SET made_by = 0
"""
