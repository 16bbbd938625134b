-- Drafts and publications of a scene's files. Only an agency of the kind that owns the scene drafts and publishes;
-- which of its roles may is the table of actions/permissions.py, said here once more so that it binds every door.

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['scene_owner', 'publication', 'draft'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    -- What went live, and whose a scene is, anybody may know who is signed in; the operator deploys.
    FOREACH t IN ARRAY ARRAY['scene_owner', 'publication'] LOOP
        EXECUTE format('CREATE POLICY read ON %I FOR SELECT TO lianban_app USING ((SELECT lianban.present()))', t);
        EXECUTE format('CREATE POLICY operate ON %I TO lianban_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('CREATE POLICY read_as_worker ON %I FOR SELECT TO lianban_worker USING (true)', t);
        EXECUTE format('CREATE POLICY read_as_auditor ON %I FOR SELECT TO lianban_auditor USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO lianban_app, lianban_worker, lianban_auditor', t);
    END LOOP;
END $$;

CREATE FUNCTION lianban.owns_scene(wanted text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT EXISTS (SELECT FROM scene_owner o JOIN agency a ON a.kind = o.agency_kind
                      WHERE o.scene = wanted AND a.id = lianban.agency()) $$;
CREATE FUNCTION lianban.drafts_scenes() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT coalesce((lianban.context())[4] IN ('clerk', 'judge', 'liaison', 'supervisor'), false) $$;
CREATE FUNCTION lianban.publishes_scenes() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT coalesce((lianban.context())[4] IN ('judge', 'liaison', 'supervisor'), false) $$;

CREATE POLICY owner_drafts ON draft FOR SELECT TO lianban_app
    USING ((SELECT lianban.drafts_scenes()) AND lianban.owns_scene(scene));
CREATE POLICY owner_begins ON draft FOR INSERT TO lianban_app WITH CHECK (
    (SELECT lianban.drafts_scenes()) AND lianban.owns_scene(scene) AND agency_id = (SELECT lianban.agency())
    AND officer_id = (SELECT lianban.officer()) AND post_id = (SELECT lianban.post()));
CREATE POLICY owner_saves ON draft FOR UPDATE TO lianban_app
    USING ((SELECT lianban.drafts_scenes()) AND lianban.owns_scene(scene) AND state = 'open')
    WITH CHECK (agency_id = (SELECT lianban.agency()) AND officer_id = (SELECT lianban.officer())
                AND post_id = (SELECT lianban.post()));
CREATE POLICY functions ON draft FOR SELECT TO lianban_owner USING (true);
GRANT SELECT, INSERT ON draft TO lianban_app;
GRANT UPDATE (base, content, revision, errors, state, agency_id, post_id, officer_id, saved_at, closed_at)
    ON draft TO lianban_app;

CREATE POLICY owner_publishes ON publication FOR INSERT TO lianban_app WITH CHECK (
    (SELECT lianban.publishes_scenes()) AND lianban.owns_scene(scene) AND NOT in_folder
    AND agency_id = (SELECT lianban.agency()) AND officer_id = (SELECT lianban.officer())
    AND post_id = (SELECT lianban.post()));
GRANT INSERT ON publication TO lianban_app;

-- A drawing that is published is a version like one that is deployed.
CREATE POLICY owner_publishes ON drawing FOR INSERT TO lianban_app
    WITH CHECK ((SELECT lianban.publishes_scenes()) AND lianban.owns_scene(scene));
GRANT INSERT ON drawing TO lianban_app;

-- What went live stays as it was. The operator may note that the folder now holds the same.
CREATE FUNCTION lianban.publication_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'in_folder') IS DISTINCT FROM (to_jsonb(OLD) - 'in_folder') THEN
        RAISE EXCEPTION 'what was published is never changed'
            USING HINT = 'Publish another version.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_stays BEFORE UPDATE OR DELETE ON publication FOR EACH ROW
    EXECUTE FUNCTION lianban.publication_stays();

-- How many matters are open in a version, those of other lead agencies included: a number for the owner's plan.
CREATE FUNCTION lianban.open_matters(of_drawing uuid) RETURNS bigint
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ SELECT count(*) FROM matter m JOIN drawing d ON d.id = m.drawing_id
       WHERE m.drawing_id = of_drawing AND m.state = 'open'
         AND lianban.owns_scene(d.scene) AND lianban.drafts_scenes() $$;
