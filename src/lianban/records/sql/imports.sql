-- Imports are the agency's that handed them in, and nobody else's.

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['import_run', 'import_row'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own ON %I TO lianban_app USING (agency_id = (SELECT lianban.agency()))'
                       ' WITH CHECK (agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO lianban_app', t);
    END LOOP;
END $$;
GRANT UPDATE (state, good, bad, taken, finished_at) ON import_run TO lianban_app;
GRANT UPDATE (state, matter_number, data_key_id, sealed, errors, matter_id) ON import_row TO lianban_app;
