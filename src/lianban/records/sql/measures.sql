-- Measures of control. What happened is written by courts and units; where a measure stands is computed here, because
-- a rank follows from the orders of every court on the same thing, and no court sees another's.
--
-- The second executor is lianban.engines.measures.queue.stand: a property test makes both agree. Sources of the rules stand
-- there and in limits.toml; DESIGN section 5, invariant 3, is held by the constraints of the tables and by what follows.

INSERT INTO lianban.setting VALUES
    ('act_ahead_minutes', '5', 'how far ahead of the server''s clock a measure''s facts may be recorded'),
    ('control_tolerance_permille', '0', 'how much more than the claim may be held before it counts as excess');

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['asset_kind', 'asset', 'asset_value', 'measure_limit', 'measure', 'measure_answer',
                             'measure_renewal', 'measure_release', 'measure_excess'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
        -- In a function that somebody else calls, and not on a forgotten connection of the owner itself.
        EXECUTE format($p$CREATE POLICY functions ON %I TO lianban_owner
            USING (session_user <> 'lianban_owner') WITH CHECK (session_user <> 'lianban_owner')$p$, t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['asset_kind', 'measure_limit'] LOOP
        EXECUTE format('CREATE POLICY read ON %I FOR SELECT TO lianban_app USING ((SELECT lianban.present()))', t);
        EXECUTE format('CREATE POLICY operate ON %I TO lianban_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO lianban_app', t);
    END LOOP;
END $$;

-- Assets are the lead's alone: a unit is told of one by the order that names it.
CREATE POLICY led ON asset FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY lead_records ON asset FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));
GRANT SELECT, INSERT ON asset TO lianban_app;
CREATE POLICY led ON asset_value FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY lead_values ON asset_value FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency())
    AND EXISTS (SELECT FROM asset a WHERE a.id = asset_id AND a.matter_id = asset_value.matter_id));
GRANT SELECT, INSERT ON asset_value TO lianban_app;

-- An order is the court's, and the unit's from sending on.
CREATE POLICY led_or_sent ON measure FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency())
    OR (unit_agency_id = (SELECT lianban.agency()) AND sent_at IS NOT NULL));
CREATE POLICY lead_orders ON measure FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));
CREATE POLICY led_or_sent_changes ON measure FOR UPDATE TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency())
    OR (unit_agency_id = (SELECT lianban.agency()) AND sent_at IS NOT NULL));
GRANT SELECT ON measure TO lianban_app;
-- By column: nobody but the functions below says where a measure stands.
GRANT INSERT (id, matter_id, lead_agency_id, asset_id, kind, basis, claim, facts, ordered_on, ordered_at, ceiling_fen,
              printed_end, number, post_id, officer_id, sent_at, changed_at) ON measure TO lianban_app;
GRANT UPDATE (sent_at, served_at, served_by_id, disposed_at, disposed_by, changed_at) ON measure TO lianban_app;
-- The worker warns and tells. It does not learn which account or which house.
CREATE POLICY system ON measure FOR SELECT TO lianban_worker USING (true);
GRANT SELECT (id, matter_id, lead_agency_id, unit_agency_id, kind, basis, clock, number, state, rank, served_at, effective_from,
              ends_on, computed_end, ended_at, renewals, post_id, officer_id, stood_at) ON measure TO lianban_worker;

CREATE POLICY written_or_read ON measure_answer FOR SELECT TO lianban_app USING (
    (SELECT lianban.agency()) IN (agency_id, lead_agency_id));
CREATE POLICY writes ON measure_answer FOR INSERT TO lianban_app WITH CHECK (
    written_by_id = (SELECT lianban.agency()) AND (SELECT lianban.agency()) IN (agency_id, lead_agency_id));
GRANT SELECT ON measure_answer TO lianban_app;
GRANT INSERT (id, measure_id, outcome, amount_fen, rank, ends_on, remark, officer_id, received_at, recorded_at)
    ON measure_answer TO lianban_app;

CREATE POLICY led_or_sent ON measure_renewal FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency())
    OR (unit_agency_id = (SELECT lianban.agency()) AND sent_at IS NOT NULL));
CREATE POLICY lead_renews ON measure_renewal FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY led_or_sent_changes ON measure_renewal FOR UPDATE TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency())
    OR (unit_agency_id = (SELECT lianban.agency()) AND sent_at IS NOT NULL));
GRANT SELECT ON measure_renewal TO lianban_app;
GRANT INSERT (id, measure_id, ordered_on, printed_end, number, reason, state, drafted_at, drafted_by_id, changed_at)
    ON measure_renewal TO lianban_app;
GRANT UPDATE (state, number, reason, signed_at, signed_by_id, sent_at, served_at, changed_at) ON measure_renewal TO lianban_app;
CREATE POLICY system ON measure_renewal FOR SELECT TO lianban_worker USING (true);
GRANT SELECT (id, measure_id, matter_id, state, round) ON measure_renewal TO lianban_worker;

CREATE POLICY led_or_asked ON measure_release FOR SELECT TO lianban_app USING (
    (SELECT lianban.agency()) IN (lead_agency_id, unit_agency_id));
CREATE POLICY lead_releases ON measure_release FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY led_or_asked_changes ON measure_release FOR UPDATE TO lianban_app USING (
    (SELECT lianban.agency()) IN (lead_agency_id, unit_agency_id));
GRANT SELECT ON measure_release TO lianban_app;
GRANT INSERT (id, measure_id, amount_fen, ground, reason, number, officer_id, ordered_at, changed_at) ON measure_release TO lianban_app;
GRANT UPDATE (arrived_at, changed_at) ON measure_release TO lianban_app;

