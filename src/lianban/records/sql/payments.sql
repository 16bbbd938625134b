-- Claims and money of a matter 案款. What the actions compute with the engine of payments, the database holds by itself:
-- a fund never pays out and holds back more than arrived; nobody is paid more than what was received for them; a payout
-- has two officers; shares, instalments and statements add up; nothing that was recorded is edited.

INSERT INTO lianban.setting VALUES
    ('payout_two_officers', '1', 'a payout is approved by another officer than the one who proposed it'),
    ('payout_clock', 'business.fund_payout', 'which clock of the clock book runs on money that arrived'),
    ('interest_last_day_counts', '0', 'doubled interest counts the last day for performance itself'),
    ('doubled_last_in_distribution', '1', 'among several creditors doubled interest comes after all document debts'),
    ('instalment_remind_days', '1', 'so many days after a missed instalment the alarm is given');
CREATE FUNCTION lianban.setting_text(wanted text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lianban
AS $$ SELECT value FROM lianban.setting WHERE name = wanted $$;

-- --- who sees: the agency that leads the matter, or whose account it is. Nobody else, and no worker.

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['claim', 'claim_version', 'claim_tranche', 'claim_interest', 'claim_pause', 'receipt', 'fund',
                             'fund_hold', 'payout', 'distribution', 'distribution_share', 'distribution_objection',
                             'instalment_plan', 'instalment', 'bank_statement', 'bank_entry', 'bank_match'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY functions ON %I TO lianban_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO lianban_app', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['claim', 'claim_version', 'receipt', 'fund_hold', 'payout', 'distribution',
                             'distribution_objection', 'instalment_plan', 'instalment'] LOOP
        EXECUTE format('CREATE POLICY led ON %I FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('CREATE POLICY lead_adds ON %I FOR INSERT TO lianban_app WITH CHECK (
            lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['fund_hold', 'payout', 'distribution', 'distribution_objection', 'instalment_plan'] LOOP
        EXECUTE format('CREATE POLICY lead_changes ON %I FOR UPDATE TO lianban_app
            USING (lead_agency_id = (SELECT lianban.agency())) WITH CHECK (lead_agency_id = (SELECT lianban.agency()))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['claim_tranche', 'claim_interest', 'claim_pause'] LOOP
        EXECUTE format('CREATE POLICY led ON %I FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('CREATE POLICY lead_adds ON %1$I FOR INSERT TO lianban_app WITH CHECK (
            lead_agency_id = (SELECT lianban.agency()) AND EXISTS (SELECT FROM claim_version v
                WHERE v.id = %1$I.version_id AND v.lead_agency_id = (SELECT lianban.agency())))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['bank_statement', 'bank_entry', 'bank_match'] LOOP
        EXECUTE format('CREATE POLICY own ON %I FOR SELECT TO lianban_app USING (agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('CREATE POLICY adds ON %I FOR INSERT TO lianban_app WITH CHECK (agency_id = (SELECT lianban.agency()))', t);
    END LOOP;
END $$;
CREATE POLICY led ON distribution_share FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY lead_adds ON distribution_share FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND EXISTS (SELECT FROM distribution d
        WHERE d.id = distribution_share.distribution_id AND d.lead_agency_id = (SELECT lianban.agency())));
CREATE POLICY own ON fund FOR SELECT TO lianban_app USING (agency_id = (SELECT lianban.agency()));
CREATE POLICY adds ON fund FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND (matter_id IS NULL OR lianban.leads(matter_id)));
CREATE POLICY changes ON fund FOR UPDATE TO lianban_app USING (agency_id = (SELECT lianban.agency()))
    WITH CHECK (agency_id = (SELECT lianban.agency()) AND (matter_id IS NULL OR lianban.leads(matter_id)));
CREATE POLICY changes ON bank_match FOR UPDATE TO lianban_app USING (agency_id = (SELECT lianban.agency()))
    WITH CHECK (agency_id = (SELECT lianban.agency()));

-- What may ever change of a row. Everything else is as it was recorded.
GRANT UPDATE (matter_id, claimed_at, claimed_by_id, notified_at, ready_at) ON fund TO lianban_app;
GRANT UPDATE (until, lifted_by_id, lift_reason) ON fund_hold TO lianban_app;
GRANT UPDATE (state, decided_by_id, decided_at, decision_reason, paid_at, paid_by_id, bank_reference, returned_at)
    ON payout TO lianban_app;
GRANT UPDATE (state, served_on, object_until, cancelled_at, cancel_reason) ON distribution TO lianban_app;
GRANT UPDATE (told_on, countered_on, counter_told_on, sued_on, ended_on, outcome) ON distribution_objection TO lianban_app;
GRANT UPDATE (state, ended_on, end_reason) ON instalment_plan TO lianban_app;
GRANT UPDATE (undone_at, undone_by_id, undo_reason) ON bank_match TO lianban_app;

-- --- what is owed on a day: the same as lianban.engines.payments.settle, exact and rounded once; a test compares the two.

CREATE TABLE lianban.doubled_rate (from_day date PRIMARY KEY, daily numeric NOT NULL);
INSERT INTO lianban.doubled_rate VALUES ('2014-08-01', 0.000175);
GRANT SELECT ON lianban.doubled_rate TO lianban_app;

CREATE FUNCTION lianban.days_counted(first date, last date, paused datemultirange) RETURNS integer
LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN last < first THEN 0
                ELSE last - first + 1 - coalesce((SELECT sum(upper(r) - lower(r))::integer
                         FROM unnest(paused * datemultirange(daterange(first, last, '[]'))) AS r), 0) END
$$;

-- A row for each part of the claim, and one for what was received beyond it. Without a day: as of the last receipt.
CREATE FUNCTION lianban.settle(wanted uuid, on_day date) RETURNS TABLE (bucket text, paid_fen bigint, owed_fen bigint)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    v claim_version;
    unpaid bigint[];
    lasts date[];
    firsts date[];
    paused datemultirange;
    counts_from date;
    reached date;
    step record;
    rate record;
    interest record;
    doubled numeric;
    of_360 numeric := 0;
    of_365 numeric := 0;
    paid jsonb := '{}';
    owed jsonb;
    remaining bigint;
    part bigint;
    surplus bigint := 0;
    name text;
    sum_of bigint;
BEGIN
    SELECT * INTO v FROM claim_version WHERE claim_id = wanted ORDER BY number DESC LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    IF on_day IS NULL THEN
        SELECT coalesce(max(paid_on), lianban.today()) INTO on_day FROM receipt
         WHERE claim_id = wanted AND superseded_at IS NULL;
    END IF;
    doubled := v.doubled_before_fen;
    counts_from := coalesce(v.doubled_from, '-infinity');
    SELECT coalesce(array_agg(t.amount_fen ORDER BY t.last_day, t.number), '{}'),
           coalesce(array_agg(t.last_day ORDER BY t.last_day, t.number), '{}'),
           coalesce(array_agg(greatest(t.last_day + 1 - lianban.setting_int('interest_last_day_counts'), counts_from)
                              ORDER BY t.last_day, t.number), '{}')
      INTO unpaid, lasts, firsts FROM claim_tranche t WHERE t.version_id = v.id;
    SELECT coalesce(range_agg(daterange(p.first_day, p.last_day, '[]')), '{}') INTO paused
      FROM claim_pause p WHERE p.version_id = v.id;
    SELECT min(day) - 1 INTO reached FROM (
        SELECT on_day AS day UNION ALL SELECT unnest(firsts)
        UNION ALL SELECT min(paid_on) FROM receipt WHERE claim_id = wanted AND superseded_at IS NULL
        UNION ALL SELECT min(first_day) FROM claim_interest WHERE version_id = v.id) AS days;
    FOR step IN
        SELECT r.paid_on AS day, r.amount_fen AS amount, false AS final, r.id FROM receipt r
         WHERE r.claim_id = wanted AND r.superseded_at IS NULL AND r.paid_on <= on_day
        UNION ALL SELECT on_day, 0, true, NULL ORDER BY final, day, id
    LOOP
        SELECT coalesce(sum(u), 0) INTO sum_of FROM unnest(unpaid) AS u;
        FOR rate IN SELECT d.from_day, d.daily, lead(d.from_day - 1, 1, 'infinity') OVER (ORDER BY d.from_day) AS last_day
                      FROM lianban.doubled_rate d LOOP
            FOR i IN 1 .. cardinality(unpaid) LOOP
                doubled := doubled + unpaid[i] * rate.daily * lianban.days_counted(
                    greatest(reached + 1, firsts[i], rate.from_day), least(step.day, rate.last_day), paused);
            END LOOP;
        END LOOP;
        FOR interest IN SELECT * FROM claim_interest c WHERE c.version_id = v.id LOOP
            IF interest.day_basis = 360 THEN
                of_360 := of_360 + least(coalesce(interest.base_fen, sum_of), sum_of) * interest.yearly_percent * lianban.days_counted(
                    greatest(reached + 1, interest.first_day), least(step.day, coalesce(interest.last_day, 'infinity')), '{}');
            ELSE
                of_365 := of_365 + least(coalesce(interest.base_fen, sum_of), sum_of) * interest.yearly_percent * lianban.days_counted(
                    greatest(reached + 1, interest.first_day), least(step.day, coalesce(interest.last_day, 'infinity')), '{}');
            END IF;
        END LOOP;
        reached := greatest(reached, step.day);
        SELECT coalesce(sum(unpaid[i]), 0) INTO sum_of FROM generate_subscripts(unpaid, 1) AS i WHERE lasts[i] <= reached;
        -- A rate is of a hundred and of 360 or 365 days: 36000 × 73 = 36500 × 72 = 2628000. Half a fen up, once.
        owed := jsonb_build_object(
            'enforcement_costs', v.enforcement_costs_fen - coalesce((paid ->> 'enforcement_costs')::bigint, 0),
            'costs', v.costs_fen - coalesce((paid ->> 'costs')::bigint, 0),
            'general_interest', floor(v.interest_fen + div(2 * (of_360 * 73 + of_365 * 72) + 2628000, 2 * 2628000))
                - coalesce((paid ->> 'general_interest')::bigint, 0),
            'principal', sum_of,
            'doubled_interest', floor(doubled + 0.5) - coalesce((paid ->> 'doubled_interest')::bigint, 0));
        remaining := step.amount;
        FOREACH name IN ARRAY v.buckets LOOP
            part := least(remaining, (owed ->> name)::bigint);
            CONTINUE WHEN part = 0;
            remaining := remaining - part;
            paid := jsonb_set(paid, ARRAY[name], to_jsonb(coalesce((paid ->> name)::bigint, 0) + part));
            owed := jsonb_set(owed, ARRAY[name], to_jsonb((owed ->> name)::bigint - part));
            IF name = 'principal' THEN
                FOR i IN 1 .. cardinality(unpaid) LOOP
                    IF lasts[i] <= reached AND part > 0 THEN
                        sum_of := least(part, unpaid[i]);
                        unpaid[i] := unpaid[i] - sum_of;
                        part := part - sum_of;
                    END IF;
                END LOOP;
            END IF;
        END LOOP;
        surplus := surplus + remaining;
    END LOOP;
    FOREACH name IN ARRAY v.buckets LOOP
        bucket := name;
        paid_fen := coalesce((paid ->> name)::bigint, 0);
        owed_fen := (owed ->> name)::bigint;
        RETURN NEXT;
    END LOOP;
    bucket := 'surplus';
    paid_fen := surplus;
    owed_fen := 0;
    RETURN NEXT;
END $$;

-- Everything that the matter's own claims still demand on a day, with interest and costs, in fen. NULL where no claim is
-- recorded. It is as secret as the claims are: functions may ask, and the court that leads the matter.
CREATE FUNCTION lianban.outstanding_on(of_matter uuid, on_day date) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT sum(s.owed_fen)::bigint FROM claim c CROSS JOIN LATERAL lianban.settle(c.id, on_day) AS s
     WHERE c.matter_id = of_matter AND c.own
$$;
REVOKE ALL ON FUNCTION lianban.outstanding_on(uuid, date) FROM PUBLIC;
CREATE FUNCTION lianban.owed(of_matter uuid, on_day date) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT lianban.outstanding_on(of_matter, on_day) WHERE lianban.leads(of_matter) $$;

-- The ceiling of control as of today, for the measures: of the claims, and until one is recorded, what the form of the
-- matter says.
CREATE OR REPLACE FUNCTION lianban.outstanding(matter uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT coalesce(lianban.outstanding_on(outstanding.matter, lianban.today()), (
        SELECT coalesce(sum((part.value #>> '{}')::numeric)::bigint, 0)
          FROM matter_content c,
               jsonb_each(CASE jsonb_typeof(c.data -> 'claim') WHEN 'object' THEN c.data -> 'claim' ELSE '{}' END) AS part
         WHERE c.matter_id = outstanding.matter AND jsonb_typeof(part.value) = 'number'))
$$;
REVOKE ALL ON FUNCTION lianban.outstanding(uuid) FROM PUBLIC;

-- --- claims and receipts: append-only; a correction supersedes

CREATE FUNCTION lianban.same_matter(of_claim uuid, of_matter uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM claim WHERE id = of_claim AND matter_id = of_matter) THEN
        RAISE EXCEPTION 'the claim is of another matter' USING ERRCODE = 'check_violation';
    END IF;
END $$;

-- What left for a claim is at most what was received for it: as a whole, and of each fund.
CREATE FUNCTION lianban.payouts_within(wanted uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    for_creditor bigint;
    for_costs bigint;
    in_kind bigint;
    out_creditor bigint;
    out_costs bigint;
BEGIN
    PERFORM FROM claim WHERE id = wanted FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount_fen) FILTER (WHERE purpose = 'claim'), 0), coalesce(sum(amount_fen) FILTER (WHERE purpose = 'costs'), 0)
      INTO out_creditor, out_costs FROM payout WHERE claim_id = wanted AND state IN ('proposed', 'approved', 'paid');
    IF out_creditor + out_costs = 0 THEN RETURN; END IF;
    SELECT coalesce(sum(paid_fen) FILTER (WHERE bucket NOT IN ('enforcement_costs', 'surplus')), 0),
           coalesce(sum(paid_fen) FILTER (WHERE bucket = 'enforcement_costs'), 0)
      INTO for_creditor, for_costs FROM lianban.settle(wanted, NULL);
    SELECT coalesce(sum(amount_fen), 0) INTO in_kind FROM receipt
     WHERE claim_id = wanted AND fund_id IS NULL AND superseded_at IS NULL;
    IF out_creditor > for_creditor - in_kind OR out_costs > for_costs THEN
        RAISE EXCEPTION 'payouts of a claim exceed what was received for it'
            USING ERRCODE = 'check_violation',
                  DETAIL = format('creditor %s of %s, costs %s of %s', out_creditor, for_creditor - in_kind, out_costs, for_costs);
    END IF;
    IF EXISTS (SELECT FROM payout p WHERE p.claim_id = wanted AND p.state IN ('proposed', 'approved', 'paid')
                  AND p.purpose <> 'surplus' GROUP BY p.fund_id
               HAVING sum(p.amount_fen) > coalesce((SELECT sum(r.amount_fen) FROM receipt r WHERE r.claim_id = wanted
                                                     AND r.fund_id = p.fund_id AND r.superseded_at IS NULL), 0)) THEN
        RAISE EXCEPTION 'payouts of a claim exceed what this money was received for' USING ERRCODE = 'check_violation';
    END IF;
END $$;

CREATE FUNCTION lianban.claim_version_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    v claim_version;
    key uuid := coalesce(to_jsonb(NEW) ->> 'version_id', to_jsonb(NEW) ->> 'id')::uuid;
BEGIN
    SELECT * INTO v FROM claim_version WHERE id = key;
    PERFORM lianban.same_matter(v.claim_id, v.matter_id);
    IF v.number > 1 AND NOT EXISTS (SELECT FROM claim_version WHERE claim_id = v.claim_id AND number = v.number - 1) THEN
        RAISE EXCEPTION 'the versions of a claim follow one another' USING ERRCODE = 'check_violation';
    END IF;
    IF (v.principal_fen, v.tranches) <>
           (SELECT coalesce(sum(amount_fen), 0)::bigint, count(*)::smallint FROM claim_tranche WHERE version_id = key)
       OR v.interests <> (SELECT count(*) FROM claim_interest WHERE version_id = key)
       OR v.pauses <> (SELECT count(*) FROM claim_pause WHERE version_id = key) THEN
        RAISE EXCEPTION 'the lines of a claim do not add up to what was recorded'
            USING ERRCODE = 'check_violation', HINT = 'A recorded claim is not added to: record a correction.';
    END IF;
    PERFORM lianban.payouts_within(v.claim_id);
    RETURN NULL;
END $$;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['claim_version', 'claim_tranche', 'claim_interest', 'claim_pause'] LOOP
        EXECUTE format('CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON %I DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION lianban.claim_version_adds_up()', t);
    END LOOP;
END $$;
ALTER TABLE claim_version ADD CONSTRAINT claim_version_buckets CHECK (
    cardinality(buckets) = 5
    AND buckets @> ARRAY['enforcement_costs', 'costs', 'general_interest', 'principal', 'doubled_interest']);

CREATE FUNCTION lianban.receipt_supersedes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NEW.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'what is recorded now is not superseded yet' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.supersedes_id IS NOT NULL THEN
        UPDATE receipt SET superseded_at = NEW.recorded_at
         WHERE id = NEW.supersedes_id AND matter_id = NEW.matter_id AND superseded_at IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the receipt to be corrected is not there or was corrected already' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supersedes BEFORE INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION lianban.receipt_supersedes();

CREATE FUNCTION lianban.receipt_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE f fund;
BEGIN
    PERFORM lianban.same_matter(NEW.claim_id, NEW.matter_id);
    IF NEW.fund_id IS NULL THEN
        -- 和解规定 6: what the parties agreed to hand over is theirs to perform; the court orders nothing of it.
        IF NEW.amount_fen > 0
           AND EXISTS (SELECT FROM instalment_plan WHERE claim_id = NEW.claim_id AND state IN ('running', 'performed')) THEN
            RAISE EXCEPTION 'no ruling in kind on a settlement' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        SELECT * INTO f FROM fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
        IF f.matter_id IS DISTINCT FROM NEW.matter_id OR f.superseded_at IS NOT NULL THEN
            RAISE EXCEPTION 'the money is not this matter''s' USING ERRCODE = 'check_violation';
        END IF;
        IF (SELECT sum(amount_fen) FROM receipt WHERE fund_id = NEW.fund_id AND superseded_at IS NULL) > f.amount_fen THEN
            RAISE EXCEPTION 'more of the money is counted than arrived' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.supersedes_id IS NOT NULL THEN
        PERFORM lianban.payouts_within(claim_id) FROM receipt WHERE id = NEW.supersedes_id;
    END IF;
    PERFORM lianban.payouts_within(NEW.claim_id);
    RETURN NULL;
END $$;
CREATE TRIGGER holds AFTER INSERT ON receipt FOR EACH ROW EXECUTE FUNCTION lianban.receipt_holds();

-- --- funds, holds, payouts

CREATE FUNCTION lianban.fund_supersedes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NEW.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'what is recorded now is not superseded yet' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.supersedes_id IS NOT NULL THEN
        IF EXISTS (SELECT FROM payout WHERE fund_id = NEW.supersedes_id AND state IN ('proposed', 'approved', 'paid'))
           OR EXISTS (SELECT FROM distribution WHERE fund_id = NEW.supersedes_id AND state <> 'cancelled') THEN
            RAISE EXCEPTION 'money that is being distributed or paid out is not corrected' USING ERRCODE = 'check_violation';
        END IF;
        UPDATE fund SET superseded_at = NEW.recorded_at
         WHERE id = NEW.supersedes_id AND agency_id = NEW.agency_id AND superseded_at IS NULL;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the arrival to be corrected is not there or was corrected already' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER supersedes BEFORE INSERT ON fund FOR EACH ROW EXECUTE FUNCTION lianban.fund_supersedes();

CREATE FUNCTION lianban.fund_changes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL
       OR OLD.matter_id IS NOT NULL AND NEW.matter_id IS DISTINCT FROM OLD.matter_id
       OR OLD.notified_at IS NOT NULL AND NEW.notified_at IS DISTINCT FROM OLD.notified_at
       OR OLD.ready_at IS NOT NULL AND NEW.ready_at IS DISTINCT FROM OLD.ready_at THEN
        RAISE EXCEPTION 'an arrival is claimed, notified and made ready once'
            USING ERRCODE = 'check_violation', HINT = 'Record a correction of the arrival.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE UPDATE OF matter_id, claimed_at, claimed_by_id, notified_at, ready_at ON fund
    FOR EACH ROW EXECUTE FUNCTION lianban.fund_changes();

CREATE FUNCTION lianban.fund_superseded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF EXISTS (SELECT FROM receipt WHERE fund_id = NEW.id AND superseded_at IS NULL AND amount_fen > 0)
       OR EXISTS (SELECT FROM fund_hold WHERE fund_id = NEW.id AND until IS NULL) THEN
        RAISE EXCEPTION 'a corrected arrival still counts or is held' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER superseded AFTER UPDATE ON fund DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL) EXECUTE FUNCTION lianban.fund_superseded();

CREATE FUNCTION lianban.hold_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    f fund;
    paid bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.until IS NOT NULL OR NEW.until IS NULL OR NEW.lift_reason !~ '\S' THEN
            RAISE EXCEPTION 'a hold is lifted once, with its reason' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.reason !~ '\S' OR NEW.until IS NOT NULL THEN
        RAISE EXCEPTION 'a hold begins with its reason in words' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO f FROM fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
    IF f.matter_id IS DISTINCT FROM NEW.matter_id OR f.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'the money is not this matter''s' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(amount_fen), 0) INTO paid FROM payout WHERE fund_id = NEW.fund_id AND state = 'paid';
    IF coalesce(NEW.amount_fen, 1) > f.amount_fen - paid THEN
        RAISE EXCEPTION 'more is held than is left of the money'
            USING ERRCODE = 'check_violation', DETAIL = format('%s of %s', NEW.amount_fen, f.amount_fen - paid);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER holds AFTER INSERT OR UPDATE ON fund_hold FOR EACH ROW EXECUTE FUNCTION lianban.hold_holds();

-- What nobody is owed and may go back: of claims that are paid in full, and of money that was counted for none.
CREATE FUNCTION lianban.surplus(of_matter uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT (coalesce((SELECT sum(s.paid_fen) FROM claim c CROSS JOIN LATERAL lianban.settle(c.id, NULL) AS s
                       WHERE c.matter_id = of_matter AND s.bucket = 'surplus'), 0)
          + coalesce((SELECT sum(coalesce(
                (SELECT d.left_fen FROM distribution d WHERE d.fund_id = f.id AND d.state = 'served'),
                CASE WHEN EXISTS (SELECT FROM distribution d WHERE d.fund_id = f.id AND d.state = 'draft') THEN 0
                     ELSE f.amount_fen - coalesce((SELECT sum(r.amount_fen) FROM receipt r
                                                    WHERE r.fund_id = f.id AND r.superseded_at IS NULL), 0) END))
                        FROM fund f WHERE f.matter_id = of_matter AND f.superseded_at IS NULL), 0))::bigint
$$;
REVOKE ALL ON FUNCTION lianban.surplus(uuid), lianban.payouts_within(uuid), lianban.same_matter(uuid, uuid) FROM PUBLIC;

CREATE FUNCTION lianban.payout_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    f fund;
    d distribution;
    others bigint;
    held bigint;
    counted text[] := CASE NEW.state WHEN 'proposed' THEN ARRAY['proposed', 'approved', 'paid']
                                     WHEN 'approved' THEN ARRAY['approved', 'paid'] ELSE ARRAY['paid'] END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' AND lianban.present() THEN
            RAISE EXCEPTION 'a payout begins as a proposal' USING ERRCODE = 'check_violation';
        END IF;
    ELSE
        IF (OLD.state, NEW.state) NOT IN (('proposed', 'approved'), ('proposed', 'refused'), ('proposed', 'cancelled'),
                                          ('approved', 'cancelled'), ('approved', 'paid'), ('paid', 'returned')) THEN
            RAISE EXCEPTION 'a payout does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.state = 'paid' AND (OLD.decided_by_id, OLD.decided_at) IS DISTINCT FROM (NEW.decided_by_id, NEW.decided_at) THEN
            RAISE EXCEPTION 'who approved stays' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state = 'approved' THEN
        IF NEW.decided_by_id IS NULL OR lianban.present() AND NEW.decided_by_id IS DISTINCT FROM lianban.officer() THEN
            RAISE EXCEPTION 'an officer approves in person' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.decided_by_id = NEW.proposed_by_id AND lianban.setting_int('payout_two_officers') = 1 THEN
            RAISE EXCEPTION 'another officer than who proposed a payout approves it' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF NEW.state NOT IN ('proposed', 'approved', 'paid') THEN RETURN NULL; END IF;

    SELECT * INTO f FROM fund WHERE id = NEW.fund_id FOR NO KEY UPDATE;
    IF f.matter_id IS DISTINCT FROM NEW.matter_id OR f.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'the money is not this matter''s' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(sum(amount_fen), 0) INTO others FROM payout
     WHERE fund_id = NEW.fund_id AND id <> NEW.id AND state = ANY (counted);
    SELECT coalesce(max(least(coalesce(amount_fen, f.amount_fen - others), f.amount_fen - others)), 0) INTO held
      FROM fund_hold WHERE fund_id = NEW.fund_id AND until IS NULL;
    IF NEW.amount_fen > f.amount_fen - others - held THEN
        RAISE EXCEPTION 'the money that is there and not held does not suffice' USING ERRCODE = 'check_violation',
            DETAIL = format('%s of %s, held %s, otherwise paid or about to be %s', NEW.amount_fen, f.amount_fen, held, others);
    END IF;

    SELECT * INTO d FROM distribution WHERE fund_id = NEW.fund_id AND state <> 'cancelled';
    IF NEW.distribution_id IS DISTINCT FROM d.id THEN
        RAISE EXCEPTION 'money with a plan of distribution is paid by that plan' USING ERRCODE = 'check_violation';
    END IF;
    IF d.id IS NOT NULL THEN
        IF d.state <> 'served' OR ((NEW.proposed_at AT TIME ZONE 'Asia/Shanghai')::date > d.object_until) IS NOT TRUE THEN
            RAISE EXCEPTION 'the time to object to the distribution is not over' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.purpose <> 'surplus' AND
           (SELECT sum(amount_fen) FROM payout WHERE distribution_id = d.id AND claim_id = NEW.claim_id
               AND purpose <> 'surplus' AND state IN ('proposed', 'approved', 'paid'))
           > coalesce((SELECT s.given_costs_fen + s.given_priority_fen + s.given_ordinary_fen + s.given_doubled_fen
                         FROM distribution_share s WHERE s.distribution_id = d.id AND s.claim_id = NEW.claim_id), 0)
             - coalesce((SELECT max(o.disputed_fen) FROM distribution_objection o
                          WHERE o.distribution_id = d.id AND o.against_id = NEW.claim_id AND o.ended_on IS NULL), 0) THEN
            RAISE EXCEPTION 'more is paid than the undisputed share' USING ERRCODE = 'check_violation';
        END IF;
    END IF;

    IF NEW.claim_id IS NOT NULL THEN
        PERFORM lianban.same_matter(NEW.claim_id, NEW.matter_id);
        PERFORM lianban.payouts_within(NEW.claim_id);
    END IF;
    IF NEW.purpose = 'surplus' THEN
        -- One after another in a matter: two refunds of different funds see each other.
        PERFORM FROM matter WHERE id = NEW.matter_id FOR NO KEY UPDATE;
        IF (SELECT sum(amount_fen) FROM payout WHERE matter_id = NEW.matter_id AND purpose = 'surplus'
               AND state IN ('proposed', 'approved', 'paid')) > lianban.surplus(NEW.matter_id) THEN
            RAISE EXCEPTION 'more goes back than nobody is owed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER holds AFTER INSERT OR UPDATE ON payout FOR EACH ROW EXECUTE FUNCTION lianban.payout_holds();
CREATE POLICY proposes ON payout AS RESTRICTIVE FOR INSERT TO lianban_app
    WITH CHECK (proposed_by_id = (SELECT lianban.officer()));
CREATE POLICY functions_lock ON matter FOR UPDATE TO lianban_owner USING (true) WITH CHECK (true);

-- --- distribution

CREATE FUNCTION lianban.distribution_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    d distribution;
    f fund;
BEGIN
    SELECT * INTO d FROM distribution
     WHERE id = coalesce(to_jsonb(NEW) ->> 'distribution_id', to_jsonb(NEW) ->> 'id')::uuid;
    SELECT * INTO f FROM fund WHERE id = d.fund_id FOR NO KEY UPDATE;
    IF f.matter_id IS DISTINCT FROM d.matter_id OR f.superseded_at IS NOT NULL
       OR EXISTS (SELECT FROM distribution_share s JOIN claim c ON c.id = s.claim_id
                   WHERE s.distribution_id = d.id AND c.matter_id <> d.matter_id) THEN
        RAISE EXCEPTION 'a distribution is of one matter' USING ERRCODE = 'check_violation';
    END IF;
    IF d.amount_fen <> d.left_fen + coalesce((
           SELECT sum(given_costs_fen + given_priority_fen + given_ordinary_fen + given_doubled_fen)
             FROM distribution_share WHERE distribution_id = d.id), 0) THEN
        RAISE EXCEPTION 'the shares do not add up to what is distributed' USING ERRCODE = 'check_violation';
    END IF;
    IF d.state <> 'cancelled' AND d.amount_fen > f.amount_fen - coalesce((
           SELECT sum(amount_fen) FROM payout WHERE fund_id = d.fund_id AND state IN ('proposed', 'approved', 'paid')
              AND distribution_id IS DISTINCT FROM d.id), 0) THEN
        RAISE EXCEPTION 'more is distributed than is there' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON distribution DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lianban.distribution_adds_up();
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON distribution_share DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lianban.distribution_adds_up();

CREATE FUNCTION lianban.distribution_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (('draft', 'served'), ('draft', 'cancelled'), ('served', 'cancelled')) THEN
        RAISE EXCEPTION 'a distribution does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'cancelled' AND (NEW.cancel_reason !~ '\S' OR NEW.cancelled_at IS NULL
        OR EXISTS (SELECT FROM payout WHERE distribution_id = NEW.id AND state IN ('proposed', 'approved', 'paid'))) THEN
        RAISE EXCEPTION 'a plan that is being paid is not taken back, and never without a reason' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE UPDATE ON distribution FOR EACH ROW EXECUTE FUNCTION lianban.distribution_changes();

ALTER TABLE distribution_objection ADD CONSTRAINT distribution_objection_order CHECK (
    (told_on IS NULL OR told_on >= received_on)
    AND (countered_on IS NULL OR told_on IS NOT NULL AND countered_on >= told_on)
    AND (counter_told_on IS NULL OR countered_on IS NOT NULL AND counter_told_on >= countered_on)
    AND (sued_on IS NULL OR counter_told_on IS NOT NULL AND sued_on >= counter_told_on)
    AND (ended_on IS NULL OR ended_on >= received_on));
CREATE FUNCTION lianban.objection_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE d distribution;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.ended_on IS NOT NULL OR OLD.told_on IS NOT NULL AND NEW.told_on IS DISTINCT FROM OLD.told_on
           OR OLD.countered_on IS NOT NULL AND NEW.countered_on IS DISTINCT FROM OLD.countered_on
           OR OLD.counter_told_on IS NOT NULL AND NEW.counter_told_on IS DISTINCT FROM OLD.counter_told_on
           OR OLD.sued_on IS NOT NULL AND NEW.sued_on IS DISTINCT FROM OLD.sued_on THEN
            RAISE EXCEPTION 'what happened to an objection is recorded once' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    SELECT * INTO d FROM distribution WHERE id = NEW.distribution_id FOR NO KEY UPDATE;
    IF d.state <> 'served' OR d.matter_id <> NEW.matter_id OR NEW.received_on > d.object_until
       OR NOT EXISTS (SELECT FROM distribution_share WHERE distribution_id = d.id AND claim_id = NEW.against_id) THEN
        RAISE EXCEPTION 'an objection is in time, against a share of a plan that was served' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER holds AFTER INSERT OR UPDATE ON distribution_objection FOR EACH ROW
    EXECUTE FUNCTION lianban.objection_holds();

-- --- instalments

CREATE FUNCTION lianban.instalments_add_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE plan instalment_plan;
BEGIN
    SELECT * INTO plan FROM instalment_plan WHERE id = coalesce(to_jsonb(NEW) ->> 'plan_id', to_jsonb(NEW) ->> 'id')::uuid;
    PERFORM lianban.same_matter(plan.claim_id, plan.matter_id);
    IF (plan.total_fen, plan.last_day) = (SELECT sum(amount_fen)::bigint, max(due_on) FROM instalment WHERE plan_id = plan.id)
           IS NOT TRUE
       OR EXISTS (SELECT FROM instalment a JOIN instalment b ON b.plan_id = a.plan_id AND b.number > a.number
                   WHERE a.plan_id = plan.id AND b.due_on <= a.due_on) THEN
        RAISE EXCEPTION 'the instalments do not add up to the settlement, or their days do not rise'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON instalment_plan DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lianban.instalments_add_up();
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON instalment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lianban.instalments_add_up();
CREATE FUNCTION lianban.instalment_plan_changes() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
AS $$
BEGIN
    IF OLD.state <> 'running' OR NEW.state = 'running' THEN
        RAISE EXCEPTION 'a plan of instalments ends once' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER changes BEFORE UPDATE ON instalment_plan FOR EACH ROW EXECUTE FUNCTION lianban.instalment_plan_changes();

-- --- the bank's side

CREATE FUNCTION lianban.statement_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE s bank_statement;
BEGIN
    SELECT * INTO s FROM bank_statement WHERE id = coalesce(to_jsonb(NEW) ->> 'statement_id', to_jsonb(NEW) ->> 'id')::uuid;
    IF (s.closing_fen - s.opening_fen, s.lines) <>
           (SELECT coalesce(sum(amount_fen), 0)::bigint, count(*)::integer FROM bank_entry WHERE statement_id = s.id)
       OR EXISTS (SELECT FROM bank_entry WHERE statement_id = s.id
                     AND (agency_id <> s.agency_id OR on_day NOT BETWEEN s.first_day AND s.last_day)) THEN
        RAISE EXCEPTION 'the lines of a statement do not lead from its opening to its closing balance'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
-- Once a statement, not once a line: a file may have a hundred thousand.
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON bank_statement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION lianban.statement_adds_up();
CREATE FUNCTION lianban.entries_of_new_statements() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    -- The statement says how many lines it has; whoever adds one later makes it one too many.
    IF EXISTS (SELECT FROM bank_statement s WHERE s.id IN (SELECT statement_id FROM added)
                  AND s.lines < (SELECT count(*) FROM bank_entry e WHERE e.statement_id = s.id)) THEN
        RAISE EXCEPTION 'a statement is not added to' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER complete AFTER INSERT ON bank_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION lianban.entries_of_new_statements();

CREATE FUNCTION lianban.match_holds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    e bank_entry;
    ours bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR NEW.undo_reason !~ '\S' THEN
            RAISE EXCEPTION 'a match is undone once, with a reason' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    SELECT * INTO e FROM bank_entry WHERE id = NEW.entry_id AND agency_id = NEW.agency_id;
    IF NEW.fund_id IS NOT NULL THEN
        SELECT amount_fen INTO ours FROM fund WHERE id = NEW.fund_id AND agency_id = NEW.agency_id AND superseded_at IS NULL;
    ELSE
        SELECT CASE WHEN NEW.returned THEN amount_fen ELSE -amount_fen END INTO ours FROM payout
         WHERE id = NEW.payout_id AND lead_agency_id = NEW.agency_id
           AND state IN ('returned', CASE WHEN NEW.returned THEN 'returned' ELSE 'paid' END);
    END IF;
    IF ours IS NULL OR e.id IS NULL OR sign(ours) <> sign(e.amount_fen) OR NEW.difference_fen <> e.amount_fen - ours
       OR NEW.undone_at IS NOT NULL THEN
        RAISE EXCEPTION 'the line and the movement are not the same' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER holds AFTER INSERT OR UPDATE ON bank_match FOR EACH ROW EXECUTE FUNCTION lianban.match_holds();

-- What of a matter's money nobody is owed and is not on its way back yet; for the court that leads it.
CREATE FUNCTION lianban.returnable(of_matter uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT lianban.surplus(of_matter) - coalesce((SELECT sum(amount_fen)::bigint FROM payout
             WHERE matter_id = of_matter AND purpose = 'surplus' AND state IN ('proposed', 'approved', 'paid')), 0)
     WHERE lianban.leads(of_matter)
$$;

-- What is printed about money carries the number of its matter; whoever leads that matter issues it, nobody else.
CREATE POLICY issues_money ON printed_document FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND EXISTS (
        SELECT FROM matter m WHERE m.lead_agency_id = (SELECT lianban.agency())
           AND m.number = split_part(printed_document.number, '案款', 1)));

-- What is outstanding changed: what the matter holds is compared with it anew, once the whole act is written.
CREATE FUNCTION lianban.outstanding_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF EXISTS (SELECT FROM measure WHERE matter_id = NEW.matter_id AND state = 'effective') THEN
        PERFORM lianban.watch_control(NEW.matter_id, NEW.recorded_at);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER control_watched AFTER INSERT ON receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lianban.outstanding_changed();
CREATE CONSTRAINT TRIGGER control_watched AFTER INSERT ON claim_version
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lianban.outstanding_changed();
