-- Clocks on records are the lead agency's; the worker warns and ends them; the supervisor sees dates, not contents.

ALTER TABLE clock ENABLE ROW LEVEL SECURITY;
ALTER TABLE clock FORCE ROW LEVEL SECURITY;

CREATE POLICY led ON clock FOR SELECT TO lianban_app USING (
    lead_agency_id = (SELECT lianban.agency()) OR (SELECT lianban.has_role('supervisor')));
-- A unit's own act may start or meet a clock of the lead's (an order answered, a push signed for).
CREATE POLICY in_it_starts ON clock FOR INSERT TO lianban_app WITH CHECK (
    EXISTS (SELECT FROM leg WHERE leg.matter_id = clock.matter_id AND leg.lead_agency_id = clock.lead_agency_id
             AND (SELECT lianban.agency()) IN (leg.agency_id, leg.lead_agency_id)));
CREATE POLICY led_changes ON clock FOR UPDATE TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()));
CREATE POLICY system ON clock TO lianban_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON clock TO lianban_app, lianban_worker;
GRANT UPDATE (due_on, due_at, from_at, provisional, unverified, warn_days, next_at, state, closed_at) ON clock
    TO lianban_app, lianban_worker;

-- What a unit may do to a clock it cannot see: say that what it was to do about one record is done.
CREATE POLICY functions ON clock TO lianban_owner USING (true) WITH CHECK (true);
CREATE FUNCTION lianban.meet_clocks(record uuid, wanted text[], at timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE met integer;
BEGIN
    UPDATE clock c SET state = 'met', closed_at = at, next_at = NULL
     WHERE c.about = record AND c.state = 'running' AND (wanted IS NULL OR c.code = ANY (wanted))
       AND EXISTS (SELECT FROM leg WHERE leg.matter_id = c.matter_id AND leg.agency_id = lianban.agency());
    GET DIAGNOSTICS met = ROW_COUNT;
    RETURN met;
END $$;
