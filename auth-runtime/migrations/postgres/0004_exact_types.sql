-- The same function, which fits the types of the server's own functions and operators exactly. Otherwise the server
-- converts an argument, and would rather call an object that fits better: one that another role has created in this
-- schema.
CREATE OR REPLACE FUNCTION auth_charge_limits(keys BYTEA[], prices BIGINT[], tolerances BIGINT[], shadows BOOLEAN[])
RETURNS BIGINT[] LANGUAGE plpgsql SET enable_seqscan = off SET lock_timeout = '1s' AS $$
DECLARE
    counters CONSTANT INT := pg_catalog.cardinality(keys);
    one      BIGINT;
    at       INT;
    now      NUMERIC;
    most     NUMERIC;
    before   NUMERIC;
    latest   NUMERIC[] := pg_catalog.array_fill(NULL::NUMERIC, ARRAY[counters]);
    answer   BIGINT[] := ARRAY[1];
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'limits need the isolation level read committed' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    -- All requests lock their counters in the same order, so that no two wait for each other.
    FOR one IN SELECT DISTINCT ('x' || encode(substr(key, 1, 8), 'hex'))::BIT(64)::BIGINT
        FROM pg_catalog.unnest(keys) AS key ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(one);
    END LOOP;

    -- A time from before the wait would be older than the charges of the requests that were ahead.
    now := floor(extract(epoch FROM clock_timestamp())::NUMERIC * 1000000::NUMERIC) * 1000::NUMERIC;

    FOR i IN 1..counters LOOP
        -- The same counter twice: its first place has what this request made of it.
        at := pg_catalog.array_position(keys, keys[i]);
        before := latest[at];
        IF before IS NULL THEN
            SELECT full_at INTO before FROM auth_limits WHERE key = keys[i];
        END IF;
        before := greatest(coalesce(before, now), now);
        most := now + tolerances[i]::NUMERIC;
        IF before + prices[i]::NUMERIC <= most THEN
            latest[at] := before + prices[i]::NUMERIC;
        ELSE
            IF before > most THEN
                -- The clock went back. The bucket counts as empty, also for the requests after this one.
                before := most;
                INSERT INTO auth_limits VALUES (keys[i], before) ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at;
            END IF;
            IF NOT shadows[i] THEN
                answer[1] := 0;
            END IF;
        END IF;
        answer[i + 1] := before - now;
    END LOOP;

    IF answer[1] = 1 THEN
        FOR i IN 1..counters LOOP
            IF latest[i] IS NOT NULL THEN
                INSERT INTO auth_limits VALUES (keys[i], latest[i]) ON CONFLICT (key) DO UPDATE SET full_at = excluded.full_at;
            END IF;
        END LOOP;
    END IF;
    RETURN answer;
END
$$;
