-- Registries, warrants, collisions, hits, who read an answer.
--
-- No collision without a live warrant: lianban.collision_refused is the rule, the action asks it for its words, and the
-- trigger on collision asks it again under lock, so that whoever writes SQL as the app role gets no further.

INSERT INTO lianban.setting VALUES
    ('warrant_days_at_most', '180', 'a warrant of a letter or for nightly queries is valid so many days at most'),
    ('follow_up_days_at_most', '1830', 'a warrant for queries after a matter ended without result'),
    ('queries_of_a_requester_a_day', '2000', 'so many queries (question × subject × agency) on warrants of one officer a day'),
    ('queries_of_an_agency_a_day', '200000', 'and on warrants of one agency a day'),
    ('queries_in_a_closed_matter', '4', 'more collisions about one subject of a closed matter alert the auditor');

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['registry', 'warrant', 'warrant_subject', 'query_count', 'collision', 'collision_hit',
                             'answer_read', 'query_alert'] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
        -- The functions below run as the owner and ask only what they say; the operator builds registries.
        EXECUTE format('CREATE POLICY functions ON public.%I TO lianban_owner USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
CREATE POLICY functions ON party FOR SELECT TO lianban_owner USING (session_user <> 'lianban_owner');
CREATE POLICY functions ON letter FOR SELECT TO lianban_owner USING (session_user <> 'lianban_owner');
CREATE POLICY functions ON letter_subject FOR SELECT TO lianban_owner USING (session_user <> 'lianban_owner');

-- Which registries there are is no secret: whoever may be asked about learns it as well.
CREATE POLICY read ON registry FOR SELECT TO lianban_app USING ((SELECT lianban.present()));
GRANT SELECT ON registry TO lianban_app;

-- --- warrants

CREATE POLICY led ON warrant FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY issues ON warrant FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND requester_id = (SELECT lianban.officer())
    AND post_id = (SELECT lianban.post()) AND lianban.leads(matter_id));
CREATE POLICY revokes ON warrant FOR UPDATE TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
GRANT SELECT ON warrant TO lianban_app;
GRANT INSERT (id, matter_id, lead_agency_id, kind, legal_basis, basis_from, basis_to, questions, requester_id, post_id,
              reason, issued_at, expires_at, quota, used, revoked_reason) ON warrant TO lianban_app;
-- What was asked on it is counted by the database, and a term is not made longer: another warrant is issued.
GRANT UPDATE (revoked_at, revoked_reason) ON warrant TO lianban_app;

CREATE FUNCTION lianban.in_follow_up(wanted uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM matter m JOIN clock c ON c.matter_id = m.id
                    WHERE m.id = wanted AND m.state = 'closed' AND c.verb IN ('registries.follow_up', 'closing.query')
                      AND c.state = 'running');
END $$;

CREATE FUNCTION lianban.warrant_bounds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    most integer := lianban.setting_int(CASE WHEN NEW.kind = 'follow_up' THEN 'follow_up_days_at_most'
                                             ELSE 'warrant_days_at_most' END);
BEGIN
    NEW.used := 0;
    IF NEW.expires_at > NEW.issued_at + make_interval(days => most) THEN
        RAISE EXCEPTION 'a warrant of this kind is valid % days at most', most USING ERRCODE = 'LB001';
    END IF;
    IF NOT EXISTS (SELECT FROM matter m WHERE m.id = NEW.matter_id AND m.lead_agency_id = NEW.lead_agency_id
                      AND (m.state = 'open' OR NEW.kind = 'follow_up' AND lianban.in_follow_up(m.id))) THEN
        RAISE EXCEPTION 'a warrant needs a matter that is open, or whose follow-up runs' USING ERRCODE = 'LB002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bounds BEFORE INSERT ON warrant FOR EACH ROW EXECUTE FUNCTION lianban.warrant_bounds();

-- Who may be asked about: debtors, and those whose property is preserved. Nobody else of a matter, whatever a form says.
CREATE TABLE lianban.query_role (role text PRIMARY KEY, meaning text NOT NULL);
INSERT INTO lianban.query_role VALUES
    ('debtor', '被执行人'), ('preserved_party', '被保全人');

