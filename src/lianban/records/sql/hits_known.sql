-- What earlier collisions of a court's matters found, whether a person of the registry has decided on it or not. The court does
-- not see a doubtful hit before it is confirmed, but its next night must not report the same one as new, and ask again.
CREATE FUNCTION lianban.hits_known(matters uuid[]) RETURNS TABLE (matter uuid, digests text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    SELECT h.matter_id, array_agg(DISTINCT h.digest)
      FROM collision_hit h
     WHERE h.matter_id = ANY (matters) AND h.lead_agency_id = (SELECT lianban.agency())
     GROUP BY h.matter_id
$$;
REVOKE ALL ON FUNCTION lianban.hits_known(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianban.hits_known(uuid[]) TO lianban_app;
