-- Who sees which row. Forced, so that not even the owner of a table passes by.
--
-- me   the agency of the session      lead  the agency that leads the matter
-- The helper of every policy is (SELECT lianban.agency()): one call a statement, not one a row.

DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                AND c.relname NOT IN ('django_migrations') LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
END $$;

-- Directory: whoever is signed in may read it; the operator's role writes it.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['agency', 'post', 'officer', 'appointment', 'drawing'] LOOP
        EXECUTE format('CREATE POLICY read ON %I FOR SELECT TO lianban_app USING ((SELECT lianban.present()))', t);
        EXECUTE format('CREATE POLICY operate ON %I TO lianban_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY read_as_worker ON %I FOR SELECT TO lianban_worker USING (true)', t);
        EXECUTE format('CREATE POLICY read_as_auditor ON %I FOR SELECT TO lianban_auditor USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO lianban_app, lianban_worker, lianban_auditor', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['officer_secret', 'access_session', 'machine_account'] LOOP
        EXECUTE format('CREATE POLICY operate ON %I TO lianban_owner USING (true) WITH CHECK (true)', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['officer', 'officer_secret', 'post', 'agency', 'appointment'] LOOP
        EXECUTE format('CREATE POLICY sign_in ON %I FOR SELECT TO lianban_signin USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO lianban_signin', t);
    END LOOP;
END $$;

-- System, security and audit administration are three people: who has one kind holds posts of no other kind.
CREATE FUNCTION lianban.administration_of(role text) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE role WHEN 'system_administrator' THEN 'system' WHEN 'security_administrator' THEN 'security'
                       WHEN 'auditor' THEN 'audit' ELSE '' END $$;
CREATE FUNCTION lianban.one_administration() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF EXISTS (SELECT FROM appointment a JOIN post p ON p.id = a.post_id JOIN officer o ON o.id = a.officer_id
                WHERE o.id = CASE TG_TABLE_NAME WHEN 'officer' THEN (to_jsonb(NEW) ->> 'id')::uuid
                                                ELSE (to_jsonb(NEW) ->> 'officer_id')::uuid END
                  AND (a.ends_on IS NULL OR a.ends_on >= lianban.today())
                  AND lianban.administration_of(p.role) <> o.administrator) THEN
        RAISE EXCEPTION 'an officer holds posts of one kind of administration only'
            USING HINT = 'System, security and audit administrators are three people, and hold no other post.';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER one_administration AFTER INSERT OR UPDATE ON appointment
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION lianban.one_administration();
CREATE CONSTRAINT TRIGGER one_administration AFTER UPDATE ON officer
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION lianban.one_administration();

CREATE POLICY own_agency ON delegation TO lianban_app
    USING (agency_id = (SELECT lianban.agency())) WITH CHECK (agency_id = (SELECT lianban.agency()));
CREATE POLICY operate ON delegation TO lianban_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON delegation TO lianban_app;
GRANT UPDATE (ended_at) ON delegation TO lianban_app;

-- The functions below run as the owner and ask only what they say.
CREATE POLICY functions ON matter FOR SELECT TO lianban_owner USING (true);
CREATE POLICY functions ON leg TO lianban_owner USING (true) WITH CHECK (true);
CREATE POLICY functions ON task TO lianban_owner USING (true) WITH CHECK (true);

-- Legs refer to nothing but themselves, so that every other policy may refer to them.
CREATE POLICY own_or_led ON leg FOR SELECT TO lianban_app
    USING (agency_id = (SELECT lianban.agency()) OR lead_agency_id = (SELECT lianban.agency())
           OR (SELECT lianban.has_role('supervisor')));
-- A function instead of a sub-query: the policy of matter asks for legs, and PostgreSQL refuses the circle.
CREATE FUNCTION lianban.leads(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT EXISTS (SELECT FROM matter WHERE id = wanted AND lead_agency_id = lianban.agency()) $$;
CREATE POLICY lead_opens ON leg FOR INSERT TO lianban_app WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));
CREATE POLICY own_or_led_changes ON leg FOR UPDATE TO lianban_app
    USING (agency_id = (SELECT lianban.agency()) OR lead_agency_id = (SELECT lianban.agency()));
GRANT SELECT, INSERT ON leg TO lianban_app;
GRANT UPDATE (closed_at) ON leg TO lianban_app;

CREATE POLICY with_a_leg ON matter FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency())
    OR EXISTS (SELECT FROM leg WHERE leg.matter_id = matter.id AND leg.agency_id = (SELECT lianban.agency()))
    OR (SELECT lianban.has_role('supervisor')));
