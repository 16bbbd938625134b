-- Whose desk a matter lies on, and the case load of a court computed once a query.

-- Whom the lead agency's own tasks of a role are put before: the officer of that role who has done most in the matter, if
-- that officer still holds such a post and nobody stands in. Nobody by name otherwise: then the role's pool sees the task.
CREATE FUNCTION lianban.desk_of(of_matter uuid, with_role text, at timestamptz) RETURNS TABLE (post uuid, officer uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT p.id, o.id
      FROM task t
      JOIN officer o ON o.id = t.closed_by_id AND o.state = 'active'
      JOIN appointment a ON a.officer_id = o.id AND a.begins_on <= lianban.today()
                            AND (a.ends_on IS NULL OR a.ends_on >= lianban.today())
      JOIN post p ON p.id = a.post_id AND p.agency_id = t.agency_id AND p.role = t.role
     WHERE t.matter_id = of_matter AND t.agency_id = t.lead_agency_id AND t.role = with_role AND t.state = 'done'
       AND NOT lianban.away(o.id, p.id, at)
     GROUP BY p.id, o.id
     ORDER BY count(*) DESC, max(t.closed_at) DESC
     LIMIT 1
$$;
REVOKE ALL ON FUNCTION lianban.desk_of(uuid, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.desk_of(uuid, text, timestamptz) TO lianban_app, lianban_worker;

-- What lies on the desk of a colleague who is away is everybody's of the post until the colleague is back: a deputy must find it.
CREATE FUNCTION lianban.away_at_my_post() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT d.from_officer_id FROM delegation d
     WHERE d.post_id = (SELECT lianban.post()) AND d.ended_at IS NULL AND now() >= d.begins_at AND now() < d.ends_at
$$;
REVOKE ALL ON FUNCTION lianban.away_at_my_post() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.away_at_my_post() TO lianban_app;

-- 受理 = 新收 + 旧存: one row for each matter and each statistical year in which it was pending; the first round only. The
-- years are made once: read for each matter, the setting took nine tenths of the time of every figure that counts by it.
CREATE OR REPLACE VIEW fact_caseload WITH (security_invoker = true) AS
WITH begins AS MATERIALIZED (
    SELECT split_part(lianban.setting_text('statistical_year_begins'), '-', 1)::integer AS month,
           split_part(lianban.setting_text('statistical_year_begins'), '-', 2)::integer AS day
), years AS MATERIALIZED (
    SELECT n, make_date(n, b.month, b.day)::timestamp AT TIME ZONE 'Asia/Shanghai' AS begins,
           make_date(n + 1, b.month, b.day)::timestamp AT TIME ZONE 'Asia/Shanghai' AS ends
      FROM begins b, generate_series(1949, extract(year FROM now())::integer + 1) n
)
SELECT m.id, m.id AS matter_id, m.scene, lianban.case_type(m.number) AS case_type, a.code AS lead_agency,
       y.begins AS year_begins, CASE WHEN m.opened_at >= y.begins THEN 'new' ELSE 'old' END AS accepted,
       CASE WHEN c.closed_at < y.ends THEN c.mode END AS mode,
       CASE WHEN c.closed_at < y.ends THEN c.closed_at END AS closed_at, m.batch
  FROM matter m JOIN agency a ON a.id = m.lead_agency_id
  LEFT JOIN (SELECT DISTINCT ON (k.matter_id) k.matter_id, k.mode, k.closed_at
               FROM closing k ORDER BY k.matter_id, k.closed_at) c ON c.matter_id = m.id
  CROSS JOIN LATERAL generate_series(
      extract(year FROM m.opened_at AT TIME ZONE 'Asia/Shanghai')::integer - 1,
      extract(year FROM coalesce(c.closed_at, m.closed_at, now()) AT TIME ZONE 'Asia/Shanghai')::integer) n
  JOIN years y ON y.n = n.n
 WHERE m.opened_at < y.ends AND coalesce(c.closed_at, m.closed_at, now()) >= y.begins;
