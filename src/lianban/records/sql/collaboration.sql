-- Township collaboration, listings and limits, objections, closings. What the engines say, the database holds by itself:
-- a push has four facts in it; a lead is about property; minors are never listed; an asset that somebody claims is not
-- disposed of; a case is closed only with everything its mode needs.

INSERT INTO lianban.setting VALUES
    ('statistical_year_begins', '12-01', 'the day (month-day) on which a court''s statistical year begins');

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['collaboration', 'collaboration_push', 'collaboration_step', 'property_lead', 'listing',
                             'consumption_limit', 'objection', 'closing', 'closing_proof', 'terminated_query', 'reopening',
                             'insolvency_link'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY functions ON %I FOR SELECT TO lianban_owner USING (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO lianban_app', t);
    END LOOP;
    -- The lead agency's alone.
    FOREACH t IN ARRAY ARRAY['listing', 'consumption_limit', 'objection', 'closing_proof', 'terminated_query', 'reopening',
                             'insolvency_link'] LOOP
        EXECUTE format('CREATE POLICY led ON %I FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('CREATE POLICY lead_adds ON %I FOR INSERT TO lianban_app WITH CHECK (
            lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['listing', 'consumption_limit', 'objection', 'closing', 'terminated_query', 'insolvency_link'] LOOP
        EXECUTE format('CREATE POLICY lead_changes ON %I FOR UPDATE TO lianban_app
            USING (lead_agency_id = (SELECT lianban.agency())) WITH CHECK (lead_agency_id = (SELECT lianban.agency()))', t);
    END LOOP;
END $$;

-- --- townships

-- A township has a leg, so that it may act; but of the matter it sees what was pushed to it and what it did itself, and not
-- the thread's milestones and variables that a unit sees.
CREATE FUNCTION lianban.in_township() RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT EXISTS (SELECT FROM agency WHERE id = lianban.agency() AND kind = 'township') $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['event', 'scope', 'token', 'timer'] LOOP
        EXECUTE format('CREATE POLICY townships_see_their_own ON %I AS RESTRICTIVE FOR SELECT TO lianban_app
            USING (NOT (SELECT lianban.in_township()) OR agency_id = (SELECT lianban.agency()))', t);
    END LOOP;
END $$;

CREATE POLICY led_or_asked ON collaboration FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency()) OR township_id = (SELECT lianban.agency())
    OR (SELECT lianban.has_role('supervisor')));
CREATE POLICY lead_adds ON collaboration FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id) AND state = 'pushed');
CREATE POLICY led_or_asked_changes ON collaboration FOR UPDATE TO lianban_app USING (
    (SELECT lianban.agency()) IN (lead_agency_id, township_id));
GRANT UPDATE (state, signed_at, answered_at, due_on, agreed_on, result, result_at, rating, rated_at, leads) ON collaboration
    TO lianban_app;

CREATE POLICY led_or_asked ON collaboration_push FOR SELECT TO lianban_app USING (
    (SELECT lianban.agency()) IN (lead_agency_id, township_id));
CREATE POLICY lead_adds ON collaboration_push FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));

CREATE POLICY led_or_asked ON collaboration_step FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency()) OR township_id = (SELECT lianban.agency())
    OR (SELECT lianban.has_role('supervisor')));
CREATE POLICY acts ON collaboration_step FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND officer_id = (SELECT lianban.officer())
    AND EXISTS (SELECT FROM collaboration c WHERE c.id = collaboration_step.collaboration_id
                 AND c.matter_id = collaboration_step.matter_id AND c.lead_agency_id = collaboration_step.lead_agency_id
                 AND c.township_id = collaboration_step.township_id)
    AND ((agency_id = township_id AND step IN ('signed', 'surveyed', 'lead_reported', 'result_recorded'))
         OR (agency_id = lead_agency_id AND step IN ('pushed', 'day_agreed', 'result_recorded', 'rated'))));

CREATE POLICY led_or_reported ON property_lead FOR SELECT TO lianban_app USING (
    (SELECT lianban.agency()) IN (lead_agency_id, township_id));