CREATE POLICY opens ON matter FOR INSERT TO lianban_app WITH CHECK (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY with_a_leg_changes ON matter FOR UPDATE TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency())
    OR EXISTS (SELECT FROM leg WHERE leg.matter_id = matter.id AND leg.agency_id = (SELECT lianban.agency()))
    OR (SELECT lianban.has_role('supervisor')));
GRANT SELECT, INSERT ON matter TO lianban_app;
GRANT UPDATE (state, closed_at, last_event) ON matter TO lianban_app;

CREATE POLICY lead_only ON matter_content TO lianban_app USING (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = matter_content.matter_id AND leg.role = 'lead'
             AND leg.agency_id = (SELECT lianban.agency())));
GRANT SELECT, INSERT ON matter_content TO lianban_app;

-- Parties: the lead's, and an addressee's as far as a live letter asks it about them.
CREATE POLICY lead_or_asked ON party FOR SELECT TO lianban_app USING (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = party.matter_id AND leg.role = 'lead'
             AND leg.agency_id = (SELECT lianban.agency()))
    OR EXISTS (SELECT FROM letter_subject s JOIN letter l ON l.id = s.letter_id
                WHERE s.party_id = party.id AND l.addressee_id = (SELECT lianban.agency())
                  AND l.state NOT IN ('draft', 'sealed', 'withdrawn')));
CREATE POLICY lead_adds ON party FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = party.matter_id AND leg.role = 'lead'
             AND leg.agency_id = (SELECT lianban.agency())));
CREATE POLICY as_its_party ON party_identifier FOR SELECT TO lianban_app
    USING (EXISTS (SELECT FROM party WHERE party.id = party_identifier.party_id));
CREATE POLICY lead_adds ON party_identifier FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = party_identifier.matter_id AND leg.role = 'lead'
             AND leg.agency_id = (SELECT lianban.agency())));
GRANT SELECT, INSERT ON party, party_identifier TO lianban_app;
CREATE POLICY adds ON identity_index FOR INSERT TO lianban_app WITH CHECK ((SELECT lianban.present()));
CREATE POLICY operate ON identity_index TO lianban_owner USING (true);
CREATE POLICY operate ON party_identifier FOR SELECT TO lianban_owner USING (true);
GRANT INSERT ON identity_index TO lianban_app;
CREATE POLICY anyone ON data_key TO lianban_app USING ((SELECT lianban.present())) WITH CHECK ((SELECT lianban.present()));
GRANT SELECT, INSERT ON data_key TO lianban_app;

