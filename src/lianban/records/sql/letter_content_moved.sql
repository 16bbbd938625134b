-- What letters said moves into rows of its own: one for the letters of a matter that said the same of the same people.
-- The owner is under its own policies, which show it nothing here, until they are forced again below.
ALTER TABLE letter NO FORCE ROW LEVEL SECURITY;
ALTER TABLE letter_subject NO FORCE ROW LEVEL SECURITY;

CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
SELECT l.id AS letter_id, l.matter_id, l.sender_id, l.said, s.parties,
       first_value(l.id) OVER (PARTITION BY l.matter_id, l.sender_id, l.said, s.parties ORDER BY l.id) AS first_id
  FROM letter l
  LEFT JOIN (SELECT letter_id, array_agg(party_id ORDER BY party_id) AS parties FROM letter_subject GROUP BY 1) s
    ON s.letter_id = l.id;
-- A new id each: a letter's own is known to whoever sees the letter.
CREATE TEMPORARY TABLE content_made ON COMMIT DROP AS
SELECT letter_id AS first_id, uuidv7() AS content_id FROM moved WHERE letter_id = first_id;

INSERT INTO letter_content (id, matter_id, sender_id, data)
SELECT c.content_id, m.matter_id, m.sender_id, m.said FROM content_made c JOIN moved m ON m.letter_id = c.first_id
 ORDER BY c.content_id;
UPDATE letter l SET content_id = c.content_id FROM moved m JOIN content_made c USING (first_id) WHERE m.letter_id = l.id;
DELETE FROM letter_subject s USING moved m WHERE m.letter_id = s.letter_id AND m.letter_id <> m.first_id;
UPDATE letter_subject s SET content_id = c.content_id FROM content_made c WHERE c.first_id = s.letter_id;

ALTER TABLE letter FORCE ROW LEVEL SECURITY;
ALTER TABLE letter_subject FORCE ROW LEVEL SECURITY;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