CREATE POLICY township_reports ON property_lead FOR INSERT TO lianban_app WITH CHECK (
    township_id = (SELECT lianban.agency()) AND officer_id = (SELECT lianban.officer()) AND state = 'reported'
    AND EXISTS (SELECT FROM collaboration c WHERE c.id = property_lead.collaboration_id AND c.signed_at IS NOT NULL
                 AND c.matter_id = property_lead.matter_id AND c.lead_agency_id = property_lead.lead_agency_id
                 AND c.township_id = (SELECT lianban.agency())));
CREATE POLICY lead_verifies ON property_lead FOR UPDATE TO lianban_app
    USING (lead_agency_id = (SELECT lianban.agency())) WITH CHECK (verified_by_id = (SELECT lianban.officer()));
GRANT UPDATE (state, verified_at, verified_by_id, finding) ON property_lead TO lianban_app;

-- 推送只有姓名、案号、金额、问题: the table has no other column for content, and these four are what they say they are.
CREATE FUNCTION lianban.push_says_four_things() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM party p WHERE p.id = NEW.party_id AND p.matter_id = NEW.matter_id AND p.name = NEW.name) THEN
        RAISE EXCEPTION 'what is pushed names a party of the matter, by the name it has there';
    END IF;
    IF NOT EXISTS (SELECT FROM matter m WHERE m.id = NEW.matter_id AND m.number = NEW.case_no
                   UNION ALL SELECT FROM reopening r WHERE r.matter_id = NEW.matter_id AND r.number = NEW.case_no) THEN
        RAISE EXCEPTION 'what is pushed carries the number of its own case';
    END IF;
    IF EXISTS (SELECT FROM party p WHERE p.matter_id = NEW.matter_id AND p.name <> NEW.name
                AND length(p.name) >= 2 AND position(p.name IN NEW.question) > 0) THEN
        RAISE EXCEPTION 'the question names another party';
    END IF;
    IF NOT EXISTS (SELECT FROM collaboration c JOIN agency a ON a.id = c.township_id
                    WHERE c.id = NEW.collaboration_id AND c.matter_id = NEW.matter_id AND c.township_id = NEW.township_id
                      AND c.lead_agency_id = NEW.lead_agency_id AND a.kind = 'township') THEN
        RAISE EXCEPTION 'a push goes to the township of its collaboration';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER four_things BEFORE INSERT ON collaboration_push FOR EACH ROW EXECUTE FUNCTION lianban.push_says_four_things();

-- The order of the steps, and whose each is: the township signs, reports and says how it ended; the court agrees the day and rates.
CREATE FUNCTION lianban.collaboration_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    township boolean := NEW.township_id = lianban.agency();
    next text[] := CASE OLD.state
        WHEN 'pushed' THEN ARRAY['signed']
        WHEN 'signed' THEN ARRAY['surveyed', 'lead_reported', 'day_agreed']
        WHEN 'surveyed' THEN ARRAY['surveyed', 'lead_reported', 'day_agreed', 'result_recorded']
        WHEN 'lead_reported' THEN ARRAY['lead_reported', 'day_agreed', 'result_recorded']
        WHEN 'day_agreed' THEN ARRAY['lead_reported', 'day_agreed', 'result_recorded']
        WHEN 'result_recorded' THEN ARRAY['rated'] ELSE '{}'::text[] END;
BEGIN
    IF NEW.state <> ALL (next) THEN
        RAISE EXCEPTION 'a collaboration does not go from % to %', OLD.state, NEW.state;
    END IF;
    IF NEW.state IN ('signed', 'surveyed', 'lead_reported') AND NOT township
       OR NEW.state IN ('day_agreed', 'rated') AND township THEN
        RAISE EXCEPTION 'this step is not this agency''s: %', NEW.state;
    END IF;
    IF NEW.rating IS DISTINCT FROM OLD.rating AND NEW.state <> 'rated'
       OR NEW.result IS DISTINCT FROM OLD.result AND NEW.state <> 'result_recorded'
       OR NEW.signed_at IS DISTINCT FROM OLD.signed_at AND NEW.state <> 'signed' THEN
        RAISE EXCEPTION 'what a step says is written with the step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE UPDATE ON collaboration FOR EACH ROW EXECUTE FUNCTION lianban.collaboration_moves();

