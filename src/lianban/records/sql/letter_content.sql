-- What a letter says is its sender's, and its addressees' from delivery on. The supervisor, the worker, the auditor see at
-- most the letter: its kind, number, units, question codes, state and dates.

ALTER TABLE letter_content ENABLE ROW LEVEL SECURITY;
ALTER TABLE letter_content FORCE ROW LEVEL SECURITY;
CREATE POLICY sent_or_received ON letter_content FOR SELECT TO lianban_app USING (
    sender_id = (SELECT lianban.agency())
    OR EXISTS (SELECT FROM letter l WHERE l.matter_id = letter_content.matter_id AND l.content_id = letter_content.id
                AND l.addressee_id = (SELECT lianban.agency()) AND l.state NOT IN ('draft', 'sealed')));
CREATE POLICY sends ON letter_content FOR INSERT TO lianban_app WITH CHECK (
    sender_id = (SELECT lianban.agency()) AND lianban.leads(matter_id));
-- Nobody changes one: what was said stays said.
GRANT SELECT, INSERT ON letter_content TO lianban_app;

-- A letter says a content of its own matter and its own sender.
ALTER TABLE letter ADD CONSTRAINT letter_says FOREIGN KEY (content_id, matter_id, sender_id)
    REFERENCES letter_content (id, matter_id, sender_id) DEFERRABLE INITIALLY DEFERRED;

-- Who a letter is from and to, and in which matter, is never changed; what it says and asks, by its sender alone, with a
-- delivery to follow: its unit could point it to what was said to another, or answer what was never asked.
REVOKE UPDATE ON letter FROM lianban_app;
GRANT UPDATE (scope_id, number, legal_basis, questions, content_id, state, sealed_at, delivered_at, signed_at, routed_at,
              clock_from, due_at, due_provisional, answered_at, accepted_at, withdrawn_at, result, returned_count,
              reminded_count, supervised_at, by_registry) ON letter TO lianban_app;
CREATE FUNCTION lianban.letter_says_the_same() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF lianban.agency() IS DISTINCT FROM OLD.sender_id OR OLD.state IN ('delivered', 'signed', 'routed')
       OR NEW.state NOT IN ('draft', 'sealed', 'delivered') THEN
        RAISE EXCEPTION 'what a letter says and asks is changed by its sender alone, and then delivered again'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER says_the_same BEFORE UPDATE OF content_id, legal_basis, questions ON letter FOR EACH ROW
    WHEN (OLD.content_id <> NEW.content_id OR OLD.legal_basis <> NEW.legal_basis OR OLD.questions <> NEW.questions)
    EXECUTE FUNCTION lianban.letter_says_the_same();

-- Subjects stand once for all letters of a content.
CREATE POLICY of_its_content ON letter_subject FOR SELECT TO lianban_app USING (
    EXISTS (SELECT FROM letter_content c WHERE c.id = letter_subject.content_id));
CREATE POLICY sender_names ON letter_subject FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM letter_content c WHERE c.id = letter_subject.content_id
             AND c.matter_id = letter_subject.matter_id AND c.sender_id = (SELECT lianban.agency())));
CREATE POLICY lead_or_asked ON party FOR SELECT TO lianban_app USING (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = party.matter_id AND leg.role = 'lead'
             AND leg.agency_id = (SELECT lianban.agency()))
    OR EXISTS (SELECT FROM letter_subject s JOIN letter l ON l.matter_id = s.matter_id AND l.content_id = s.content_id
                WHERE s.party_id = party.id AND l.addressee_id = (SELECT lianban.agency())
                  AND l.state NOT IN ('draft', 'sealed', 'withdrawn')));

-- As in registries.sql; a letter's subjects are those of its content.
CREATE OR REPLACE FUNCTION lianban.collision_by_warrant() RETURNS trigger
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
                   SELECT FROM letter_subject s WHERE s.content_id = l.content_id AND s.party_id = one))) THEN
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

-- As in collaboration.sql; the case number stands in the letter's content.
CREATE OR REPLACE FUNCTION lianban.proof_is_there() RETURNS trigger
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
            SELECT FROM answer a JOIN letter l ON l.id = a.letter_id JOIN letter_content c ON c.id = l.content_id
             WHERE a.id = NEW.reference AND a.state IN ('sent', 'accepted')
               AND (l.matter_id = NEW.matter_id OR c.data ->> 'case_no' IN (
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
