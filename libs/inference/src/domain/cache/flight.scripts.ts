import { RedisScript } from '@app/shared';

/** In the place of an address: the call was over a moment ago. */
export const OVER = 'over';

/**
 * Who makes the call of a key, by its address. Who is first claims it, and so does who finds that the one who has it hears no message;
 * any other one joins, by the same step. Who finds that it is just over has not claimed it: its answer may be kept by now.
 *
 * Key; address, lease in ms, message that joins; returns the address of the one who makes the call, or `OVER`, or nothing.
 */
export const CLAIM = new RedisScript(`
local holder = redis.call('GET', KEYS[1])
if holder == '${OVER}' then
  redis.call('DEL', KEYS[1])
  return holder
end
if holder and holder ~= ARGV[1] and redis.call('PUBLISH', holder, ARGV[3]) > 0 then
  return holder
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
`);

/** Keys; lease in ms, address. What Redis has forgotten is claimed again. */
export const RENEW = new RedisScript(`
for _, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if not holder or holder == ARGV[2] then
    redis.call('SET', key, ARGV[2], 'PX', ARGV[1])
  end
end
`);

/** Key; address, for how many ms others are told that it is over. */
export const RELEASE = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('SET', KEYS[1], '${OVER}', 'PX', ARGV[2])
end
`);