-- The monthly bulletin 通报: counts for each township, in the order of their codes. Nobody is named and nothing is ranked. The
-- supervisor is told of all, a court of what it pushed, a township of itself.
CREATE FUNCTION lianban.township_bulletin(first timestamptz, until timestamptz)
RETURNS TABLE (township uuid, pushed bigint, signed bigint, answered bigint, in_time bigint, overdue bigint, leads bigint,
               results bigint, closed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT c.township_id,
           count(*) FILTER (WHERE c.pushed_at >= first AND c.pushed_at < until),
           count(*) FILTER (WHERE c.signed_at >= first AND c.signed_at < until),
           count(*) FILTER (WHERE c.answered_at >= first AND c.answered_at < until),
           count(*) FILTER (WHERE c.answered_at >= first AND c.answered_at < until
                              AND (c.answered_at AT TIME ZONE 'Asia/Shanghai')::date <= c.due_on),
           count(*) FILTER (WHERE c.due_on >= (first AT TIME ZONE 'Asia/Shanghai')::date
                              AND c.due_on < (until AT TIME ZONE 'Asia/Shanghai')::date
                              AND (c.answered_at IS NULL OR (c.answered_at AT TIME ZONE 'Asia/Shanghai')::date > c.due_on)),
           coalesce(sum((SELECT count(*) FROM property_lead l WHERE l.collaboration_id = c.id
                          AND l.occurred_at >= first AND l.occurred_at < until)), 0)::bigint,
           count(*) FILTER (WHERE c.result_at >= first AND c.result_at < until),
           count(DISTINCT c.matter_id) FILTER (WHERE m.closed_at >= first AND m.closed_at < until)
      FROM collaboration c JOIN matter m ON m.id = c.matter_id
     WHERE lianban.has_role('supervisor') OR lianban.agency() IN (c.lead_agency_id, c.township_id)
     GROUP BY c.township_id
$$;

-- --- listings and limits

GRANT UPDATE (state, ground, ground_item, facts, adult_checked_at, term_years, grace_months, proposed_at, proposed_by_id, signed_at,
              signed_by_id, published_on, term_ends_on, removal_event, removal_due_on, removed_at, removed_by_id, reason)
    ON listing TO lianban_app;
GRANT UPDATE (lift_event, lift_due_on, lifted_at, lifted_by_id, reason) ON consumption_limit TO lianban_app;

CREATE FUNCTION lianban.listing_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM party p WHERE p.id = NEW.party_id AND p.matter_id = NEW.matter_id AND p.kind = NEW.party_kind) THEN
        RAISE EXCEPTION 'a listing is of a party of its matter, a person or an organisation as it is there';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('requested', 'proposed') THEN
            RAISE EXCEPTION 'a listing begins with a request or a proposal';
        END IF;
        -- 失信规定 10: after a deletion at the creditor's request, his request is refused for six months.
        IF NEW.origin = 'request' AND EXISTS (
            SELECT FROM listing l WHERE l.party_id = NEW.party_id AND l.removal_event = 'creditor_asked'
               AND (NEW.recorded_at AT TIME ZONE 'Asia/Shanghai')::date
                   <= ((l.removed_at AT TIME ZONE 'Asia/Shanghai')::date + interval '6 months')::date) THEN
            RAISE EXCEPTION 'the creditor had this listing deleted less than six months ago';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state IN ('removed', 'refused') THEN
        RAISE EXCEPTION 'a listing that is over does not change; another one is made';
    END IF;
    IF NEW.state IN ('grace', 'listed') AND OLD.signed_at IS NULL THEN
        -- 决定书由院长签发.
        IF NOT lianban.has_role('president') OR NEW.signed_by_id IS DISTINCT FROM lianban.officer() THEN
            RAISE EXCEPTION 'the president of the court signs the decision, in person';
        END IF;
    ELSIF (NEW.signed_at, NEW.signed_by_id, NEW.ground, NEW.ground_item, NEW.term_years)
          IS DISTINCT FROM (OLD.signed_at, OLD.signed_by_id, OLD.ground, OLD.ground_item, OLD.term_years)
          AND OLD.state NOT IN ('requested', 'proposed') THEN
        RAISE EXCEPTION 'what was signed does not change';
    END IF;
    IF NEW.state = 'removed' AND NOT (
           NEW.removal_event = 'corrected'
           OR NEW.term_years > 0 AND NEW.removal_event IN ('term_ended', 'active_performance')
           OR NEW.term_years = 0 AND NEW.removal_event IN ('performed', 'settlement_performed', 'creditor_asked',
                  'nothing_found_after_termination', 'suspended', 'not_enforced', 'enforcement_ended')) THEN
        RAISE EXCEPTION 'this event does not remove a listing % a term', CASE WHEN NEW.term_years > 0 THEN 'with' ELSE 'without' END;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT OR UPDATE ON listing FOR EACH ROW EXECUTE FUNCTION lianban.listing_holds();