CREATE FUNCTION lianban.warrant_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM warrant w JOIN party p ON p.matter_id = w.matter_id
                     JOIN lianban.query_role r ON r.role = p.role
                    WHERE w.id = NEW.warrant_id AND p.id = NEW.party_id AND w.lead_agency_id = NEW.lead_agency_id) THEN
        RAISE EXCEPTION 'a warrant names debtors of its own matter and nobody else' USING ERRCODE = 'LB003';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER names BEFORE INSERT ON warrant_subject FOR EACH ROW EXECUTE FUNCTION lianban.warrant_names();
CREATE POLICY led ON warrant_subject FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY issues ON warrant_subject FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency())
    AND EXISTS (SELECT FROM warrant w WHERE w.id = warrant_subject.warrant_id));
GRANT SELECT, INSERT ON warrant_subject TO lianban_app;

CREATE POLICY own ON query_count FOR SELECT TO lianban_app USING (agency_id = (SELECT lianban.agency()));
GRANT SELECT ON query_count TO lianban_app;

-- --- collisions

-- Why a collision may not be made, as a code; NULL where it may. The database's own clock decides what is expired.
CREATE FUNCTION lianban.collision_refused(of_warrant uuid, holder uuid, asked text[], about uuid[]) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    w warrant%ROWTYPE;
    queries integer := cardinality(asked) * cardinality(about);
    counted integer;
BEGIN
    SELECT * INTO w FROM warrant WHERE id = of_warrant AND lead_agency_id = lianban.agency();
    IF NOT FOUND THEN RETURN 'none'; END IF;
    IF w.revoked_at IS NOT NULL THEN RETURN 'revoked'; END IF;
    IF w.expires_at <= now() THEN RETURN 'expired'; END IF;
    IF NOT EXISTS (SELECT FROM matter m WHERE m.id = w.matter_id AND m.lead_agency_id = w.lead_agency_id
                      AND (m.state = 'open' OR w.kind = 'follow_up' AND lianban.in_follow_up(m.id))) THEN
        RETURN 'closed';
    END IF;
    IF lianban.today() < w.basis_from OR lianban.today() > w.basis_to THEN RETURN 'basis'; END IF;
    IF queries = 0 OR NOT asked <@ w.questions THEN RETURN 'question'; END IF;
    IF EXISTS (SELECT FROM unnest(about) AS one WHERE NOT EXISTS (
                  SELECT FROM warrant_subject s WHERE s.warrant_id = w.id AND s.party_id = one)) THEN
        RETURN 'subject';
    END IF;
    IF holder = w.lead_agency_id THEN RETURN 'holder'; END IF;
    IF w.used + queries > w.quota THEN RETURN 'quota'; END IF;
    SELECT used INTO counted FROM query_count
     WHERE day = lianban.today() AND agency_id = w.lead_agency_id AND officer_id = w.requester_id;
    IF coalesce(counted, 0) + queries > lianban.setting_int('queries_of_a_requester_a_day') THEN
        RETURN 'quota_requester';
    END IF;
    SELECT used INTO counted FROM query_count
     WHERE day = lianban.today() AND agency_id = w.lead_agency_id AND officer_id IS NULL;
    IF coalesce(counted, 0) + queries > lianban.setting_int('queries_of_an_agency_a_day') THEN
        RETURN 'quota_agency';
    END IF;
    RETURN NULL;
END $$;

ALTER TABLE collision ADD COLUMN made_in xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION lianban.collision_by_warrant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    w warrant%ROWTYPE;
    refused text;
    queries integer := cardinality(NEW.questions) * cardinality(NEW.subjects);
