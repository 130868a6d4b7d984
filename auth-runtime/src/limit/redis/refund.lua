-- Takes charges back which a limit in another slot of the cluster made void.
--
-- Only the price minus the time that has passed since the charge is taken back. The bucket may have drained so much of
-- the charge already; if that were given back, too, later requests would get more than the limit allows.
--
-- Before this text stands where the time comes from, as in `charge.lua`.
--
-- KEYS: the charged counters. ARGV: the time of the charge as a pair, and the price of each as a pair.
local SECOND = 1000000000
local elapsed_s, elapsed_n = now_s - ARGV[1], now_n - ARGV[2]
if elapsed_n < 0 then elapsed_s, elapsed_n = elapsed_s - 1, elapsed_n + SECOND end
-- After a clock that went back, the time that has passed is not known.
if elapsed_s < 0 then return 0 end

local refunded = 0
for i, key in ipairs(KEYS) do
  local back_s, back_n = ARGV[2 * i + 1] - elapsed_s, ARGV[2 * i + 2] - elapsed_n
  if back_n < 0 then back_s, back_n = back_s - 1, back_n + SECOND end
  local stored = back_s >= 0 and redis.call('GET', key)
  if stored then
    local tat_s, tat_n = string.sub(stored, 1, -10) - back_s, string.sub(stored, -9) - back_n
    if tat_n < 0 then tat_s, tat_n = tat_s - 1, tat_n + SECOND end
    local ms = (tat_s - now_s) * 1000 + math.ceil((tat_n - now_n) / 1000000)
    if ms > 0 then
      redis.call('SET', key, string.format('%.0f%09.0f', tat_s, tat_n), 'PX', string.format('%.0f', ms + slack))
    else
      redis.call('DEL', key)
    end
    refunded = refunded + 1
  end
end
return refunded