CREATE FUNCTION lianban.limit_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM party p WHERE p.id = NEW.party_id AND p.matter_id = NEW.matter_id AND p.kind = NEW.party_kind) THEN
        RAISE EXCEPTION 'a limit is about a party of its matter';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NOT NULL THEN
        RAISE EXCEPTION 'a limit that was lifted does not change; another one is ordered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT OR UPDATE ON consumption_limit FOR EACH ROW EXECUTE FUNCTION lianban.limit_holds();

-- --- objections

GRANT UPDATE (state, filed_at, decision, reasons, decided_at, decided_by_id, served_on, bars_until) ON objection TO lianban_app;

CREATE FUNCTION lianban.objection_keeps() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF OLD.state = 'decided' AND (NEW.state, NEW.decision, NEW.reasons, NEW.decided_at, NEW.decided_by_id)
       IS DISTINCT FROM (OLD.state, OLD.decision, OLD.reasons, OLD.decided_at, OLD.decided_by_id) THEN
        RAISE EXCEPTION 'what was decided does not change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keeps BEFORE UPDATE ON objection FOR EACH ROW EXECUTE FUNCTION lianban.objection_keeps();

-- Whether an asset may not be disposed of on a day: somebody outside claims it (民诉法 238). ``of_asset`` of NULL asks about the whole
-- matter; an objection that names no record bars all of it. Asked by whoever disposes, in this or another of the lead's matters.
CREATE FUNCTION lianban.disposal_barred(of_matter uuid, of_asset uuid DEFAULT NULL, on_day date DEFAULT lianban.today())
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT EXISTS (SELECT FROM objection o
                    WHERE o.matter_id = of_matter AND o.bars AND o.received_on <= on_day
                      AND (of_asset IS NULL OR o.about IS NULL OR o.about = of_asset)
                      AND (o.bars_until IS NULL OR on_day <= o.bars_until)
                      AND (session_user = 'lianban_worker' OR o.lead_agency_id = lianban.agency()
                           OR session_user <> 'lianban_app'))
$$;

-- --- closing

CREATE POLICY led_or_supervised ON closing FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency()) OR (SELECT lianban.has_role('supervisor')));
CREATE POLICY lead_adds ON closing FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id) AND closed_by_id = (SELECT lianban.officer()));
GRANT UPDATE (reopened_at) ON closing TO lianban_app;
GRANT UPDATE (done_at, done_by_id, found, summary, creditor_told_on) ON terminated_query TO lianban_app;
GRANT UPDATE (case_no, sent_on, accepted_on) ON insolvency_link TO lianban_app;

