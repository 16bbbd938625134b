-- The tree of the ledger in tiles of 256 hashes (docs/adr/0017), and indexes that no statement asked for.

-- Hashes and ids do not compress: trying costs an act's time at every growth of a tile.
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
ALTER TABLE ledger_tile ADD CONSTRAINT ledger_tile_at_most_full CHECK (octet_length(hashes) BETWEEN 32 AND 8192);

-- What is there already. The owner passes by no policy, not even for this.
ALTER TABLE ledger_leaf NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger_node NO FORCE ROW LEVEL SECURITY;
INSERT INTO ledger_tile (level, index, hashes, entries, span)
SELECT 0, index >> 8, string_agg(hash, ''::bytea ORDER BY index), array_agg(entry ORDER BY index),
       tstzrange(min(recorded_at), max(recorded_at), '[]')
  FROM ledger_leaf GROUP BY index >> 8;
INSERT INTO ledger_tile (level, index, hashes)
SELECT level / 8, index >> 8, string_agg(hash, ''::bytea ORDER BY index)
  FROM ledger_node WHERE level > 0 AND level % 8 = 0 GROUP BY level / 8, index >> 8;

-- A gap in what was there cannot be carried over: who finds one must look into it with what is running now.
DO $$
DECLARE
    placed bigint := (SELECT coalesce(max(size), 0) FROM ledger_checkpoint);
BEGIN
    IF EXISTS (SELECT FROM generate_series(0, 7) AS l(level) WHERE placed >> 8 * l.level IS DISTINCT FROM (
                   SELECT coalesce(sum(octet_length(hashes)), 0) / 32 FROM ledger_tile t WHERE t.level = l.level))
       OR EXISTS (SELECT FROM ledger_leaf WHERE index NOT BETWEEN 0 AND placed - 1)
       OR EXISTS (SELECT FROM ledger_tile t WHERE t.index < placed >> 8 * (t.level + 1) AND octet_length(hashes) < 8192)
    THEN
        RAISE EXCEPTION 'The ledger''s leaves, nodes and checkpoints do not agree: run "lianban ledger verify" with the version that runs now, before this one takes over. 存证的叶子、节点与检查点不一致：请先用现有版本执行 lianban ledger verify。';
    END IF;
END $$;

ALTER TABLE ledger_tile ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_tile FORCE ROW LEVEL SECURITY;
CREATE POLICY anyone ON ledger_tile FOR SELECT TO lianban_app USING ((SELECT lianban.present()));
CREATE POLICY audits ON ledger_tile FOR SELECT TO lianban_auditor USING (true);
CREATE POLICY sequences ON ledger_tile TO lianban_worker USING (true) WITH CHECK (true);
GRANT SELECT ON ledger_tile TO lianban_app, lianban_auditor;
GRANT SELECT, INSERT, UPDATE ON ledger_tile TO lianban_worker;

-- A tile grows at its end and is never written otherwise, whoever asks.
CREATE FUNCTION lianban.tile_only_grows() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF (NEW.level, NEW.index) IS DISTINCT FROM (OLD.level, OLD.index)
       OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes
       OR NEW.entries[1:cardinality(OLD.entries)] IS DISTINCT FROM OLD.entries
       OR NOT NEW.span @> OLD.span
       OR octet_length(NEW.hashes) <> 32 * cardinality(NEW.entries)
    THEN
        RAISE EXCEPTION 'a tile of the ledger only grows' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE ON ledger_tile FOR EACH ROW EXECUTE FUNCTION lianban.tile_only_grows();

-- An entry is found by its id: the instant alone never was asked for. An event is found by its matter and number.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_pkey;
DROP INDEX ledger_entry_id;
ALTER TABLE ledger_entry ADD PRIMARY KEY (id, recorded_at);
ALTER TABLE event DROP CONSTRAINT event_pkey;
DROP INDEX event_matter;
ALTER TABLE event DROP COLUMN id;
ALTER TABLE event ADD PRIMARY KEY (matter_id, seq, recorded_at);

-- Every act counts up its matter's events, which no index holds: room on the page keeps the new version beside the old.
ALTER TABLE matter SET (fillfactor = 90);
