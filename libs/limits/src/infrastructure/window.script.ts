/**
 * The `MinuteWindow` of the domain in Lua, with the clock of the server: how many things happened within the last minute, and a
 * quarter of a second more at most. One hash for each, of 244 fields at most, which is gone two minutes after its last use:
 * `n` the newest slot, `c` what all slots count, `u` the slot used last, and by its number what each slot counts.
 *
 * To be put before a script.
 */
export const WINDOW = `
local SLOT_MS, SLOTS, KEPT_MS = 250, 241, 120000
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

-- The window as it is now. A clock that was set back stands still, up to a minute; beyond that all begins anew.
local function windowOf(key)
  local stored = redis.call('HMGET', key, 'n', 'c', 'u')
  local slot, newest = math.floor(now / SLOT_MS), tonumber(stored[1])
  if not newest or math.abs(slot - newest) >= SLOTS then
    if newest then redis.call('DEL', key) end
    return { key = key, slot = slot, count = 0, used = slot - SLOTS }
  end
  local count = tonumber(stored[2])
  for at = newest + 1, slot do
    local gone = redis.call('HGET', key, at - SLOTS)
    if gone then
      count = count - gone
      redis.call('HDEL', key, at - SLOTS)
    end
  end
  if slot > newest then redis.call('HSET', key, 'n', slot, 'c', count) end
  return { key = key, slot = math.max(slot, newest), count = count, used = tonumber(stored[3]) }
end

local function add(window, amount)
  window.count = window.count + amount
  window.used = window.slot
  redis.call('HINCRBY', window.key, window.slot, amount)
  redis.call('HSET', window.key, 'n', window.slot, 'c', window.count, 'u', window.used)
  redis.call('PEXPIRE', window.key, KEPT_MS)
end

-- In how many ms all that is counted will be out of the window.
local function msUntilEmpty(window)
  return math.max(0, math.ceil((window.used + SLOTS) * SLOT_MS - now))
end

-- In how many ms so many of what is counted will be out of the window.
local function msUntilGone(window, wanted)
  local slots = {}
  for at = 1, SLOTS do slots[at] = window.slot - SLOTS + at end
  local gone = 0
  for at, amount in ipairs(redis.call('HMGET', window.key, unpack(slots))) do
    gone = gone + (amount or 0)
    if gone >= wanted then return math.ceil((slots[at] + SLOTS) * SLOT_MS - now) end
  end
  return SLOTS * SLOT_MS
end
`;