-- The day on which this round of a matter began: the filing, or the last re-opening.
CREATE FUNCTION lianban.round_began(of_matter uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public, lianban
AS $$
    SELECT (coalesce((SELECT max(reopened_at) FROM reopening WHERE matter_id = of_matter),
                     (SELECT opened_at FROM matter WHERE id = of_matter)) AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- Money that arrived in a matter and was not paid out, in fen.
CREATE FUNCTION lianban.undistributed(of_matter uuid) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, public, lianban
AS $$
    SELECT coalesce(sum(f.amount_fen - coalesce((SELECT sum(p.amount_fen) FROM payout p
                                                  WHERE p.fund_id = f.id AND p.state = 'paid'), 0)), 0)::bigint
      FROM fund f WHERE f.matter_id = of_matter AND f.superseded_at IS NULL
$$;

-- What is left to be done before a mode, as codes: empty, and the case may be closed. The engine says the same in words.
CREATE FUNCTION lianban.not_yet(of_matter uuid, mode text, ground text, on_day date) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, public, lianban
AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN mode = 'completed' AND ground <> 'settlement_performed'
              AND lianban.owed(of_matter, on_day) > 0 THEN 'nothing_outstanding' END,
        CASE WHEN lianban.undistributed(of_matter) > 0 THEN 'nothing_undistributed' END,
        CASE WHEN mode IN ('completed', 'terminated') AND EXISTS (
                  SELECT FROM objection o WHERE o.matter_id = of_matter AND o.state <> 'decided') THEN 'no_objection_open' END,
        CASE WHEN mode <> 'terminated' AND EXISTS (
                  SELECT FROM measure m WHERE m.matter_id = of_matter AND m.state IN ('ordered', 'effective', 'waiting'))
             THEN 'no_measure_left' END,
        CASE WHEN mode = 'terminated' AND on_day <= (lianban.round_began(of_matter) + interval '3 months')::date
             THEN 'three_months' END,
        CASE WHEN mode = 'terminated' AND EXISTS (
                  SELECT FROM party p WHERE p.matter_id = of_matter AND p.role = 'debtor' AND NOT EXISTS (
                      SELECT FROM consumption_limit l WHERE l.party_id = p.id AND l.lifted_at IS NULL))
             THEN 'consumption_limited' END,
        CASE WHEN mode = 'terminated' AND EXISTS (
                  SELECT FROM property_lead l WHERE l.matter_id = of_matter AND l.state = 'reported')
             THEN 'no_lead_unverified' END], NULL)
$$;

CREATE FUNCTION lianban.closing_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
DECLARE missing text[];
BEGIN
    IF NOT EXISTS (SELECT FROM matter WHERE id = NEW.matter_id AND state = 'open') THEN
        RAISE EXCEPTION 'a matter that is not open cannot be closed';
    END IF;
    IF NEW.filed_on <> lianban.round_began(NEW.matter_id)
       OR NEW.closed_on <> (NEW.closed_at AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'a closing says the days on which its round began and ended';
    END IF;
    missing := lianban.not_yet(NEW.matter_id, NEW.mode, NEW.ground, NEW.closed_on);
    IF cardinality(missing) > 0 THEN
        RAISE EXCEPTION 'not yet: %', array_to_string(missing, ', ');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT ON closing FOR EACH ROW EXECUTE FUNCTION lianban.closing_holds();

-- At the end of the transaction: every line that was required is proved, and the matter is closed.
CREATE FUNCTION lianban.closing_is_proved() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
DECLARE bare text[];
BEGIN
    SELECT array_agg(item) INTO bare FROM unnest(NEW.required) AS item
     WHERE NOT EXISTS (SELECT FROM closing_proof p WHERE p.closing_id = NEW.id AND p.item = item);
    IF bare IS NOT NULL THEN
        RAISE EXCEPTION 'without proof: %', array_to_string(bare, ', ');
    END IF;
    IF EXISTS (SELECT FROM matter WHERE id = NEW.matter_id AND state = 'open') THEN
        RAISE EXCEPTION 'a matter with a closing is closed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER proved AFTER INSERT ON closing DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lianban.closing_is_proved();

-- A proof is a row that its court can see, of this matter, or an answer to a letter about this case number.
CREATE FUNCTION lianban.proof_is_there() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
DECLARE there boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM closing c WHERE c.id = NEW.closing_id AND c.matter_id = NEW.matter_id
                    AND c.lead_agency_id = NEW.lead_agency_id) THEN
        RAISE EXCEPTION 'a proof belongs to the closing of its matter';
    END IF;
    there := CASE NEW.kind
        WHEN 'statement' THEN true
        WHEN 'answer' THEN EXISTS (
            SELECT FROM answer a JOIN letter l ON l.id = a.letter_id
             WHERE a.id = NEW.reference AND a.state IN ('sent', 'accepted')
               AND (l.matter_id = NEW.matter_id OR l.content ->> 'case_no' IN (
                    SELECT number FROM matter WHERE id = NEW.matter_id
                    UNION ALL SELECT number FROM reopening WHERE matter_id = NEW.matter_id)))
        WHEN 'measure' THEN EXISTS (SELECT FROM measure WHERE id = NEW.reference AND matter_id = NEW.matter_id)
        WHEN 'lead' THEN EXISTS (SELECT FROM property_lead WHERE id = NEW.reference AND matter_id = NEW.matter_id)
        WHEN 'collaboration' THEN EXISTS (SELECT FROM collaboration WHERE id = NEW.reference AND matter_id = NEW.matter_id
                                             AND answered_at IS NOT NULL)
        WHEN 'limit' THEN EXISTS (SELECT FROM consumption_limit WHERE id = NEW.reference AND matter_id = NEW.matter_id)
        WHEN 'listing' THEN EXISTS (SELECT FROM listing WHERE id = NEW.reference AND matter_id = NEW.matter_id)
        WHEN 'document' THEN EXISTS (SELECT FROM document WHERE id = NEW.reference AND matter_id = NEW.matter_id)
        WHEN 'collision' THEN EXISTS (SELECT FROM collision WHERE id = NEW.reference AND matter_id = NEW.matter_id)
        ELSE false END;
    IF NOT there THEN
        RAISE EXCEPTION 'this proof is not there: % %', NEW.kind, NEW.reference;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER there BEFORE INSERT ON closing_proof FOR EACH ROW EXECUTE FUNCTION lianban.proof_is_there();