-- The matters of the asker's own agency in which the same identifier stands.
CREATE FUNCTION lianban.same_identity(wanted bytea) RETURNS TABLE (matter uuid, party uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT i.matter_id, i.party_id FROM identity_index x JOIN party_identifier i ON i.id = x.identifier_id
      JOIN matter m ON m.id = i.matter_id
     WHERE x.blind_index = wanted AND m.lead_agency_id = lianban.agency()
$$;

-- Process rows: of one's own branch, or of the thread all share, or of a matter one leads.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['scope', 'token', 'timer'] LOOP
        EXECUTE format($p$CREATE POLICY branch ON %1$I TO lianban_app USING (
            agency_id = (SELECT lianban.agency())
            OR EXISTS (SELECT FROM leg WHERE leg.matter_id = %1$I.matter_id
                        AND leg.agency_id = (SELECT lianban.agency())
                        AND (leg.role = 'lead' OR %1$I.agency_id IS NULL)))$p$, t);
        EXECUTE format('CREATE POLICY system ON %I TO lianban_worker USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO lianban_app, lianban_worker', t);
    END LOOP;
END $$;
GRANT DELETE ON token, timer TO lianban_app, lianban_worker;

CREATE POLICY own_or_led ON task FOR SELECT TO lianban_app
    USING (agency_id = (SELECT lianban.agency()) OR lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY supervised ON task FOR SELECT TO lianban_app
    USING ((SELECT lianban.has_role('supervisor')));
CREATE POLICY leg_opens ON task FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = task.matter_id AND leg.agency_id = (SELECT lianban.agency())));
CREATE POLICY own_or_led_changes ON task FOR UPDATE TO lianban_app
    USING (agency_id = (SELECT lianban.agency()) OR lead_agency_id = (SELECT lianban.agency()));
GRANT SELECT, INSERT ON task TO lianban_app, lianban_worker;
GRANT UPDATE (state, closed_at, closed_by_id, post_id, officer_id, due_at, held_until, role, letter_id) ON task
    TO lianban_app, lianban_worker;

CREATE POLICY asked_or_asking ON countersign TO lianban_app USING (
    agency_id = (SELECT lianban.agency()) OR EXISTS (SELECT FROM task WHERE task.id = countersign.task_id));
GRANT SELECT, INSERT ON countersign TO lianban_app;
GRANT UPDATE (decision, remark, signed_by_id, signed_at) ON countersign TO lianban_app;

-- Letters: the sender's, and the addressee's from delivery on. The supervisor sees letters, not answers.
CREATE POLICY sent_or_received ON letter FOR SELECT TO lianban_app USING (
    sender_id = (SELECT lianban.agency())
    OR (addressee_id = (SELECT lianban.agency()) AND state NOT IN ('draft', 'sealed'))
    OR ((SELECT lianban.has_role('supervisor')) AND state NOT IN ('draft', 'sealed')));
CREATE POLICY sends ON letter FOR INSERT TO lianban_app WITH CHECK (
    sender_id = (SELECT lianban.agency())
    AND EXISTS (SELECT FROM leg WHERE leg.matter_id = letter.matter_id AND leg.role = 'lead'
                 AND leg.agency_id = (SELECT lianban.agency())));
CREATE POLICY sent_or_received_changes ON letter FOR UPDATE TO lianban_app USING (
    sender_id = (SELECT lianban.agency()) OR addressee_id = (SELECT lianban.agency()));
CREATE POLICY supervises ON letter FOR UPDATE TO lianban_app USING ((SELECT lianban.has_role('supervisor')));
GRANT SELECT, INSERT, UPDATE ON letter TO lianban_app;
CREATE POLICY of_its_letter ON letter_subject FOR SELECT TO lianban_app USING (
    EXISTS (SELECT FROM letter l WHERE l.id = letter_subject.letter_id
             AND (SELECT lianban.agency()) IN (l.sender_id, l.addressee_id)));
CREATE POLICY sender_names ON letter_subject FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM letter l WHERE l.id = letter_subject.letter_id AND l.sender_id = (SELECT lianban.agency())));
GRANT SELECT, INSERT ON letter_subject TO lianban_app;

CREATE POLICY written_or_read ON answer FOR SELECT TO lianban_app
    USING ((SELECT lianban.agency()) IN (agency_id, reader_id));
CREATE POLICY writes ON answer FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency())
    AND EXISTS (SELECT FROM letter l WHERE l.id = answer.letter_id AND l.addressee_id = answer.agency_id
                 AND l.sender_id = answer.reader_id));
CREATE POLICY written_or_read_changes ON answer FOR UPDATE TO lianban_app
    USING ((SELECT lianban.agency()) IN (agency_id, reader_id));
