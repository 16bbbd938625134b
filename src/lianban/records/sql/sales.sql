-- Valuation and sale are the lead's. An asset is sold only while it is held first, by a power that may sell it, while nobody
-- outside claims it, and at no less than the law's share of its price: the database holds it, whoever writes.

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['valuation', 'sale'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY led ON %I FOR SELECT TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('CREATE POLICY lead_adds ON %I FOR INSERT TO lianban_app WITH CHECK ('
                       'lead_agency_id = (SELECT lianban.agency()) AND lianban.leads(matter_id))', t);
        EXECUTE format('CREATE POLICY lead_changes ON %I FOR UPDATE TO lianban_app USING (lead_agency_id = (SELECT lianban.agency()))', t);
        EXECUTE format('CREATE POLICY functions ON %I FOR SELECT TO lianban_owner USING (true)', t);
        EXECUTE format('CREATE POLICY system ON %I FOR SELECT TO lianban_worker USING (true)', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO lianban_app', t);
    END LOOP;
END $$;
GRANT UPDATE (state, value_fen, settled_on, valid_until, note) ON valuation TO lianban_app;
GRANT UPDATE (state, ended_on, price_fen, buyer, paid_on, transferred_on, transfer_number, served_on, delivered_on, reason)
    ON sale TO lianban_app;
GRANT SELECT (id, matter_id, asset_id, way, state, announced_on, bidding_from, until, paid_on, transferred_on, served_on)
    ON sale TO lianban_worker;

-- A number of the law, as the engine's data says it; the tests compare the two.
CREATE FUNCTION lianban.sale_share(code text) RETURNS integer LANGUAGE sql IMMUTABLE
AS $$ SELECT CASE code WHEN 'first_start' THEN 70 WHEN 'later_start' THEN 80 WHEN 'direct_least' THEN 50
                       WHEN 'deposit_least' THEN 5 WHEN 'deposit_most' THEN 20 WHEN 'auction_rounds' THEN 2 END $$;

CREATE FUNCTION lianban.announce_sale() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, lianban
AS $$
DECLARE
    thing asset%ROWTYPE;
    held measure%ROWTYPE;
    worth bigint;
    earlier integer;
    last_start bigint;
    least bigint;
BEGIN
    SELECT * INTO thing FROM asset WHERE id = NEW.asset_id;
    IF thing.matter_id IS DISTINCT FROM NEW.matter_id THEN
        RAISE EXCEPTION 'an asset is sold in its own matter' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO held FROM measure m
     WHERE m.matter_id = NEW.matter_id AND m.asset_id = NEW.asset_id AND m.state = 'effective' AND m.rank = 1 LIMIT 1;
    IF held.id IS NULL THEN
        RAISE EXCEPTION 'an asset is sold while this matter holds it first'
            USING ERRCODE = 'check_violation', HINT = 'Seal it first, or agree with the court that did.';
    END IF;
    PERFORM lianban.require_limit(held.basis, thing.kind, held.claim, 'sell',
        ARRAY(SELECT jsonb_array_elements_text(NEW.facts)), NEW.announced_on);
    IF lianban.disposal_barred(NEW.matter_id, NEW.asset_id, NEW.announced_on) THEN
        RAISE EXCEPTION 'somebody outside claims the asset: nothing is disposed of before that is decided'
            USING ERRCODE = 'check_violation', HINT = 'Civil Procedure Law, article 238.';
    END IF;
    SELECT count(*), (array_agg(start_fen ORDER BY round DESC))[1] INTO earlier, last_start
      FROM sale WHERE asset_id = NEW.asset_id AND way = 'auction' AND state = 'failed';
    SELECT value_fen INTO worth FROM valuation WHERE id = NEW.valuation_id AND asset_id = NEW.asset_id
       AND state = 'settled' AND NEW.announced_on BETWEEN settled_on AND valid_until;
    IF NEW.valuation_id IS NOT NULL AND worth IS NULL
       OR NEW.valuation_id IS NULL AND NOT (NEW.way = 'direct' AND NEW.ground IN ('seasonal', 'perishable', 'market_price')) THEN
        RAISE EXCEPTION 'there is no reference price in force' USING ERRCODE = 'check_violation';
    END IF;
    least := CASE WHEN NEW.way = 'auction' AND earlier > 0 THEN ceil(last_start * lianban.sale_share('later_start') / 100.0)
                  WHEN NEW.way = 'auction' THEN ceil(worth * lianban.sale_share('first_start') / 100.0)
                  WHEN NEW.way = 'direct' THEN ceil(coalesce(worth, 0) * lianban.sale_share('direct_least') / 100.0)
                  ELSE worth END;
    IF NEW.start_fen < least THEN
        RAISE EXCEPTION 'a price of % fen is below the least the law allows, %', NEW.start_fen, least
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.way = 'auction' THEN
        IF earlier >= lianban.sale_share('auction_rounds') THEN
            RAISE EXCEPTION 'an asset is auctioned twice at most' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.bidding_from IS NULL OR NEW.bidding_until IS NULL OR NEW.bidding_until < NEW.bidding_from + interval '24 hours' THEN
            RAISE EXCEPTION 'bidding lasts a day at least' USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.deposit_fen * 100 NOT BETWEEN NEW.start_fen * lianban.sale_share('deposit_least')
                                         AND NEW.start_fen * lianban.sale_share('deposit_most') THEN
            RAISE EXCEPTION 'the deposit is between 5 and 20 percent of the starting price' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    NEW.round := earlier + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER announces BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION lianban.announce_sale();

-- What was decided does not change: a sale ends once, and its dates are written once.
CREATE FUNCTION lianban.sale_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, lianban
AS $$
BEGIN
    IF OLD.state <> 'announced' AND (NEW.state, NEW.ended_on, NEW.price_fen) IS DISTINCT FROM (OLD.state, OLD.ended_on, OLD.price_fen)
       AND NOT (OLD.state = 'sold' AND OLD.paid_on IS NULL AND NEW.state = 'failed') THEN
        RAISE EXCEPTION 'a sale that has ended does not end otherwise' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.paid_on IS NOT NULL AND NEW.paid_on IS DISTINCT FROM OLD.paid_on
       OR OLD.transferred_on IS NOT NULL AND NEW.transferred_on IS DISTINCT FROM OLD.transferred_on
       OR OLD.delivered_on IS NOT NULL AND NEW.delivered_on IS DISTINCT FROM OLD.delivered_on THEN
        RAISE EXCEPTION 'a day that was recorded is not changed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'announced' AND NEW.state = 'sold'
       AND lianban.disposal_barred(NEW.matter_id, NEW.asset_id, NEW.ended_on) THEN
        RAISE EXCEPTION 'somebody outside claims the asset: nothing is disposed of before that is decided'
            USING ERRCODE = 'check_violation', HINT = 'Civil Procedure Law, article 238.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moves BEFORE UPDATE ON sale FOR EACH ROW EXECUTE FUNCTION lianban.sale_moves();

CREATE FUNCTION lianban.valuation_keeps() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.state <> 'running' THEN
        RAISE EXCEPTION 'a reference price that was settled does not change; start another valuation' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keeps BEFORE UPDATE ON valuation FOR EACH ROW EXECUTE FUNCTION lianban.valuation_keeps();