-- 终本 may be resumed at any time; a creditor who withdrew may apply again; what is final is not re-opened.
CREATE FUNCTION lianban.reopening_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM closing c WHERE c.id = NEW.closing_id AND c.matter_id = NEW.matter_id
                    AND c.lead_agency_id = NEW.lead_agency_id AND (c.mode = 'terminated' OR c.ground = 'withdrawn')) THEN
        RAISE EXCEPTION 'only the end of a round is re-opened';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER holds BEFORE INSERT ON reopening FOR EACH ROW EXECUTE FUNCTION lianban.reopening_holds();

-- A matter that was closed by one of the modes goes on only by a re-opening.
CREATE FUNCTION lianban.opens_by_reopening() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF EXISTS (SELECT FROM closing c WHERE c.matter_id = NEW.id
                AND NOT EXISTS (SELECT FROM reopening r WHERE r.closing_id = c.id)) THEN
        RAISE EXCEPTION 'a matter that was closed is opened again by a re-opening';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER by_reopening BEFORE UPDATE OF state ON matter FOR EACH ROW
    WHEN (OLD.state = 'closed' AND NEW.state = 'open') EXECUTE FUNCTION lianban.opens_by_reopening();

-- When a case is closed, what was asked about a record that lives on stays asked: a listing to be deleted, a limit to be lifted, a
-- freeze to be renewed. What was asked of a township, and what is about no record, is over; of a withdrawn matter all of it.
CREATE OR REPLACE FUNCTION lianban.matter_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE leg SET closed_at = NEW.closed_at WHERE matter_id = NEW.id AND closed_at IS NULL;
    UPDATE task SET state = 'cancelled', closed_at = now()
     WHERE matter_id = NEW.id AND token IS NULL AND state = 'open'
       AND (NEW.state <> 'closed' OR about IS NULL OR element LIKE 'collaborations.%' OR element LIKE 'leads.%');
    RETURN NULL;
END $$;

-- --- the worker: what its clocks need, and no word of anybody

