import { RedisScript } from '@app/shared';
import { WINDOW } from './window.script.js';

/**
 * Holds tokens for all who count them, or for none.
 *
 * - Keys: the windows of their tokens. Parameters: how many tokens, and the limit of each.
 * - Returns `full`, who refuses it (from 1 on), how many are left, `retry after` and `reset` in ms; or `held`, who has least left, how
 *   many, `reset` in ms, and the slot of each window that they are counted in.
 */
export const HOLD = new RedisScript(`${WINDOW}
local tokens, windows = tonumber(ARGV[1]), {}
for i, key in ipairs(KEYS) do
  local window, limit = windowOf(key), tonumber(ARGV[1 + i])
  local missing = window.count + tokens - limit
  if missing > 0 then
    return { 'full', i, math.max(0, limit - window.count), msUntilGone(window, missing), msUntilEmpty(window) }
  end
  windows[i] = window
end
local least, remaining, reset, slots = 0, math.huge, 0, {}
for i, window in ipairs(windows) do
  add(window, tokens)
  slots[i] = window.slot
  local left = ARGV[1 + i] - window.count
  if left < remaining then least, remaining, reset = i, left, msUntilEmpty(window) end
end
return { 'held', least, remaining, reset, unpack(slots) }
`);

/**
 * Corrects what is held. What was used beyond it counts from now on; what is left over comes back, unless it is out of the
 * window.
 *
 * Keys: the windows. Parameters: how many tokens more than held, or fewer, and the slot of each window.
 */
export const SETTLE = new RedisScript(`${WINDOW}
local excess = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local window, slot = windowOf(key), ARGV[1 + i]
  if excess > 0 then
    add(window, excess)
  else
    local held = tonumber(redis.call('HGET', key, slot) or 0)
    local back = math.min(-excess, held)
    if back > 0 then
      redis.call('HINCRBY', key, slot, -back)
      redis.call('HSET', key, 'c', window.count - back)
    end
  end
end
`);