CREATE POLICY led ON measure_excess FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY system ON measure_excess FOR SELECT TO lianban_worker USING (true);
GRANT SELECT ON measure_excess TO lianban_app, lianban_worker;

CREATE POLICY functions ON matter_content FOR SELECT TO lianban_owner USING (session_user <> 'lianban_owner');
CREATE POLICY functions ON outbox FOR INSERT TO lianban_owner WITH CHECK (true);
-- By the court or by the unit it went to, in the court's name.
CREATE POLICY issues_measures ON printed_document FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM measure m WHERE m.number = printed_document.number AND m.lead_agency_id = printed_document.agency_id)
    OR EXISTS (SELECT FROM measure_renewal r WHERE r.number = printed_document.number
                AND r.lead_agency_id = printed_document.agency_id)
    OR EXISTS (SELECT FROM measure_release r WHERE r.number = printed_document.number
                AND r.lead_agency_id = printed_document.agency_id));

-- Whose asset an order names, its unit must know: the owner, and no other party of the matter.
CREATE FUNCTION lianban.named_in_order(of_party uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT EXISTS (SELECT FROM asset a JOIN measure m ON m.asset_id = a.id
                    WHERE a.party_id = of_party AND m.unit_agency_id = lianban.agency() AND m.sent_at IS NOT NULL)
$$;
CREATE INDEX asset_party ON asset (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX measure_asset ON measure (asset_id);
CREATE POLICY named_in_order ON party FOR SELECT TO lianban_app USING (lianban.named_in_order(id));

CREATE FUNCTION lianban.owns(of_party uuid, of_measure uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT EXISTS (SELECT FROM measure m JOIN asset a ON a.id = m.asset_id
                    WHERE m.id = of_measure AND a.party_id = of_party AND (m.lead_agency_id = lianban.agency()
                          OR m.unit_agency_id = lianban.agency() AND m.sent_at IS NOT NULL))
$$;

-- What an order says of its case on paper: names, the cause and the document enforced. For its court and its unit.
CREATE FUNCTION lianban.order_paper(of_measure uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT jsonb_build_object(
               'number', t.number, 'cause', c.data ->> 'cause', 'basis_no', coalesce(c.data ->> 'basis_no', c.data ->> 'case_no'),
               'creditors', (SELECT coalesce(jsonb_agg(p.name ORDER BY p.id), '[]') FROM party p
                              WHERE p.matter_id = m.matter_id AND p.role IN ('creditor', 'applicant')),
               'debtors', (SELECT coalesce(jsonb_agg(p.name ORDER BY p.id), '[]') FROM party p
                            WHERE p.matter_id = m.matter_id AND p.role IN ('debtor', 'preserved_party')))
      FROM measure m JOIN matter t ON t.id = m.matter_id LEFT JOIN matter_content c ON c.matter_id = m.matter_id
     WHERE m.id = of_measure AND (m.lead_agency_id = lianban.agency()
           OR m.unit_agency_id = lianban.agency() AND m.sent_at IS NOT NULL)
$$;
CREATE POLICY papers ON party FOR SELECT TO lianban_owner USING (session_user <> 'lianban_owner');

-- --- dates, as the clock book counts them: day 0 is not counted, a period of effect never rolls to a working day

CREATE FUNCTION lianban.legal_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE
AS $$ SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date $$;
CREATE FUNCTION lianban.end_of_day(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE
AS $$ SELECT ((day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') - interval '1 microsecond' $$;

CREATE FUNCTION lianban.not_ahead(moment timestamptz) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF moment > clock_timestamp() + make_interval(mins => lianban.setting_int('act_ahead_minutes')) THEN
        RAISE EXCEPTION 'a measure''s fact cannot be recorded at %, ahead of the server''s clock', moment
            USING HINT = 'Check the clock of the machine that sent it.';
    END IF;
END $$;

-- --- limits

CREATE FUNCTION lianban.limit_for(basis text, kind text, claim text, step text, facts text[], on_day date)
RETURNS SETOF measure_limit
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT l.* FROM measure_limit l JOIN asset_kind k ON k.code = limit_for.kind
     WHERE on_day >= l.from_day AND (l.to_day IS NULL OR on_day <= l.to_day)
       AND l.basis IN ('*', limit_for.basis) AND l.asset IN ('*', k.code, 'family:' || k.family)
       AND l.claim IN ('*', limit_for.claim) AND l.step IN ('*', limit_for.step)
       AND (cardinality(l.when_any) = 0 OR l.when_any && facts)
     ORDER BY CASE WHEN l.asset = '*' THEN 0 WHEN l.asset LIKE 'family:%' THEN 1 ELSE 2 END DESC, (l.claim <> '*') DESC,
              (l.step <> '*') DESC, (l.basis <> '*') DESC, (cardinality(l.when_any) > 0) DESC, l.allowed
     LIMIT 1
$$;

-- The row a measure's term rests on. What is held although it may not be has a term all the same: its family's.
CREATE FUNCTION lianban.term_for(basis text, kind text, on_day date) RETURNS SETOF measure_limit
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT l.* FROM measure_limit l JOIN asset_kind k ON k.code = term_for.kind
     WHERE on_day >= l.from_day AND (l.to_day IS NULL OR on_day <= l.to_day) AND l.term <> ''
       AND l.basis IN ('*', term_for.basis) AND l.asset IN ('*', k.code, 'family:' || k.family)
       AND l.claim IN ('*', 'ordinary') AND l.step IN ('*', 'seal') AND cardinality(l.when_any) = 0
     ORDER BY CASE WHEN l.asset = '*' THEN 0 WHEN l.asset LIKE 'family:%' THEN 1 ELSE 2 END DESC, l.from_day DESC
     LIMIT 1
$$;

CREATE FUNCTION lianban.require_limit(basis text, kind text, claim text, step text, facts text[], on_day date) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE found_row measure_limit;
BEGIN
    SELECT * INTO found_row FROM lianban.limit_for(basis, kind, claim, step, facts, on_day);
    IF found_row.id IS NULL THEN
        RAISE EXCEPTION 'no limit on record allows % of % on the basis % on %', step, kind, basis, on_day
            USING HINT = 'What no row of measure_limit allows is refused.';
    ELSIF NOT found_row.allowed THEN
        RAISE EXCEPTION '% of % is forbidden: % (%)', step, kind, found_row.reason_en, found_row.source
            USING HINT = 'Choose another asset, or record the fact that the exception asks for.';
    END IF;
END $$;

-- --- how much is held against how much may be

-- What the form of the matter says is claimed, costs included, in fen.
CREATE FUNCTION lianban.claimed(of_matter uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT coalesce(sum((part.value #>> '{}')::numeric)::bigint, 0)
      FROM matter_content c,
           jsonb_each(CASE jsonb_typeof(c.data -> 'claim') WHEN 'object' THEN c.data -> 'claim' ELSE '{}' END) AS part
     WHERE c.matter_id = of_matter AND jsonb_typeof(part.value) = 'number'
$$;
REVOKE ALL ON FUNCTION lianban.claimed(uuid) FROM PUBLIC;
-- What a matter may hold at most: the claim not yet paid, with interest, and the costs of enforcement, in fen. Replaced by
-- the file of the payments, which knows claims of their own; NULL there where none is recorded.
CREATE FUNCTION lianban.outstanding(matter uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT lianban.claimed(outstanding.matter) $$;
REVOKE ALL ON FUNCTION lianban.outstanding(uuid) FROM PUBLIC;

-- What one measure holds for the claim: the answered amount, else the value; the debtor's share, less what goes before.
-- Nothing before the unit has answered: nobody knows yet what is there.
CREATE FUNCTION lianban.net_of(m measure) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT CASE WHEN m.state <> 'effective' OR m.kind = 'deduct' OR w.id IS NULL OR coalesce(w.amount_fen, a.value_fen) IS NULL
                THEN 0
                ELSE greatest(floor(coalesce(w.amount_fen, a.value_fen)::numeric * a.share_numerator / a.share_denominator)::bigint
                              - a.encumbrance_fen, 0) END
      FROM asset a LEFT JOIN LATERAL (
           SELECT id, amount_fen FROM measure_answer WHERE measure_id = m.id ORDER BY received_at DESC, round DESC LIMIT 1) w ON true
     WHERE a.id = m.asset_id
$$;
REVOKE ALL ON FUNCTION lianban.net_of(measure) FROM PUBLIC;

CREATE FUNCTION lianban.control_of(of_matter uuid, OUT held bigint, OUT most bigint, OUT excess bigint, OUT releasable boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    most := coalesce(lianban.outstanding(of_matter), lianban.claimed(of_matter));
    SELECT coalesce(sum(lianban.net_of(m)), 0) INTO held FROM measure m WHERE m.matter_id = of_matter AND m.state = 'effective';
    excess := held - most;
    IF excess * 1000 <= most * lianban.setting_int('control_tolerance_permille') THEN
        excess := 0;
    END IF;
    -- An indivisible thing that alone covers the claim may stay (查扣冻规定 19).
    releasable := excess > 0 AND EXISTS (
        SELECT FROM measure m JOIN asset a ON a.id = m.asset_id
         WHERE m.matter_id = of_matter AND m.state = 'effective' AND lianban.net_of(m) > 0
           AND (a.divisible OR lianban.net_of(m) <= excess));
END $$;
REVOKE ALL ON FUNCTION lianban.control_of(uuid) FROM PUBLIC;

-- The same, for the matter's own court.
CREATE FUNCTION lianban.control(of_matter uuid, OUT held bigint, OUT most bigint, OUT excess bigint, OUT releasable boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT c.* FROM lianban.control_of(of_matter) c WHERE lianban.leads(of_matter) $$;
CREATE FUNCTION lianban.nets(of_matter uuid) RETURNS TABLE (measure uuid, net_fen bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT m.id, lianban.net_of(m) FROM measure m WHERE m.matter_id = of_matter AND lianban.leads(of_matter) $$;

-- Keep the excess of a matter in a row while it lasts, and tell the worker when it comes and goes. To be called by
-- whatever changes what is outstanding.
CREATE FUNCTION lianban.watch_control(of_matter uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    c record;
    lead uuid;
BEGIN
    PERFORM lianban.not_ahead(at);
    SELECT * INTO c FROM lianban.control_of(of_matter);
    SELECT lead_agency_id INTO lead FROM matter WHERE id = of_matter;
    IF c.releasable THEN
        UPDATE measure_excess SET held_fen = c.held, most_fen = c.most WHERE matter_id = of_matter;
        IF NOT FOUND THEN
            INSERT INTO measure_excess (matter_id, lead_agency_id, held_fen, most_fen, since)
            VALUES (of_matter, lead, c.held, c.most, at) ON CONFLICT (matter_id) DO NOTHING;
            INSERT INTO outbox (id, kind, matter, agency, reference, recorded_at)
            VALUES (uuidv7(), 'measures.excess', of_matter, lead, of_matter, at);
        END IF;
    ELSE
        DELETE FROM measure_excess WHERE matter_id = of_matter;
        IF FOUND THEN
            INSERT INTO outbox (id, kind, matter, agency, reference, recorded_at)
            VALUES (uuidv7(), 'measures.excess_over', of_matter, lead, of_matter, at);
        END IF;
    END IF;
END $$;
REVOKE ALL ON FUNCTION lianban.watch_control(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.watch_control(uuid, timestamptz) TO lianban_app, lianban_worker;

-- --- where the measures on one thing stand

-- From when it came first: the end, the longest end, how many renewals counted, what disagrees.
CREATE FUNCTION lianban.term_of(m measure, begins timestamptz, OUT last_day date, OUT longest date, OUT counted integer,
                                OUT remarks text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    first_day date := lianban.legal_day(begins);
    rests_on measure_limit;
    r measure_renewal;
    v record;
BEGIN
    SELECT * INTO rests_on FROM lianban.term_for(m.basis, m.asset_kind, first_day);
    IF rests_on.id IS NULL THEN
        RAISE EXCEPTION 'no limit on record gives a term for % on the basis % on %', m.asset_kind, m.basis, first_day;
    END IF;
    counted := 0;
    remarks := '{}';
    longest := (first_day + rests_on.term::interval)::date;
    last_day := longest;
    IF m.printed_end < longest THEN
        last_day := greatest(m.printed_end, first_day);
    ELSIF m.printed_end > longest THEN
        remarks := remarks || 'printed_end_too_late'::text;
    END IF;
    FOR r IN SELECT * FROM measure_renewal WHERE measure_id = m.id AND served_at IS NOT NULL ORDER BY round LOOP
        IF r.served_at > lianban.end_of_day(last_day) THEN
            remarks := remarks || 'renewal_too_late'::text;
            EXIT;
        END IF;
        SELECT l.renewal_term, l.renewals_most INTO v FROM measure_limit l
         WHERE l.clock = rests_on.clock AND l.renewal = rests_on.renewal AND lianban.legal_day(r.served_at) >= l.from_day
           AND (l.to_day IS NULL OR lianban.legal_day(r.served_at) <= l.to_day)
         LIMIT 1;
        IF v.renewal_term IS NULL OR v.renewal_term = '' OR counted >= v.renewals_most THEN
            remarks := remarks || 'renewal_not_allowed'::text;
            CONTINUE;
        END IF;
        longest := (last_day + v.renewal_term::interval)::date;
        IF r.printed_end IS NULL THEN
            last_day := longest;
        ELSIF r.printed_end > longest THEN
            remarks := remarks || 'printed_end_too_late'::text;
            last_day := longest;
        ELSIF r.printed_end < last_day THEN
            remarks := remarks || 'printed_end_too_early'::text;
        ELSE
            last_day := r.printed_end;
        END IF;
        counted := counted + 1;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION lianban.term_of(measure, timestamptz) FROM PUBLIC;

-- The printed end that counts while a measure waits, with the renewals that came in time.
CREATE FUNCTION lianban.printed_while_waiting(m measure) RETURNS date
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    last_day date := m.printed_end;
    r measure_renewal;
BEGIN
    FOR r IN SELECT * FROM measure_renewal WHERE measure_id = m.id AND served_at IS NOT NULL ORDER BY round LOOP
        IF last_day IS NOT NULL AND r.served_at <= lianban.end_of_day(last_day) THEN
            last_day := greatest(last_day, r.printed_end) + CASE WHEN r.printed_end IS NULL THEN NULL ELSE 0 END;
        END IF;
    END LOOP;
    RETURN last_day;
END $$;
REVOKE ALL ON FUNCTION lianban.printed_while_waiting(measure) FROM PUBLIC;

CREATE FUNCTION lianban.keep_standing(m measure, new_state text, new_rank integer, since timestamptz, last_day date, longest date,
                                      ended timestamptz, counted integer, remarks text[], moment timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE told text;
BEGIN
    UPDATE measure SET state = new_state, rank = new_rank, effective_from = since, ends_on = last_day, computed_end = longest,
                       ended_at = ended, renewals = counted, notes = remarks, stood_at = moment
     WHERE id = m.id;
    IF new_state IS DISTINCT FROM m.state THEN
        told := CASE WHEN new_state = 'effective' AND m.state = 'waiting' THEN 'measures.promoted'
                     ELSE 'measures.' || new_state END;
    ELSIF last_day IS DISTINCT FROM m.ends_on AND new_state IN ('effective', 'waiting') THEN
        told := 'measures.term';
    END IF;
    IF told IS NOT NULL THEN
        INSERT INTO outbox (id, kind, matter, agency, reference, recorded_at)
        VALUES (uuidv7(), told, m.matter_id, m.lead_agency_id, m.id, moment);
    END IF;
    RETURN told IS NOT NULL;
END $$;
REVOKE ALL ON FUNCTION lianban.keep_standing(measure, text, integer, timestamptz, date, date, timestamptz, integer, text[], timestamptz)
    FROM PUBLIC;

-- Replay what happened on one thing up to a moment: ranks, promotion, lapse, release, disposal. Every court's matters.
CREATE FUNCTION lianban.stand(of_unit uuid, of_key text, at timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    moment timestamptz;
    disposed timestamptz;
    m measure;
    w measure_answer;
    last_day date;
    longest date;
    counted integer;
    free_from timestamptz;
    place integer := 0;
    before integer := 0;
    unknown integer := 0;
    queued boolean;
    blocked boolean;
    came_first boolean;
    starts timestamptz;
    ended timestamptz;
    printed date;
    why text;
    remarks text[];
    changed integer := 0;
    matters uuid[] := '{}';
    of_matter uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(of_unit::text || of_key, 7));
    SELECT greatest(at, max(stood_at)) INTO moment FROM measure WHERE unit_agency_id = of_unit AND asset_key = of_key;
    SELECT min(disposed_at) INTO disposed FROM measure
     WHERE unit_agency_id = of_unit AND asset_key = of_key AND disposed_at <= moment;
    FOR m IN SELECT * FROM measure WHERE unit_agency_id = of_unit AND asset_key = of_key AND served_at <= moment
              ORDER BY served_at, id LOOP
        SELECT * INTO w FROM measure_answer WHERE measure_id = m.id ORDER BY received_at DESC, round DESC LIMIT 1;
        remarks := '{}';
        IF m.kind = 'deduct' THEN  -- takes at once; there is nothing left to hold
            why := CASE WHEN w.outcome IN ('not_found', 'refused') THEN 'no_object' ELSE 'disposed' END;
            changed := changed + lianban.keep_standing(m, why, NULL, CASE why WHEN 'disposed' THEN m.served_at END, NULL, NULL,
                                                       m.served_at, 0, '{}', moment)::integer;
            matters := matters || m.matter_id;
            CONTINUE;
        ELSIF w.outcome IN ('not_found', 'refused') THEN
            changed := changed + lianban.keep_standing(m, 'no_object', NULL, NULL, NULL, NULL, m.served_at, 0, '{}', moment)::integer;
            matters := matters || m.matter_id;
            CONTINUE;
        END IF;
        -- Another court's order that only the unit knows of stands before this one.
        IF w.outcome = 'waiting' THEN
            unknown := greatest(unknown, coalesce(w.rank, 2) - 1 - before);
        END IF;
        queued := coalesce(free_from > m.served_at, false);
        starts := CASE WHEN queued THEN free_from ELSE m.served_at END;
        blocked := unknown > 0;
        ended := NULL;
        why := 'waiting';
        longest := NULL;
        counted := 0;
        IF starts <= moment AND NOT blocked THEN
            SELECT o.last_day, o.longest, o.counted, o.remarks INTO last_day, longest, counted, remarks
              FROM lianban.term_of(m, starts) o;
            ended := lianban.end_of_day(last_day);
            why := 'lapsed';
        END IF;
        printed := CASE WHEN queued OR blocked THEN lianban.printed_while_waiting(m) END;
        IF lianban.end_of_day(printed) < coalesce(ended, 'infinity') THEN
            ended := lianban.end_of_day(printed);
            why := 'lapsed';
        END IF;
        IF disposed < coalesce(ended, 'infinity') OR disposed = ended THEN
            ended := disposed;
            why := 'disposed';
        END IF;
        IF m.released_at < coalesce(ended, 'infinity') OR m.released_at = ended THEN
            ended := m.released_at;
            why := 'released';
        END IF;
        came_first := NOT blocked AND starts <= moment AND (ended IS NULL OR ended > starts);
        IF ended IS NULL OR ended > moment THEN
            why := CASE WHEN came_first THEN 'effective' ELSE 'waiting' END;
            place := place + 1;
            IF w.rank < place + unknown THEN
                remarks := remarks || 'answered_rank_differs'::text;
            END IF;
            IF w.outcome IN ('done', 'partial') AND why = 'waiting' THEN
                remarks := remarks || 'answered_outcome_differs'::text;
            END IF;
            IF w.ends_on <> lianban.legal_day(ended) THEN
                remarks := remarks || 'answered_end_differs'::text;
            END IF;
        END IF;
        IF w.id IS NULL THEN
            remarks := remarks || 'unanswered'::text;
        END IF;
        changed := changed + lianban.keep_standing(
            m, why, CASE WHEN why IN ('effective', 'waiting') THEN place + unknown END,
            CASE WHEN came_first THEN starts END, lianban.legal_day(ended), longest,
            CASE WHEN why NOT IN ('effective', 'waiting') THEN ended END, counted, remarks, moment)::integer;
        matters := matters || m.matter_id;
        IF came_first THEN  -- only one that came first keeps the next from coming first
            free_from := ended;
        END IF;
        before := before + 1;
    END LOOP;
    FOR of_matter IN SELECT DISTINCT unnest(matters) ORDER BY 1 LOOP
        PERFORM lianban.watch_control(of_matter, moment);
    END LOOP;
    RETURN changed;
END $$;
REVOKE ALL ON FUNCTION lianban.stand(uuid, text, timestamptz) FROM PUBLIC;

-- What ends by itself: the worker asks for it, and no clock has to be right for it.
CREATE FUNCTION lianban.stand_due(at timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    thing record;
    looked integer := 0;
BEGIN
    PERFORM lianban.not_ahead(at);
    FOR thing IN SELECT DISTINCT unit_agency_id, asset_key FROM (
                     SELECT unit_agency_id, asset_key FROM measure
                      WHERE state IN ('effective', 'waiting') AND ends_on <= lianban.legal_day(at)
                        AND lianban.end_of_day(ends_on) <= at ORDER BY ends_on LIMIT most) due
                  ORDER BY 1, 2 LOOP
        PERFORM lianban.stand(thing.unit_agency_id, thing.asset_key, at);
        looked := looked + 1;
    END LOOP;
    RETURN looked;
END $$;
REVOKE ALL ON FUNCTION lianban.stand_due(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.stand_due(timestamptz, integer) TO lianban_worker;

-- --- what is checked when something is written

CREATE FUNCTION lianban.order_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    a asset;
    c record;
    t measure_limit;
BEGIN
    PERFORM lianban.not_ahead(NEW.changed_at);
    SELECT * INTO a FROM asset WHERE id = NEW.asset_id AND matter_id = NEW.matter_id;
    IF a.id IS NULL THEN
        RAISE EXCEPTION 'a measure is on an asset of its own matter';
    END IF;
    NEW.unit_agency_id := a.unit_agency_id;
    NEW.asset_key := a.key;
    NEW.asset_kind := a.kind;
    NEW.asset_name := a.name;
    NEW.state := 'ordered';
    NEW.renewals := 0;
    NEW.notes := '{}';
    NEW.disposed_by := '';
    PERFORM lianban.require_limit(NEW.basis, a.kind, NEW.claim, CASE NEW.kind WHEN 'deduct' THEN 'deduct' ELSE 'seal' END,
                                  NEW.facts, NEW.ordered_on);
    SELECT * INTO c FROM lianban.control_of(NEW.matter_id);
    IF NEW.ceiling_fen > c.most THEN
        RAISE EXCEPTION 'the order''s ceiling of % fen is above the outstanding claim and costs of % fen', NEW.ceiling_fen, c.most
            USING HINT = '查扣冻规定 19; 民事诉讼法 253.';
    END IF;
    IF c.releasable AND NEW.kind <> 'deduct' THEN
        RAISE EXCEPTION 'the matter holds % fen too much: release the excess before ordering more', c.excess
            USING HINT = '查扣冻规定 19.';
    END IF;
    NEW.clock := '';
    IF NEW.kind <> 'deduct' THEN
        SELECT * INTO t FROM lianban.limit_for(NEW.basis, a.kind, NEW.claim, 'seal', NEW.facts, NEW.ordered_on);
        NEW.clock := t.clock;
        IF NEW.printed_end > (NEW.ordered_on + t.term::interval)::date THEN
            RAISE EXCEPTION 'the document prints the end %, later than the longest term allows (%)', NEW.printed_end,
                (NEW.ordered_on + t.term::interval)::date USING HINT = t.source;
        END IF;
    END IF;
    IF NEW.printed_end <= NEW.ordered_on THEN
        RAISE EXCEPTION 'the document prints the end %, not after the day it was made', NEW.printed_end;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders BEFORE INSERT ON measure FOR EACH ROW EXECUTE FUNCTION lianban.order_measure();

CREATE FUNCTION lianban.change_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    PERFORM lianban.not_ahead(NEW.changed_at);
    IF (OLD.served_at, OLD.served_by_id) IS DISTINCT FROM (NEW.served_at, NEW.served_by_id) THEN
        IF OLD.served_at IS NOT NULL THEN
            RAISE EXCEPTION 'the order was served at %: that is not changed', OLD.served_at;
        ELSIF NEW.sent_at IS NULL THEN
            RAISE EXCEPTION 'an order that was not sent cannot have been served';
        ELSIF lianban.legal_day(NEW.served_at) < NEW.ordered_on OR NEW.served_at > NEW.changed_at + interval '5 minutes' THEN
            RAISE EXCEPTION 'an order is served neither before it was made nor in the future';
        END IF;
    END IF;
    IF OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at THEN
        RAISE EXCEPTION 'the order was sent at %: that is not changed', OLD.sent_at;
    END IF;
    IF (OLD.disposed_at, OLD.disposed_by) IS DISTINCT FROM (NEW.disposed_at, NEW.disposed_by) THEN
        IF OLD.disposed_at IS NOT NULL THEN
            RAISE EXCEPTION 'the asset was disposed of at %: that is not changed', OLD.disposed_at;
        ELSIF lianban.agency() IS DISTINCT FROM NEW.lead_agency_id THEN
            RAISE EXCEPTION 'only the court of the measure disposes of the asset';
        ELSIF NOT (NEW.state = 'effective' OR NEW.kind = 'deduct' AND NEW.served_at IS NOT NULL) THEN
            RAISE EXCEPTION 'only a measure that is in effect and first leads to a disposal';
        END IF;
        PERFORM lianban.require_limit(NEW.basis, NEW.asset_kind, NEW.claim, CASE NEW.kind WHEN 'deduct' THEN 'deduct' ELSE 'sell' END,
                                      NEW.facts, lianban.legal_day(NEW.disposed_at));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE UPDATE OF sent_at, served_at, served_by_id, disposed_at, disposed_by, changed_at ON measure
    FOR EACH ROW EXECUTE FUNCTION lianban.change_measure();

CREATE FUNCTION lianban.measure_moved() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    PERFORM lianban.stand(NEW.unit_agency_id, NEW.asset_key, NEW.changed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER moved AFTER UPDATE OF served_at, released_at, disposed_at, basis ON measure FOR EACH ROW
    WHEN (NEW.served_at IS NOT NULL AND (NEW.served_at, NEW.released_at, NEW.disposed_at, NEW.basis)
          IS DISTINCT FROM (OLD.served_at, OLD.released_at, OLD.disposed_at, OLD.basis))
    EXECUTE FUNCTION lianban.measure_moved();

CREATE FUNCTION lianban.measure_answer_digest(a measure_answer) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\x1f', a.id, a.measure_id, a.agency_id, a.written_by_id, a.round, a.outcome,
        coalesce(a.amount_fen::text, ''), coalesce(a.rank::text, ''), coalesce(to_char(a.ends_on, 'YYYY-MM-DD'), ''), a.remark,
        extract(epoch FROM a.received_at)::text), 'UTF8')), 'hex')
$$;
-- An answer is never refused, whatever it says: it is recorded beside those before it.
CREATE FUNCTION lianban.answer_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE m measure;
BEGIN
    PERFORM lianban.not_ahead(NEW.recorded_at);
    SELECT * INTO m FROM measure WHERE id = NEW.measure_id FOR UPDATE;
    NEW.matter_id := m.matter_id;
    NEW.lead_agency_id := m.lead_agency_id;
    NEW.agency_id := m.unit_agency_id;
    NEW.written_by_id := coalesce(lianban.agency(), m.lead_agency_id);
    SELECT coalesce(max(round), 0) + 1 INTO NEW.round FROM measure_answer WHERE measure_id = NEW.measure_id;
    NEW.digest := lianban.measure_answer_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER answers BEFORE INSERT ON measure_answer FOR EACH ROW EXECUTE FUNCTION lianban.answer_measure();
CREATE FUNCTION lianban.measure_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE m measure;
BEGIN
    SELECT * INTO m FROM measure WHERE id = NEW.measure_id;
    PERFORM lianban.stand(m.unit_agency_id, m.asset_key, NEW.recorded_at);
    RETURN NULL;
END $$;
CREATE TRIGGER answered AFTER INSERT ON measure_answer FOR EACH ROW EXECUTE FUNCTION lianban.measure_answered();
CREATE FUNCTION lianban.never_edited() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION 'rows of % are never edited: a correction stands beside the first', TG_TABLE_NAME; END $$;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON measure_answer FOR EACH ROW EXECUTE FUNCTION lianban.never_edited();
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON asset_value FOR EACH ROW EXECUTE FUNCTION lianban.never_edited();

CREATE FUNCTION lianban.renew_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    m measure;
    t measure_limit;
    latest date;
BEGIN
    PERFORM lianban.not_ahead(NEW.changed_at);
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO m FROM measure WHERE id = NEW.measure_id FOR UPDATE;
        NEW.matter_id := m.matter_id;
        NEW.lead_agency_id := m.lead_agency_id;
        NEW.unit_agency_id := m.unit_agency_id;
        SELECT coalesce(max(round), 0) + 1 INTO NEW.round FROM measure_renewal WHERE measure_id = NEW.measure_id;
        IF NEW.state NOT IN ('drafted', 'not_wanted') THEN
            RAISE EXCEPTION 'a renewal begins as a draft';
        ELSIF m.state NOT IN ('effective', 'waiting') OR m.ends_on IS NULL OR NEW.ordered_on > m.ends_on THEN
            RAISE EXCEPTION 'the measure has no running term to renew: it is %, its end %', m.state, m.ends_on
                USING HINT = '查扣冻规定 27.';
        END IF;
        IF NEW.state = 'drafted' THEN
            SELECT * INTO t FROM measure_limit l
             WHERE l.clock = m.clock AND l.renewal <> '' AND NEW.ordered_on >= l.from_day
               AND (l.to_day IS NULL OR NEW.ordered_on <= l.to_day) LIMIT 1;
            IF t.renewal_term IS NULL OR t.renewal_term = '' OR t.renewals_most
               <= (SELECT count(*) FROM measure_renewal WHERE measure_id = m.id AND state = 'served') THEN
                RAISE EXCEPTION 'the rule allows no further renewal' USING HINT = coalesce(t.source, m.clock);
            END IF;
            latest := (m.ends_on + t.renewal_term::interval)::date;
            IF NEW.printed_end IS NULL OR NEW.printed_end <= m.ends_on OR NEW.printed_end > latest THEN
                RAISE EXCEPTION 'a renewal prints an end after % and by %, not %', m.ends_on, latest, NEW.printed_end;
            END IF;
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state <> OLD.state AND NOT (
           OLD.state = 'drafted' AND NEW.state IN ('signed', 'not_wanted')
           OR OLD.state = 'signed' AND NEW.state IN ('sent', 'not_wanted')
           OR OLD.state = 'sent' AND NEW.state IN ('served', 'not_wanted')) THEN
        RAISE EXCEPTION 'a renewal goes from draft to signed to sent to served, not from % to %', OLD.state, NEW.state;
    ELSIF NEW.state = OLD.state AND NEW IS DISTINCT FROM OLD AND OLD.state IN ('served', 'not_wanted') THEN
        RAISE EXCEPTION 'a renewal that is % is not changed', OLD.state;
    ELSIF NEW.state IN ('signed', 'sent', 'served') AND (NEW.signed_at IS NULL OR NEW.number = '') THEN
        RAISE EXCEPTION 'a renewal that nobody signed is not sent';
    ELSIF NEW.state = 'served' AND (NEW.sent_at IS NULL OR NEW.served_at < NEW.signed_at
                                    OR NEW.served_at > NEW.changed_at + interval '5 minutes') THEN
        RAISE EXCEPTION 'a renewal is served neither before it was signed nor in the future';
    ELSIF lianban.agency() = NEW.unit_agency_id AND lianban.agency() <> NEW.lead_agency_id
          AND NOT (OLD.state = 'sent' AND NEW.state = 'served') THEN
        RAISE EXCEPTION 'the unit says that a renewal reached it, and nothing else';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER renews BEFORE INSERT OR UPDATE ON measure_renewal FOR EACH ROW EXECUTE FUNCTION lianban.renew_measure();
CREATE FUNCTION lianban.measure_renewed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE m measure;
BEGIN
    SELECT * INTO m FROM measure WHERE id = NEW.measure_id;
    PERFORM lianban.stand(m.unit_agency_id, m.asset_key, NEW.changed_at);
    RETURN NULL;
END $$;
CREATE TRIGGER renewed AFTER UPDATE ON measure_renewal FOR EACH ROW
    WHEN (OLD.served_at IS NULL AND NEW.served_at IS NOT NULL) EXECUTE FUNCTION lianban.measure_renewed();

CREATE FUNCTION lianban.release_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE m measure;
BEGIN
    PERFORM lianban.not_ahead(NEW.changed_at);
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO m FROM measure WHERE id = NEW.measure_id FOR UPDATE;
        NEW.matter_id := m.matter_id;
        NEW.lead_agency_id := m.lead_agency_id;
        NEW.unit_agency_id := m.unit_agency_id;
        IF m.state NOT IN ('effective', 'waiting') THEN
            RAISE EXCEPTION 'the measure holds nothing that could be released: it is %', m.state;
        ELSIF NEW.amount_fen <= 0 THEN
            RAISE EXCEPTION 'a part that is released is more than nothing';
        END IF;
    ELSIF OLD.arrived_at IS NOT NULL THEN
        RAISE EXCEPTION 'the release reached the unit at %: that is not changed', OLD.arrived_at;
    ELSIF NEW.arrived_at < NEW.ordered_at OR NEW.arrived_at > NEW.changed_at + interval '5 minutes' THEN
        RAISE EXCEPTION 'a release reaches the unit neither before it was ordered nor in the future';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER releases BEFORE INSERT OR UPDATE ON measure_release FOR EACH ROW EXECUTE FUNCTION lianban.release_measure();
CREATE FUNCTION lianban.measure_released() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE measure SET released_at = NEW.arrived_at, changed_at = NEW.changed_at
     WHERE id = NEW.measure_id AND released_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER released AFTER UPDATE ON measure_release FOR EACH ROW
    WHEN (OLD.arrived_at IS NULL AND NEW.arrived_at IS NOT NULL AND NEW.amount_fen IS NULL)
    EXECUTE FUNCTION lianban.measure_released();

-- A value that supersedes the one before is the asset's from now on, and what is held is counted anew.
CREATE FUNCTION lianban.asset_valued() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE asset SET value_fen = NEW.value_fen, share_numerator = NEW.share_numerator, share_denominator = NEW.share_denominator,
                     encumbrance_fen = NEW.encumbrance_fen
     WHERE id = NEW.asset_id;
    IF EXISTS (SELECT FROM measure WHERE asset_id = NEW.asset_id AND state = 'effective') THEN
        PERFORM lianban.watch_control(NEW.matter_id, NEW.recorded_at);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER valued AFTER INSERT ON asset_value FOR EACH ROW EXECUTE FUNCTION lianban.asset_valued();

-- A preservation goes on as a measure of enforcement without a gap and with the same end (保全规定 17), in the same matter
-- or in the one in which the same court enforces.
CREATE FUNCTION lianban.continue_preservation(of_measure uuid, in_matter uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    m measure;
    there uuid;
BEGIN
    SELECT * INTO m FROM measure WHERE id = of_measure AND lead_agency_id = lianban.agency() FOR UPDATE;
    IF m.id IS NULL OR NOT lianban.leads(in_matter) THEN
        RAISE EXCEPTION 'a preservation is continued by its own court in its own matter';
    ELSIF m.basis <> 'preservation' OR m.state NOT IN ('effective', 'waiting') THEN
        RAISE EXCEPTION 'only a live preservation becomes a measure of enforcement';
    END IF;
    SELECT id INTO there FROM asset WHERE matter_id = in_matter AND unit_agency_id = m.unit_agency_id AND key = m.asset_key;
    IF there IS NULL THEN
        UPDATE asset SET matter_id = in_matter,
               party_id = (SELECT n.id FROM party o JOIN party n ON n.matter_id = in_matter AND n.name = o.name AND n.kind = o.kind
                            WHERE o.id = asset.party_id ORDER BY n.id LIMIT 1)
         WHERE id = m.asset_id AND matter_id <> in_matter;
    END IF;
    UPDATE measure SET basis = 'enforcement', matter_id = in_matter, asset_id = coalesce(there, asset_id), changed_at = at
     WHERE id = of_measure;
    IF m.matter_id <> in_matter THEN
        PERFORM lianban.watch_control(m.matter_id, at);
        -- The worker starts its clocks where it is now.
        INSERT INTO outbox (id, kind, matter, agency, reference, recorded_at)
        VALUES (uuidv7(), 'measures.term', in_matter, m.lead_agency_id, m.id, at);
    END IF;
END $$;
REVOKE ALL ON FUNCTION lianban.continue_preservation(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.continue_preservation(uuid, uuid, timestamptz) TO lianban_app;

-- A measure lives on when its matter is closed, and so does what was asked about it.
CREATE OR REPLACE FUNCTION lianban.matter_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE leg SET closed_at = NEW.closed_at WHERE matter_id = NEW.id AND closed_at IS NULL;
    UPDATE task SET state = 'cancelled', closed_at = now()
     WHERE matter_id = NEW.id AND token IS NULL AND state = 'open' AND action NOT LIKE 'measures.%';
    RETURN NULL;
END $$;

-- Whether an officer has handed a post to a colleague at this moment. Why is the agency's own business.
CREATE FUNCTION lianban.away(of_officer uuid, from_post uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT EXISTS (SELECT FROM delegation d WHERE d.from_officer_id = of_officer AND d.post_id = from_post
                      AND at >= d.begins_at AND at < d.ends_at AND (d.ended_at IS NULL OR at < d.ended_at))
$$;
REVOKE ALL ON FUNCTION lianban.away(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.away(uuid, uuid, timestamptz) TO lianban_worker;

-- Evidence of other kinds: a table's own function KIND_evidence(uuid), found by its name, so that each file brings its own.
CREATE FUNCTION lianban.measure_answer_evidence(reference uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT lianban.measure_answer_digest(a) FROM measure_answer a WHERE a.id = reference $$;
REVOKE ALL ON FUNCTION lianban.measure_answer_evidence(uuid) FROM PUBLIC;
CREATE OR REPLACE FUNCTION lianban.evidence_digest(kind text, reference uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE found text;
BEGIN
    IF kind = 'answer' THEN
        SELECT lianban.answer_digest(a) INTO found FROM answer a WHERE a.id = reference;
    ELSIF kind = 'document' THEN
        SELECT encode(sha256(d.content), 'hex') INTO found FROM document d WHERE d.id = reference;
    ELSIF to_regprocedure(format('lianban.%I(uuid)', kind || '_evidence')) IS NOT NULL THEN
        EXECUTE format('SELECT lianban.%I($1)', kind || '_evidence') INTO found USING reference;
    END IF;
    RETURN found;
END $$;