GRANT SELECT (id, matter_id, lead_agency_id, township_id, state, answered_at, due_on) ON collaboration TO lianban_worker;
GRANT SELECT (id, matter_id, lead_agency_id, collaboration_id, kind, opens_on, state) ON property_lead TO lianban_worker;
GRANT SELECT (id, matter_id, lead_agency_id, state, term_ends_on, removal_due_on, published_on, grace_months) ON listing TO lianban_worker;
GRANT SELECT (id, matter_id, lead_agency_id, lifted_at, lift_due_on) ON consumption_limit TO lianban_worker;
GRANT SELECT (id, matter_id, lead_agency_id, kind, state) ON objection TO lianban_worker;
GRANT SELECT (id, matter_id, lead_agency_id, mode, closed_on, queries_until, reopened_at) ON closing TO lianban_worker;
GRANT SELECT (id, closing_id, matter_id, lead_agency_id, number, due_on, done_at) ON terminated_query TO lianban_worker;
GRANT INSERT ON terminated_query TO lianban_worker;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['collaboration', 'property_lead', 'listing', 'consumption_limit', 'objection', 'closing',
                             'terminated_query'] LOOP
        EXECUTE format('CREATE POLICY system ON %I FOR SELECT TO lianban_worker USING (true)', t);
    END LOOP;
END $$;
CREATE POLICY system_adds ON terminated_query FOR INSERT TO lianban_worker WITH CHECK (done_at IS NULL);

-- --- facts for indicators

-- 类型代字 of a case number; the longest first, so that 执恢 is not taken for 执.
CREATE FUNCTION lianban.case_type(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT coalesce(substring(number FROM '(诉前调确|诉前调书|诉前调|执恢|执保|执异|执复|执监|执协|执他|财保|执)[0-9]+号'), '') $$;

CREATE VIEW fact_collaborations WITH (security_invoker = true) AS
SELECT c.id, c.matter_id, m.scene, a.code AS township, c.asked, c.state, nullif(c.result, '') AS result,
       c.pushed_at, c.signed_at, c.answered_at,
       ((c.due_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') - interval '1 microsecond' AS due_at,
       c.result_at, m.closed_at AS matter_closed_at, c.leads::bigint AS leads, m.batch
  FROM collaboration c JOIN matter m ON m.id = c.matter_id JOIN agency a ON a.id = c.township_id;

CREATE VIEW fact_closings WITH (security_invoker = true) AS
SELECT c.id, c.matter_id, m.scene, c.mode, c.ground, c.case_type, a.code AS lead_agency,
       c.filed_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS filed_at, c.closed_at,
       ((c.legal_end_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') - interval '1 microsecond' AS due_at,
       c.claimed_fen, c.recovered_fen, m.batch
  FROM closing c JOIN matter m ON m.id = c.matter_id JOIN agency a ON a.id = c.lead_agency_id;

-- 受理 = 新收 + 旧存: one row for each matter and each statistical year in which it was pending; the first round only.
CREATE VIEW fact_caseload WITH (security_invoker = true) AS
SELECT m.id, m.id AS matter_id, m.scene, lianban.case_type(m.number) AS case_type, a.code AS lead_agency,
       y.begins AS year_begins, CASE WHEN m.opened_at >= y.begins THEN 'new' ELSE 'old' END AS accepted,
       CASE WHEN c.closed_at < y.ends THEN c.mode END AS mode,
       CASE WHEN c.closed_at < y.ends THEN c.closed_at END AS closed_at, m.batch
  FROM matter m JOIN agency a ON a.id = m.lead_agency_id
  LEFT JOIN LATERAL (SELECT k.mode, k.closed_at FROM closing k WHERE k.matter_id = m.id ORDER BY k.closed_at LIMIT 1) c ON true
  CROSS JOIN LATERAL (
      SELECT (make_date(n, split_part(s.day, '-', 1)::integer, split_part(s.day, '-', 2)::integer))::timestamp
                 AT TIME ZONE 'Asia/Shanghai' AS begins,
             (make_date(n + 1, split_part(s.day, '-', 1)::integer, split_part(s.day, '-', 2)::integer))::timestamp
                 AT TIME ZONE 'Asia/Shanghai' AS ends
        FROM (SELECT lianban.setting_text('statistical_year_begins') AS day) s,
             generate_series(extract(year FROM m.opened_at AT TIME ZONE 'Asia/Shanghai')::integer - 1,
                             extract(year FROM coalesce(c.closed_at, m.closed_at, now()) AT TIME ZONE 'Asia/Shanghai')::integer) n) y
 WHERE m.opened_at < y.ends AND coalesce(c.closed_at, m.closed_at, now()) >= y.begins;

GRANT SELECT ON fact_collaborations, fact_closings, fact_caseload TO lianban_app;
