-- Open matters in another version of their drawing. An officer orders it in a session; the worker carries it out.
-- The worker cannot order, and no role can move a matter without an order: the trigger below asks for it.

ALTER TABLE drawing_migration ENABLE ROW LEVEL SECURITY;
ALTER TABLE drawing_migration FORCE ROW LEVEL SECURITY;
ALTER TABLE migrated_matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE migrated_matter FORCE ROW LEVEL SECURITY;

-- An order names versions, a map of element ids and who gave it: no matter and no person it is about.
CREATE POLICY read ON drawing_migration FOR SELECT TO lianban_app USING ((SELECT lianban.present()));
CREATE POLICY orders ON drawing_migration FOR INSERT TO lianban_app WITH CHECK (
    agency_id = (SELECT lianban.agency()) AND officer_id = (SELECT lianban.officer())
    AND post_id = (SELECT lianban.post()) AND finished_at IS NULL AND moved = 0 AND kept = 0);
CREATE POLICY system ON drawing_migration FOR SELECT TO lianban_worker USING (true);
CREATE POLICY carries_out ON drawing_migration FOR UPDATE TO lianban_worker USING (true) WITH CHECK (true);
CREATE POLICY functions ON drawing_migration FOR SELECT TO lianban_owner USING (true);
CREATE POLICY audits ON drawing_migration FOR SELECT TO lianban_auditor USING (true);
GRANT SELECT, INSERT ON drawing_migration TO lianban_app;
GRANT SELECT ON drawing_migration TO lianban_worker, lianban_auditor;
GRANT UPDATE (finished_at, moved, kept) ON drawing_migration TO lianban_worker;

-- What rows were before, with the variables of the process in them: the worker's alone.
CREATE POLICY system ON migrated_matter TO lianban_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON migrated_matter TO lianban_worker;
GRANT UPDATE (rolled_back_at) ON migrated_matter TO lianban_worker;

GRANT UPDATE (drawing_id) ON matter TO lianban_worker;
GRANT UPDATE (element, name, stage, form, action, agency_id) ON task TO lianban_worker;

CREATE FUNCTION lianban.drawing_changes_by_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM drawing_migration d
                    WHERE d.from_drawing_id = OLD.drawing_id AND d.to_drawing_id = NEW.drawing_id
                      AND d.scene = NEW.scene AND d.finished_at IS NULL) THEN
        RAISE EXCEPTION 'a matter changes its drawing only by an order that is not finished'
            USING HINT = 'An officer of the agency that owns the scene orders it: lianban process migrate.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER drawing_by_order BEFORE UPDATE OF drawing_id ON matter FOR EACH ROW
    WHEN (OLD.drawing_id IS DISTINCT FROM NEW.drawing_id) EXECUTE FUNCTION lianban.drawing_changes_by_order();
