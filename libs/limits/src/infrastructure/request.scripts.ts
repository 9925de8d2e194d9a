import { RedisScript } from '@app/shared';
import { WINDOW } from './window.script.js';

/**
 * Lets a call in for all who count it, or for none.
 *
 * - Keys, for each of them: the window of its requests, and its open calls, by when their leases end.
 * - Parameters: the call's id, its lease in ms; then for each the limit of requests and that of open calls, '' for none.
 * - Returns `calls` or `requests`, who refuses it (from 1 on) and, for requests, `retry after` and `reset` in ms; or `in`, who has least
 *   requests left (0 where none limits them), how many, `reset` in ms, and the slot of each window that it is counted in.
 */
export const ENTER = new RedisScript(`${WINDOW}
local call, lease, all = ARGV[1], ARGV[2], #KEYS / 2
local windows = {}
for i = 1, all do
  local limit, calls = tonumber(ARGV[2 + 2 * i]), KEYS[2 * i]
  if limit then
    redis.call('ZREMRANGEBYSCORE', calls, '-inf', now)
    if redis.call('ZCARD', calls) >= limit then return { 'calls', i } end
  end
end
for i = 1, all do
  local limit = tonumber(ARGV[1 + 2 * i])
  if limit then
    local window = windowOf(KEYS[2 * i - 1])
    if window.count >= limit then
      return { 'requests', i, msUntilGone(window, window.count - limit + 1), msUntilEmpty(window) }
    end
    windows[i] = window
  end
end
local least, remaining, reset, slots = 0, math.huge, 0, {}
for i = 1, all do
  if ARGV[2 + 2 * i] ~= '' then
    redis.call('ZADD', KEYS[2 * i], now + lease, call)
    redis.call('PEXPIRE', KEYS[2 * i], lease)
  end
  local window = windows[i]
  if window then
    add(window, 1)
    table.insert(slots, window.slot)
    local left = ARGV[1 + 2 * i] - window.count
    if left < remaining then least, remaining, reset = i, left, msUntilEmpty(window) end
  end
end
return least > 0 and { 'in', least, remaining, reset, unpack(slots) } or { 'in', 0 }
`);

/** Keys: the open calls of all who count a call. Parameter: its id. */
export const LEAVE = new RedisScript(`
for _, calls in ipairs(KEYS) do redis.call('ZREM', calls, ARGV[1]) end
`);

/**
 * Makes the leases of open calls new, also of those that Redis does not know: it may have begun anew.
 *
 * Key: the open calls. Parameters: the lease in ms, and the calls' ids.
 */
export const RENEW = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
`);