CREATE POLICY evidence ON answer FOR SELECT TO lianban_owner USING (true);
GRANT SELECT, INSERT ON answer TO lianban_app;
GRANT UPDATE (state, state_reason) ON answer TO lianban_app;

CREATE POLICY of_its_letter ON reminder FOR SELECT TO lianban_app USING (
    EXISTS (SELECT FROM letter l WHERE l.id = reminder.letter_id));
CREATE POLICY reminds ON reminder FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM letter l WHERE l.id = reminder.letter_id)
    AND (by_agency_id IS NULL OR by_agency_id = (SELECT lianban.agency())));
GRANT SELECT, INSERT ON reminder TO lianban_app, lianban_worker;

CREATE POLICY own_or_of_a_letter ON document FOR SELECT TO lianban_app USING (
    agency_id = (SELECT lianban.agency())
    OR EXISTS (SELECT FROM letter l WHERE l.id = document.letter_id
                AND (l.sender_id = (SELECT lianban.agency())
                     OR (l.addressee_id = (SELECT lianban.agency()) AND l.state NOT IN ('draft', 'sealed')))));
CREATE POLICY adds ON document FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency())
    AND EXISTS (SELECT FROM leg WHERE leg.matter_id = document.matter_id
                 AND leg.agency_id = (SELECT lianban.agency())));
CREATE POLICY evidence ON document FOR SELECT TO lianban_owner USING (true);
GRANT SELECT, INSERT ON document TO lianban_app;

CREATE POLICY issues ON printed_document FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM letter l WHERE (SELECT lianban.agency()) IN (l.sender_id, l.addressee_id)
             AND l.number = printed_document.number AND l.sender_id = printed_document.agency_id));
CREATE POLICY functions ON printed_document FOR SELECT TO lianban_owner USING (true);
GRANT INSERT ON printed_document TO lianban_app;
-- Whoever holds a printed document may ask whether it is genuine: the page is open, and says who issued it.
CREATE FUNCTION lianban.printed(wanted text, with_number text,
                                OUT title text, OUT agency_zh text, OUT agency_en text, OUT issued_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT p.title, a.name_zh, a.name_en, p.issued_at FROM printed_document p JOIN agency a ON a.id = p.agency_id
     WHERE p.digest = wanted AND p.number = with_number
$$;

CREATE POLICY anyone ON document_number TO lianban_app
    USING ((SELECT lianban.present())) WITH CHECK ((SELECT lianban.present()));
GRANT SELECT, INSERT, UPDATE ON document_number TO lianban_app;

CREATE POLICY own ON idempotency_key TO lianban_app
    USING (agency = (SELECT lianban.agency())) WITH CHECK (agency = (SELECT lianban.agency()));
GRANT SELECT, INSERT, UPDATE ON idempotency_key TO lianban_app;

CREATE POLICY adds ON outbox FOR INSERT TO lianban_app WITH CHECK ((SELECT lianban.present()));
CREATE POLICY system ON outbox TO lianban_worker USING (true) WITH CHECK (true);
GRANT INSERT ON outbox TO lianban_app;
GRANT SELECT, INSERT, UPDATE ON outbox TO lianban_worker;

-- History: what one's own agency did, all of a matter one leads, and the milestones of a matter one is in.
CREATE POLICY own_led_or_milestone ON event FOR SELECT TO lianban_app USING (
    agency_id = (SELECT lianban.agency())
    OR EXISTS (SELECT FROM leg WHERE leg.matter_id = event.matter_id
                AND leg.agency_id = (SELECT lianban.agency()) AND (leg.role = 'lead' OR event.milestone))
    OR (event.milestone AND (SELECT lianban.has_role('supervisor'))));
CREATE POLICY acts ON event FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND officer_id IS NOT DISTINCT FROM (SELECT lianban.officer()));
CREATE POLICY system ON event TO lianban_worker USING (true) WITH CHECK (agency_id IS NULL);
GRANT SELECT, INSERT ON event TO lianban_app, lianban_worker;