BEGIN
    SELECT * INTO w FROM warrant WHERE id = NEW.warrant_id AND lead_agency_id = lianban.agency() FOR UPDATE;
    IF FOUND THEN
        -- The agency's counter first, always: two collisions at once wait for each other and do not deadlock.
        INSERT INTO query_count AS q (id, day, agency_id, officer_id, used)
        VALUES (gen_random_uuid(), lianban.today(), w.lead_agency_id, NULL, 0)
            ON CONFLICT (day, agency_id, officer_id) DO UPDATE SET used = q.used;
        INSERT INTO query_count AS q (id, day, agency_id, officer_id, used)
        VALUES (gen_random_uuid(), lianban.today(), w.lead_agency_id, w.requester_id, 0)
            ON CONFLICT (day, agency_id, officer_id) DO UPDATE SET used = q.used;
    END IF;
    refused := lianban.collision_refused(NEW.warrant_id, NEW.agency_id, NEW.questions, NEW.subjects);
    IF refused IS NULL AND NEW.letter_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM letter l WHERE l.id = NEW.letter_id AND l.matter_id = w.matter_id AND l.addressee_id = NEW.agency_id
           AND NEW.questions <@ l.questions
           AND NOT EXISTS (SELECT FROM unnest(NEW.subjects) AS one WHERE NOT EXISTS (
                   SELECT FROM letter_subject s WHERE s.letter_id = l.id AND s.party_id = one))) THEN
        refused := 'letter';
    END IF;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'no collision without a live warrant: %', refused USING ERRCODE = 'LB004';
    END IF;
    UPDATE warrant SET used = used + queries WHERE id = w.id;
    UPDATE query_count SET used = used + queries
     WHERE day = lianban.today() AND agency_id = w.lead_agency_id
       AND (officer_id IS NULL OR officer_id = w.requester_id);
    -- What is said of the warrant is the warrant's, whatever the writer says.
    NEW.matter_id := w.matter_id;
    NEW.lead_agency_id := w.lead_agency_id;
    NEW.requester_id := w.requester_id;
    NEW.legal_basis := w.legal_basis;
    NEW.queries := queries;
    NEW.made_in := pg_current_xact_id();
    RETURN NEW;
END $$;
CREATE TRIGGER by_warrant BEFORE INSERT ON collision FOR EACH ROW EXECUTE FUNCTION lianban.collision_by_warrant();

CREATE POLICY led_or_asked ON collision FOR SELECT TO lianban_app
    USING ((SELECT lianban.agency()) IN (lead_agency_id, agency_id));
CREATE POLICY made_by_lead ON collision FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));
GRANT SELECT, INSERT ON collision TO lianban_app;

-- Hits: the agency that holds the registry sees its own; the lead sees facts.
CREATE POLICY fact_or_own ON collision_hit FOR SELECT TO lianban_app USING (
    agency_id = (SELECT lianban.agency())
    OR lead_agency_id = (SELECT lianban.agency()) AND state IN ('fact', 'confirmed'));
CREATE POLICY made_by_lead ON collision_hit FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));
CREATE POLICY own_decides ON collision_hit FOR UPDATE TO lianban_app
    USING (agency_id = (SELECT lianban.agency())) WITH CHECK (agency_id = (SELECT lianban.agency()));
GRANT SELECT, INSERT ON collision_hit TO lianban_app;
GRANT UPDATE (state, decided_by_id, decided_at, reason, answer_id) ON collision_hit TO lianban_app;

CREATE FUNCTION lianban.hit_of_its_collision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NEW.decided_at IS NOT NULL OR NEW.answer_id IS NOT NULL OR NOT EXISTS (
        SELECT FROM collision c WHERE c.id = NEW.collision_id AND c.made_in = pg_current_xact_id()
           AND c.matter_id = NEW.matter_id AND c.agency_id = NEW.agency_id AND c.lead_agency_id = NEW.lead_agency_id
           AND c.letter_id IS NOT DISTINCT FROM NEW.letter_id
           AND NEW.question = ANY (c.questions) AND NEW.party_id = ANY (c.subjects)) THEN
        RAISE EXCEPTION 'a hit is written with its collision, about what that collision asked' USING ERRCODE = 'LB005';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_its_collision BEFORE INSERT ON collision_hit FOR EACH ROW
    EXECUTE FUNCTION lianban.hit_of_its_collision();

-- A person of the agency that holds the registry decides, once; no machine does.
CREATE FUNCTION lianban.hit_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state <> 'pending' OR lianban.officer() IS NULL
                                   OR NEW.decided_by_id IS DISTINCT FROM lianban.officer()) THEN
        RAISE EXCEPTION 'a hit is decided once, by an officer' USING ERRCODE = 'LB006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided BEFORE UPDATE ON collision_hit FOR EACH ROW EXECUTE FUNCTION lianban.hit_decided();

-- --- queries about a closed matter

