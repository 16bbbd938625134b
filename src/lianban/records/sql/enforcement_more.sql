-- Closings that come with an import, and the payouts that figures count.

-- A closing made here needs an open matter and everything its mode asks for. One that an import brings needs a matter that came
-- closed with it, in the same transaction and without a process: it tells the past, and closes nothing.
CREATE OR REPLACE FUNCTION lianban.closing_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
DECLARE missing text[];
BEGIN
    IF NEW.source = 'import' THEN
        IF NOT EXISTS (SELECT FROM matter m WHERE m.id = NEW.matter_id AND m.state = 'closed' AND m.closed_at = NEW.closed_at
                        AND m.recorded_at = NEW.recorded_at AND coalesce(m.batch, '') <> ''
                        AND NOT EXISTS (SELECT FROM scope s WHERE s.matter_id = m.id)) THEN
            RAISE EXCEPTION 'an imported closing comes with its matter';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM matter WHERE id = NEW.matter_id AND state = 'open') THEN
        RAISE EXCEPTION 'a matter that is not open cannot be closed';
    END IF;
    IF NEW.filed_on <> lianban.round_began(NEW.matter_id)
       OR NEW.closed_on <> (NEW.closed_at AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'a closing says the days on which its round began and ended';
    END IF;
    IF NEW.source = 'import' THEN
        RETURN NEW;
    END IF;
    missing := lianban.not_yet(NEW.matter_id, NEW.mode, NEW.ground, NEW.closed_on);
    IF cardinality(missing) > 0 THEN
        RAISE EXCEPTION 'not yet: %', array_to_string(missing, ', ');
    END IF;
    RETURN NEW;
END $$;

-- One row for each arrival of money in a matter: when it should have been paid out, and when it was, in full. While a hold that
-- stops the clock lasts, or before the clock began, there is no due date. No name and no account; who may count is asked here,
-- because the rows of money themselves are the court's alone: the court its own, a supervisor every court's.
CREATE VIEW fact_funds AS
SELECT f.id, f.matter_id, m.scene, f.kind, a.code AS lead_agency, f.arrived_at, k.from_at AS clock_from, k.due_at,
       CASE WHEN p.paid_fen >= f.amount_fen THEN p.paid_at END AS paid_at, f.amount_fen, m.batch
  FROM fund f JOIN matter m ON m.id = f.matter_id JOIN agency a ON a.id = f.agency_id
  LEFT JOIN LATERAL (SELECT c.from_at, c.due_at FROM clock c
                      WHERE c.about = f.id AND c.code LIKE 'business.fund_payout%' AND c.state <> 'stopped'
                      ORDER BY c.id DESC LIMIT 1) k ON true
  LEFT JOIN LATERAL (SELECT sum(o.amount_fen) AS paid_fen, max(o.paid_at) AS paid_at FROM payout o
                      WHERE o.fund_id = f.id AND o.state = 'paid') p ON true
 WHERE f.superseded_at IS NULL
   AND (f.agency_id = (SELECT lianban.agency()) OR (SELECT lianban.has_role('supervisor')));
GRANT SELECT ON fact_funds TO lianban_app;

-- What an import brings has no proofs to look for: eighteen thousand of them are not asked one by one.
DROP TRIGGER proved ON closing;
CREATE CONSTRAINT TRIGGER proved AFTER INSERT ON closing DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.source = 'act') EXECUTE FUNCTION lianban.closing_is_proved();

-- As before, and first whether the court leads the matter, by its key: with thousands of legs of one agency the question whether
-- it has a leg here was answered by reading them all.
ALTER POLICY in_it_starts ON clock WITH CHECK (
    lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id)
    OR EXISTS (SELECT FROM leg WHERE leg.matter_id = clock.matter_id AND leg.lead_agency_id = clock.lead_agency_id
                AND (SELECT lianban.agency()) IN (leg.agency_id, leg.lead_agency_id)));
