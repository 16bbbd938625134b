-- Who is asking. Identity enters a transaction only through lianban.enter(), which checks a session key.
--
-- A custom setting alone could be forged by anyone who can run SQL, so what enter() stores is signed with
-- a key that only these functions can read, and bound to this backend and this transaction: it means
-- nothing in another one, which makes it safe under transaction pooling. Row policies call the functions
-- below; without a valid context they return NULL, and NULL matches no row.

CREATE SCHEMA lianban;

CREATE TABLE lianban.context_key (single boolean PRIMARY KEY DEFAULT true CHECK (single), key bytea NOT NULL);
INSERT INTO lianban.context_key (key)
VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

CREATE TABLE lianban.setting (name text PRIMARY KEY, value text NOT NULL, meaning text NOT NULL);
INSERT INTO lianban.setting VALUES
    ('session_idle_minutes', '30', 'a session unused for so long ends'),
    ('session_hours', '12', 'a session ends after so long, used or not'),
    ('sign_in_failures', '5', 'so many wrong passwords lock an officer out'),
    ('lock_out_minutes', '15', 'for so long');

CREATE FUNCTION lianban.setting_int(wanted text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lianban
AS $$ SELECT value::integer FROM lianban.setting WHERE name = wanted $$;

-- Appointments begin and end on legal dates, whatever time zone a connection is set to.
CREATE FUNCTION lianban.today() RETURNS date LANGUAGE sql STABLE
AS $$ SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date $$;

-- The keyed hash is nested, so that it cannot be extended.
CREATE FUNCTION lianban.seal_context(payload text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, lianban
AS $$
    SELECT encode(sha256(key || sha256(key || convert_to(
        payload || '|' || pg_backend_pid() || '|' || extract(epoch FROM now())::text, 'UTF8'))), 'hex')
    FROM lianban.context_key
$$;
REVOKE ALL ON FUNCTION lianban.seal_context(text) FROM PUBLIC;

CREATE FUNCTION lianban.enter(session_key bytea, OUT session uuid, OUT officer uuid, OUT post uuid,
                              OUT agency uuid, OUT role text, OUT administrator text, OUT machine uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    hashed bytea := sha256(session_key);
    payload text;
    seen timestamptz;
BEGIN
    SELECT s.id, s.officer_id, s.post_id, s.agency_id, p.role, coalesce(o.administrator, ''), s.seen_at
      INTO session, officer, post, agency, role, administrator, seen
      FROM access_session s
      JOIN post p ON p.id = s.post_id
      LEFT JOIN officer o ON o.id = s.officer_id
     WHERE s.key_sha256 = hashed AND s.ended_at IS NULL AND s.expires_at > now()
       AND s.seen_at > now() - make_interval(mins => lianban.setting_int('session_idle_minutes'))
       AND (o.id IS NULL OR o.state = 'active')
       -- Asked every time: who has left a post, or whose delegation was ended early, is out at once.
       AND CASE WHEN s.delegation_id IS NULL THEN
               o.id IS NULL OR EXISTS (
                   SELECT FROM appointment a WHERE a.officer_id = s.officer_id AND a.post_id = s.post_id
                      AND a.begins_on <= lianban.today() AND (a.ends_on IS NULL OR a.ends_on >= lianban.today()))
           ELSE EXISTS (SELECT FROM delegation d WHERE d.id = s.delegation_id AND d.ended_at IS NULL
                           AND now() >= d.begins_at AND now() < d.ends_at) END;
    IF session IS NULL THEN
        SELECT m.id, m.post_id, m.agency_id, p.role, '' INTO machine, post, agency, role, administrator
          FROM machine_account m JOIN post p ON p.id = m.post_id
         WHERE m.key_sha256 = hashed AND m.revoked_at IS NULL;
    END IF;
    IF session IS NULL AND machine IS NULL THEN
        PERFORM set_config('lianban.context', '', true);
        RETURN;
    END IF;
    -- Not on every request: a look at a page should not write a row.
    IF seen < now() - interval '1 minute' THEN
        UPDATE access_session SET seen_at = now() WHERE id = session;
    END IF;
    payload := concat_ws('|', coalesce(officer::text, ''), post, agency, role, administrator,
                         coalesce(machine::text, ''));
    PERFORM set_config('lianban.context', payload || '|' || lianban.seal_context(payload), true);
END $$;

CREATE FUNCTION lianban.context() RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, lianban
AS $$
DECLARE
    raw text := current_setting('lianban.context', true);
    payload text;
BEGIN
    IF raw IS NULL OR raw = '' THEN RETURN NULL; END IF;
    payload := left(raw, -65);
    IF right(raw, 64) IS DISTINCT FROM lianban.seal_context(payload) THEN RETURN NULL; END IF;
    RETURN string_to_array(payload, '|');
END $$;

CREATE FUNCTION lianban.officer() RETURNS uuid LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT nullif((lianban.context())[1], '')::uuid $$;
CREATE FUNCTION lianban.post() RETURNS uuid LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT (lianban.context())[2]::uuid $$;
CREATE FUNCTION lianban.agency() RETURNS uuid LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT (lianban.context())[3]::uuid $$;
CREATE FUNCTION lianban.has_role(wanted text) RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT coalesce((lianban.context())[4] = wanted, false) $$;
CREATE FUNCTION lianban.present() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
AS $$ SELECT lianban.context() IS NOT NULL $$;

-- Sign-in runs on a connection of its own role. The app role can neither read a password hash nor open a
-- session, so nothing it is tricked into running makes it somebody else.
CREATE FUNCTION lianban.open_session(of_officer uuid, for_post uuid, hashed_key bytea) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    made uuid := gen_random_uuid();
    used_delegation uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM appointment a WHERE a.officer_id = of_officer AND a.post_id = for_post
                      AND a.begins_on <= lianban.today() AND (a.ends_on IS NULL OR a.ends_on >= lianban.today())) THEN
        SELECT d.id INTO used_delegation FROM delegation d
         WHERE d.to_officer_id = of_officer AND d.post_id = for_post AND d.ended_at IS NULL
           AND now() >= d.begins_at AND now() < d.ends_at;
        IF used_delegation IS NULL THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO access_session (id, key_sha256, officer_id, post_id, agency_id, delegation_id,
                                opened_at, seen_at, expires_at)
    SELECT made, hashed_key, of_officer, p.id, p.agency_id, used_delegation, now(), now(),
           least(now() + make_interval(hours => lianban.setting_int('session_hours')),
                 coalesce((SELECT ends_at FROM delegation WHERE id = used_delegation), 'infinity'))
      FROM post p WHERE p.id = for_post;
    UPDATE officer_secret SET failed_sign_ins = 0, locked_until = NULL WHERE officer_id = of_officer;
    RETURN made;
END $$;

CREATE FUNCTION lianban.sign_in_failed(of_officer uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    UPDATE officer_secret
       SET failed_sign_ins = failed_sign_ins + 1,
           locked_until = CASE WHEN failed_sign_ins + 1 >= lianban.setting_int('sign_in_failures')
                               THEN now() + make_interval(mins => lianban.setting_int('lock_out_minutes'))
                               ELSE locked_until END
     WHERE officer_id = of_officer
$$;

CREATE FUNCTION lianban.close_session(session_key bytea) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$ UPDATE access_session SET ended_at = now() WHERE key_sha256 = sha256(session_key) AND ended_at IS NULL $$;

-- The posts an officer may act in now, by appointment or by delegation.
CREATE FUNCTION lianban.posts_of(of_officer uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT a.post_id FROM appointment a
     WHERE a.officer_id = of_officer AND a.begins_on <= lianban.today()
       AND (a.ends_on IS NULL OR a.ends_on >= lianban.today())
    UNION
    SELECT d.post_id FROM delegation d
     WHERE d.to_officer_id = of_officer AND d.ended_at IS NULL AND now() >= d.begins_at AND now() < d.ends_at
$$;

REVOKE ALL ON FUNCTION lianban.open_session(uuid, uuid, bytea), lianban.sign_in_failed(uuid),
    lianban.posts_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.open_session(uuid, uuid, bytea), lianban.sign_in_failed(uuid),
    lianban.posts_of(uuid) TO lianban_signin;
GRANT USAGE ON SCHEMA lianban TO lianban_app, lianban_worker, lianban_auditor, lianban_signin;