CREATE FUNCTION lianban.queried_often() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    most integer := lianban.setting_int('queries_in_a_closed_matter');
BEGIN
    INSERT INTO query_alert AS a (id, matter_id, party_id, lead_agency_id, times, most, raised_at, remark)
    SELECT gen_random_uuid(), NEW.matter_id, one.party, NEW.lead_agency_id, count(*), most, now(), ''
      FROM unnest(NEW.subjects) AS one(party)
      JOIN matter m ON m.id = NEW.matter_id AND m.state = 'closed'
      JOIN collision c ON c.matter_id = m.id AND c.agency_id = NEW.agency_id AND c.occurred_at >= m.closed_at
       AND one.party = ANY (c.subjects)
     GROUP BY one.party HAVING count(*) > most
        ON CONFLICT (matter_id, party_id) DO UPDATE
       SET times = greatest(a.times, excluded.times), raised_at = excluded.raised_at, handled_at = NULL, handled_by_id = NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER often AFTER INSERT ON collision FOR EACH ROW EXECUTE FUNCTION lianban.queried_often();
CREATE POLICY audits ON query_alert FOR SELECT TO lianban_app USING ((SELECT lianban.has_role('auditor')));
CREATE POLICY handles ON query_alert FOR UPDATE TO lianban_app USING ((SELECT lianban.has_role('auditor')))
    WITH CHECK (handled_by_id = (SELECT lianban.officer()));
GRANT SELECT, UPDATE (handled_at, handled_by_id, remark) ON query_alert TO lianban_app;

-- --- automatic answers

-- What the registries of the addressee have answered of a letter, by question.
ALTER TABLE letter ALTER COLUMN by_registry SET DEFAULT '{}';

-- An automatic answer is written by the machine account of the agency that answers, in the transaction of the collision
-- it rests on (docs/adr: automatic answers). Neither the court's session nor an officer's writes one.
CREATE FUNCTION lianban.answered_by_machine() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF (lianban.context())[6] = '' OR NEW.agency_id IS DISTINCT FROM lianban.agency() OR NEW.officer_id IS NOT NULL
       OR NOT EXISTS (SELECT FROM collision c WHERE c.id = NEW.collision_id AND c.made_in = pg_current_xact_id()
                         AND c.letter_id = NEW.letter_id AND c.agency_id = NEW.agency_id) THEN
        RAISE EXCEPTION 'an automatic answer is its agency''s own machine''s, with the collision it rests on'
            USING ERRCODE = 'LB007';
    END IF;
    NEW.post_id := lianban.post();
    RETURN NEW;
END $$;
CREATE TRIGGER by_machine BEFORE INSERT ON answer FOR EACH ROW WHEN (NEW.collision_id IS NOT NULL)
    EXECUTE FUNCTION lianban.answered_by_machine();

-- An officer says what was found only when nothing that was found waits to be decided.
CREATE FUNCTION lianban.hits_are_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    waiting integer;
BEGIN
    SELECT count(*) INTO waiting FROM collision_hit WHERE letter_id = NEW.letter_id AND state = 'pending';
    IF waiting > 0 THEN
        RAISE EXCEPTION '% hits of this letter are undecided', waiting USING ERRCODE = 'LB009';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hits_decided BEFORE INSERT ON answer FOR EACH ROW
    WHEN (NEW.collision_id IS NULL AND NEW.result IN ('yes', 'no', 'partial'))
    EXECUTE FUNCTION lianban.hits_are_decided();

-- What officers confirmed stands in the answer they then give.
CREATE FUNCTION lianban.confirmed_hits_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE collision_hit SET answer_id = NEW.id
     WHERE letter_id = NEW.letter_id AND state = 'confirmed' AND answer_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER confirmed_hits AFTER INSERT ON answer FOR EACH ROW
    WHEN (NEW.collision_id IS NULL AND NEW.result IN ('yes', 'partial'))
    EXECUTE FUNCTION lianban.confirmed_hits_answered();

-- --- who read an answer

CREATE FUNCTION lianban.read_of_an_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT a.letter_id, a.matter_id, a.agency_id INTO NEW.letter_id, NEW.matter_id, NEW.answering_id
          FROM answer a WHERE a.id = NEW.answer_id AND a.reader_id = NEW.agency_id AND a.agency_id <> NEW.agency_id;
        IF NEW.letter_id IS NULL THEN
            RAISE EXCEPTION 'only who an answer was sent to reads it' USING ERRCODE = 'LB008';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_an_answer BEFORE INSERT ON answer_read FOR EACH ROW EXECUTE FUNCTION lianban.read_of_an_answer();
