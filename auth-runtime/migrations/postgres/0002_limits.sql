-- One row for each counter of a limit: the time at which its bucket is full again, in nanoseconds since 1970. Such a time
-- may need more than 63 bits.
--
-- No write-ahead log has the table, so that counting waits for no disk. A crash of the server and the promotion of a
-- replica empty it. Each limit then admits at most one burst more.
--
-- Half of a page stays free. A changed row finds room beside its old version, and the index stays as it is.
CREATE UNLOGGED TABLE auth_limits (
    key     BYTEA   NOT NULL PRIMARY KEY CHECK (length(key) = 16),
    full_at NUMERIC NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Charges all limits of a request in one step, or none: the GCRA of `limit/gcra.rs`, with the rules of `LimitStore`.
--
-- A price of NULL is one that the full bucket cannot pay. The answer is 1 if the request is admitted and else 0, and then
-- the debt of each counter before this charge, in nanoseconds.
--
-- A call waits for each lock for at most a second, for example while the table is rewritten. No request waits for so
-- long, and each waiting call holds one of the server's connections.
CREATE FUNCTION auth_charge_limits(keys BYTEA[], prices BIGINT[], tolerances BIGINT[], shadows BOOLEAN[])
RETURNS BIGINT[] LANGUAGE plpgsql SET enable_seqscan = off SET lock_timeout = '1s' AS $$
DECLARE
    counters CONSTANT INT := cardinality(keys);
    one      BIGINT;
    at       INT;
    now      NUMERIC;
    most     NUMERIC;
    before   NUMERIC;
    latest   NUMERIC[] := array_fill(NULL::NUMERIC, ARRAY[counters]);
    answer   BIGINT[] := ARRAY[1];
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'limits need the isolation level read committed' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;

    -- All requests lock their counters in the same order, so that no two wait for each other.
    FOR one IN SELECT DISTINCT ('x' || encode(substr(key, 1, 8), 'hex'))::BIT(64)::BIGINT FROM unnest(keys) AS key ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(one);
    END LOOP;

    -- A time from before the wait would be older than the charges of the requests that were ahead.
    now := floor(extract(epoch FROM clock_timestamp()) * 1000000)::NUMERIC * 1000;

    FOR i IN 1..counters LOOP
        -- The same counter twice: its first place has what this request made of it.
        at := array_position(keys, keys[i]);
        before := latest[at];
        IF before IS NULL THEN
            SELECT full_at INTO before FROM auth_limits WHERE key = keys[i];
        END IF;
        before := greatest(coalesce(before, now), now);
        most := now + tolerances[i];
        IF before + prices[i] <= most THEN
            latest[at] := before + prices[i];
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
