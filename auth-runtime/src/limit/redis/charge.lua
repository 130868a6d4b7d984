-- Charges all limits of a request in one step, or none: the GCRA of `limit/gcra.rs`, with the rules of `LimitStore`.
--
-- A number of Lua is exact up to 2^53, and a time in nanoseconds needs 64 bits. So each time is a pair of seconds and
-- nanoseconds. A counter is stored as the decimal text of its nanoseconds; the last nine digits are below a second.
--
-- Before this text stands where the time comes from: `now_s`, `now_n`, and `slack`, by how many milliseconds a counter
-- outlives its last debt.
--
-- KEYS: the counter of each limit. ARGV, five for each limit: the price and the tolerance as pairs, and 1 for a shadow.
-- The answer: 1 if the request is admitted, the time as a pair, and for each limit its debt before this charge as a pair.
local SECOND = 1000000000
local sub = string.sub
local charged, latest, admitted = {}, {}, 1
local answer = {1, now_s, now_n}

for i, key in ipairs(KEYS) do
  local at = 5 * i - 5
  local tolerance_s, tolerance_n = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local most_s, most_n = now_s + tolerance_s, now_n + tolerance_n
  if most_n >= SECOND then most_s, most_n = most_s + 1, most_n - SECOND end

  -- The time at which the bucket will be full again: by an earlier charge of this request, or as stored, or now.
  local tat_s, tat_n = now_s, now_n
  local same = latest[key]
  if same then
    tat_s, tat_n = same[1], same[2]
  else
    local stored = redis.call('GET', key)
    if stored then tat_s, tat_n = tonumber(sub(stored, 1, -10)), tonumber(sub(stored, -9)) end
  end
  if tat_s < now_s or (tat_s == now_s and tat_n < now_n) then tat_s, tat_n = now_s, now_n end

  local full_s, full_n = tat_s + ARGV[at + 1], tat_n + ARGV[at + 2]
  if full_n >= SECOND then full_s, full_n = full_s + 1, full_n - SECOND end
  if full_s < most_s or (full_s == most_s and full_n <= most_n) then
    latest[key] = {full_s, full_n}
    charged[i] = latest[key]
  else
    if tat_s > most_s or (tat_s == most_s and tat_n > most_n) then
      -- The clock went back. The bucket counts as empty, also for the requests after this one.
      tat_s, tat_n = most_s, most_n
      local ms = tolerance_s * 1000 + math.ceil(tolerance_n / 1000000) + slack
      redis.call('SET', key, string.format('%.0f%09.0f', tat_s, tat_n), 'PX', string.format('%.0f', ms))
    end
    if ARGV[at + 5] ~= '1' then admitted = 0 end
  end

  local debt_s, debt_n = tat_s - now_s, tat_n - now_n
  if debt_n < 0 then debt_s, debt_n = debt_s - 1, debt_n + SECOND end
  answer[2 * i + 2], answer[2 * i + 3] = debt_s, debt_n
end

answer[1] = admitted
if admitted == 1 then
  for i, key in ipairs(KEYS) do
    local full = charged[i]
    if full and full == latest[key] then
      local ms = (full[1] - now_s) * 1000 + math.ceil((full[2] - now_n) / 1000000) + slack
      redis.call('SET', key, string.format('%.0f%09.0f', full[1], full[2]), 'PX', string.format('%.0f', ms))
    end
  end
end
return answer
