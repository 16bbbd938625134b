-- Events and the ledger: partitioned by month of recording, append-only for every role.

CREATE TABLE event (
    id uuid NOT NULL,
    matter_id uuid NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    activity text,
    agency_id uuid,
    post_id uuid,
    officer_id uuid,
    milestone boolean NOT NULL DEFAULT false,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    data jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (recorded_at, id)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX event_matter ON event (matter_id, seq);
CREATE INDEX event_observed ON event (activity, occurred_at) WHERE activity IS NOT NULL;

CREATE TABLE ledger_entry (
    id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    act text NOT NULL,
    agency_id uuid,
    post_id uuid,
    officer_id uuid,
    matter_id uuid,
    subjects uuid[] NOT NULL DEFAULT '{}',
    payload text,
    salt bytea,
    commitment bytea NOT NULL,
    erased_at timestamptz,
    PRIMARY KEY (recorded_at, id)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX ledger_entry_id ON ledger_entry (id);
CREATE INDEX ledger_entry_matter ON ledger_entry (matter_id, recorded_at);
CREATE INDEX ledger_entry_agency ON ledger_entry (agency_id, recorded_at);

CREATE FUNCTION lianban.ensure_partitions(from_day date, months integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    parent text;
    first date := date_trunc('month', from_day)::date;
    made integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['event', 'ledger_entry'] LOOP
        FOR i IN 0..months - 1 LOOP
            DECLARE
                low date := (first + make_interval(months => i))::date;
                name text := parent || to_char(low, '_YYYYMM');
            BEGIN
                IF to_regclass('public.' || name) IS NULL THEN
                    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
                                   name, parent, low::timestamptz, (low + interval '1 month')::timestamptz);
                    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
                    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
                    made := made + 1;
                END IF;
            END;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION lianban.ensure_partitions(date, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.ensure_partitions(date, integer) TO lianban_worker;

-- Rows of a month nobody made a partition for are kept rather than refused.
CREATE TABLE event_other PARTITION OF event DEFAULT;
CREATE TABLE ledger_entry_other PARTITION OF ledger_entry DEFAULT;
ALTER TABLE event_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_other FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry_other FORCE ROW LEVEL SECURITY;
SELECT lianban.ensure_partitions((date_trunc('month', now()) - interval '1 month')::date, 26);

-- What the planner knows of the big tables. Rows loaded in bulk are unknown to it until this is called, and nothing
-- else ever looks at a partitioned table as a whole; a figure asked for before could take minutes.
CREATE FUNCTION lianban.refresh_statistics() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF session_user = 'lianban_worker' OR lianban.present() THEN
        ANALYZE matter, leg, task, letter, event, ledger_entry;
    END IF;
END $$;
REVOKE ALL ON FUNCTION lianban.refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.refresh_statistics() TO lianban_app, lianban_worker;

-- What an answer or a document says, as one digest; the ledger keeps it and verification asks for it again.
CREATE FUNCTION lianban.answer_digest(a answer) RETURNS text
LANGUAGE sql IMMUTABLE
AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\x1f', a.id, a.letter_id, a.agency_id, a.round, a.result,
        coalesce(extract(epoch FROM a.as_of)::text, ''), a.source, extract(epoch FROM a.occurred_at)::text,
        a.data::text), 'UTF8')), 'hex')
$$;
CREATE FUNCTION lianban.set_answer_digest() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN NEW.digest := lianban.answer_digest(NEW); RETURN NEW; END $$;
CREATE TRIGGER answer_digest BEFORE INSERT ON answer FOR EACH ROW EXECUTE FUNCTION lianban.set_answer_digest();

CREATE FUNCTION lianban.evidence_digest(kind text, reference uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT CASE kind
        WHEN 'answer' THEN (SELECT lianban.answer_digest(a) FROM answer a WHERE a.id = reference)
        WHEN 'document' THEN (SELECT encode(sha256(d.content), 'hex') FROM document d WHERE d.id = reference)
    END
$$;

-- Whoever can ask for a digest can try out what a row might say: verification alone may ask.
REVOKE ALL ON FUNCTION lianban.evidence_digest(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.evidence_digest(text, uuid) TO lianban_auditor;

-- A task does not outlive its token. The act that moves the token closes the tasks its officer sees; one of another
-- agency (the court's check of an answer that its unit recalls) is closed here.
CREATE FUNCTION lianban.tokens_gone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE task SET state = 'cancelled', closed_at = now() FROM gone
     WHERE task.matter_id = gone.matter_id AND task.token = gone.id AND task.state = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER gone AFTER DELETE ON token REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION lianban.tokens_gone();

-- A supervision is over when its letter no longer waits; legs are over when their matter is. Whoever's act ends
-- them may not see these rows (a unit that answers does not see the supervisor's task), so the database closes them.
CREATE FUNCTION lianban.letter_no_longer_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE task SET state = 'cancelled', closed_at = now()
     WHERE matter_id = NEW.matter_id AND letter_id = NEW.id AND token IS NULL AND state = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER no_longer_waits AFTER UPDATE ON letter FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.state IN ('answered', 'accepted', 'withdrawn'))
    EXECUTE FUNCTION lianban.letter_no_longer_waits();

CREATE FUNCTION lianban.matter_ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    UPDATE leg SET closed_at = NEW.closed_at WHERE matter_id = NEW.id AND closed_at IS NULL;
    UPDATE task SET state = 'cancelled', closed_at = now()
     WHERE matter_id = NEW.id AND token IS NULL AND state = 'open';
    RETURN NULL;
END $$;
CREATE TRIGGER ended AFTER UPDATE ON matter FOR EACH ROW
    WHEN (OLD.state = 'open' AND NEW.state <> 'open') EXECUTE FUNCTION lianban.matter_ended();

-- Facts for indicators. security_invoker: whoever asks sees the facts that their rows allow.
CREATE VIEW fact_matters WITH (security_invoker = true) AS
SELECT m.id, m.scene, m.number, m.state, m.opened_at, m.closed_at, m.batch, a.code AS lead_agency
  FROM matter m JOIN agency a ON a.id = m.lead_agency_id;

CREATE VIEW fact_letters WITH (security_invoker = true) AS
SELECT l.id, l.matter_id, l.scene, a.code AS addressee, l.kind, l.state, l.delivered_at, l.signed_at,
       l.answered_at, l.accepted_at, l.due_at, NULLIF(l.result, '') AS result, l.returned_count, l.reminded_count, m.batch
  FROM letter l JOIN matter m ON m.id = l.matter_id JOIN agency a ON a.id = l.addressee_id
 WHERE l.delivered_at IS NOT NULL;

CREATE VIEW fact_observations WITH (security_invoker = true) AS
SELECT e.matter_id, e.activity, e.occurred_at, e.seq, m.scene, m.batch
  FROM event e JOIN matter m ON m.id = e.matter_id
 WHERE e.activity IS NOT NULL;
