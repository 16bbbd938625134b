-- Counts and ages only, for the health page: no context is needed and no row is shown. Whether the worker is behind is
-- said here, so that the page, the command line and whoever asks SQL say the same.

INSERT INTO lianban.setting VALUES
    ('worker_behind_minutes', '5', 'a timer, clock or ledger entry that waits longer says that no worker, or too few, run');

CREATE OR REPLACE FUNCTION lianban.health() RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
    WITH bound AS (SELECT 60 * lianban.setting_int('worker_behind_minutes') AS seconds), oldest AS (
        SELECT
            -- One that failed was put off, and waits for no worker until then.
            (SELECT extract(epoch FROM now() - greatest(t.due_at, t.not_before))::integer FROM timer t
               JOIN matter m ON m.id = t.matter_id AND m.state = 'open'
              WHERE t.due_at <= now() AND (t.not_before IS NULL OR t.not_before <= now())
              ORDER BY t.due_at LIMIT 1) AS timer,
            (SELECT extract(epoch FROM now() - min(next_at))::integer FROM clock WHERE next_at <= now()) AS clock,
            (SELECT extract(epoch FROM now() - min(recorded_at))::integer FROM ledger_pending) AS entry)
    SELECT jsonb_build_object(
        'postgresql', current_setting('server_version'),
        'open_matters', (SELECT count(*) FROM matter WHERE state = 'open'),
        'timers_overdue', (SELECT count(*) FROM timer WHERE due_at < now() - make_interval(secs => bound.seconds)),
        'timers_oldest_due_seconds', coalesce(oldest.timer, 0),
        'clocks_overdue', (SELECT count(*) FROM clock WHERE next_at < now() - make_interval(secs => bound.seconds)),
        'clocks_oldest_due_seconds', coalesce(oldest.clock, 0),
        'ledger_size', (SELECT coalesce(max(size), 0) FROM ledger_checkpoint),
        'ledger_waiting', (SELECT count(*) FROM ledger_pending),
        'ledger_oldest_waiting_seconds', coalesce(oldest.entry, 0),
        'worker_behind', coalesce(greatest(oldest.timer, oldest.clock, oldest.entry) > bound.seconds, false))
      FROM bound, oldest
$$;