CREATE POLICY own_led_or_auditor ON ledger_entry FOR SELECT TO lianban_app USING (
    agency_id = (SELECT lianban.agency())
    OR (SELECT lianban.has_role('auditor'))
    OR EXISTS (SELECT FROM leg WHERE leg.matter_id = ledger_entry.matter_id AND leg.role = 'lead'
                AND leg.agency_id = (SELECT lianban.agency())));
CREATE POLICY acts ON ledger_entry FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND officer_id IS NOT DISTINCT FROM (SELECT lianban.officer()));
CREATE POLICY system ON ledger_entry TO lianban_worker USING (true) WITH CHECK (agency_id IS NULL);
CREATE POLICY audits ON ledger_entry FOR SELECT TO lianban_auditor USING (true);
GRANT SELECT, INSERT ON ledger_entry TO lianban_app;
GRANT INSERT, SELECT (id, recorded_at, act, agency_id, matter_id, commitment) ON ledger_entry TO lianban_worker;
GRANT SELECT ON ledger_entry TO lianban_auditor;
CREATE POLICY acts ON ledger_pending FOR INSERT TO lianban_app WITH CHECK ((SELECT lianban.present()));
CREATE POLICY sequences ON ledger_pending TO lianban_worker USING (true) WITH CHECK (true);
GRANT INSERT ON ledger_pending TO lianban_app;
GRANT SELECT, INSERT, DELETE ON ledger_pending TO lianban_worker;
CREATE POLICY audits ON ledger_pending FOR SELECT TO lianban_auditor USING (true);
GRANT SELECT ON ledger_pending TO lianban_auditor;
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['ledger_leaf', 'ledger_node', 'ledger_checkpoint'] LOOP
        EXECUTE format('CREATE POLICY anyone ON %I FOR SELECT TO lianban_app USING ((SELECT lianban.present()))', t);
        EXECUTE format('CREATE POLICY sequences ON %I TO lianban_worker USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY audits ON %I FOR SELECT TO lianban_auditor USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO lianban_app, lianban_auditor', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO lianban_worker', t);
    END LOOP;
END $$;

-- The worker fires timers and sequences the ledger. It has no grant on parties, answers, contents, documents.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['matter', 'leg', 'task', 'letter', 'reminder'] LOOP
        EXECUTE format('CREATE POLICY system ON %I TO lianban_worker USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO lianban_worker', t);
    END LOOP;
END $$;
GRANT UPDATE (state, closed_at, last_event) ON matter TO lianban_worker;
GRANT UPDATE (state, delivered_at, clock_from, due_at, due_provisional, reminded_count, supervised_at) ON letter TO lianban_worker;

GRANT SELECT ON fact_matters, fact_letters, fact_observations TO lianban_app;

-- Counts and ages only, for the health page: no context is needed and no row is shown.
CREATE FUNCTION lianban.health() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT jsonb_build_object(
        'postgresql', current_setting('server_version'),
        'open_matters', (SELECT count(*) FROM matter WHERE state = 'open'),
        'timers_overdue', (SELECT count(*) FROM timer WHERE due_at < now() - interval '5 minutes'),
        'ledger_size', (SELECT coalesce(max(size), 0) FROM ledger_checkpoint),
        'ledger_waiting', (SELECT count(*) FROM ledger_pending),
        'ledger_oldest_waiting_seconds',
            (SELECT coalesce(extract(epoch FROM now() - min(recorded_at))::integer, 0) FROM ledger_pending))
$$;
CREATE POLICY functions ON timer FOR SELECT TO lianban_owner USING (true);
CREATE POLICY functions ON ledger_checkpoint FOR SELECT TO lianban_owner USING (true);
CREATE POLICY functions ON ledger_pending FOR SELECT TO lianban_owner USING (true);