CREATE POLICY read_or_answered ON answer_read FOR SELECT TO lianban_app
    USING ((SELECT lianban.agency()) IN (agency_id, answering_id));
CREATE POLICY reads ON answer_read FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND post_id = (SELECT lianban.post())
    AND officer_id IS NOT DISTINCT FROM (SELECT lianban.officer()) AND recalled_at IS NULL);
CREATE POLICY reads_again ON answer_read FOR UPDATE TO lianban_app USING (
    agency_id = (SELECT lianban.agency())
    AND (officer_id IS NOT DISTINCT FROM (SELECT lianban.officer()) OR post_id = (SELECT lianban.post())));
GRANT SELECT, INSERT, UPDATE (last_at, times, acknowledged_at, remark) ON answer_read TO lianban_app;

-- A recall reaches everyone who read the answer, whatever the unit that recalls may see of them.
CREATE FUNCTION lianban.recall_reaches_readers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE answer_read SET recalled_at = now() WHERE answer_id = NEW.id AND recalled_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER recall_reaches_readers AFTER UPDATE OF state ON answer FOR EACH ROW
    WHEN (OLD.state <> 'recalled' AND NEW.state = 'recalled') EXECUTE FUNCTION lianban.recall_reaches_readers();

-- --- facts for indicators

CREATE OR REPLACE VIEW fact_letters WITH (security_invoker = true) AS
SELECT l.id, l.matter_id, l.scene, a.code AS addressee, l.kind, l.state, l.delivered_at, l.signed_at,
       l.answered_at, l.accepted_at, l.due_at, NULLIF(l.result, '') AS result, l.returned_count, l.reminded_count, m.batch,
       CASE WHEN cardinality(l.by_registry) = 0 THEN 'person' WHEN l.by_registry @> l.questions THEN 'registry'
            ELSE 'both' END AS answered_by
  FROM letter l JOIN matter m ON m.id = l.matter_id JOIN agency a ON a.id = l.addressee_id
 WHERE l.delivered_at IS NOT NULL;

-- --- machine accounts whose key is derived, not kept (records/machines.py): which of them is live

CREATE FUNCTION lianban.machine_named(of_agency uuid, wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT id FROM machine_account WHERE agency_id = of_agency AND name = wanted AND revoked_at IS NULL
     ORDER BY created_at DESC LIMIT 1
$$;

CREATE FUNCTION lianban.agencies_with_machine(wanted text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT coalesce(array_agg(DISTINCT agency_id), '{}') FROM machine_account WHERE name = wanted AND revoked_at IS NULL
$$;

-- --- what rests on an answer or a hit

-- Property is recorded on what was found only while that is a fact: not on a hit nobody confirmed, not on an answer that
-- was recalled. No measure can be ordered on property that is not recorded, so none rests on such a hit.
CREATE FUNCTION lianban.asset_rests_on_a_fact() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NEW.found_by = 'collision' AND NOT EXISTS (
           SELECT FROM collision_hit h WHERE h.id = NEW.found_ref AND h.lead_agency_id = NEW.lead_agency_id
              AND h.state IN ('fact', 'confirmed'))
       OR NEW.found_by = 'answer' AND NOT EXISTS (
           SELECT FROM answer a WHERE a.id = NEW.found_ref AND a.reader_id = NEW.lead_agency_id AND a.state <> 'recalled') THEN
        RAISE EXCEPTION 'property rests on a confirmed hit, or on an answer that was not recalled' USING ERRCODE = 'LB010';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rests_on_a_fact BEFORE INSERT OR UPDATE OF found_by, found_ref ON asset FOR EACH ROW
    WHEN (NEW.found_ref IS NOT NULL) EXECUTE FUNCTION lianban.asset_rests_on_a_fact();

-- One row a hit, for figures: no name, no field, no person. Not security_invoker, because the court may count that a hit was
-- rejected without being shown it; the view itself asks whose it is.
CREATE VIEW fact_hits AS
SELECT h.id, h.matter_id, m.scene, a.code AS addressee, h.question, h.kind, h.state, h.occurred_at, h.decided_at, m.batch
  FROM collision_hit h JOIN matter m ON m.id = h.matter_id JOIN agency a ON a.id = h.agency_id
 WHERE (SELECT lianban.agency()) IN (h.lead_agency_id, h.agency_id);
GRANT SELECT ON fact_hits TO lianban_app;
