import { RedisScript } from '@app/shared';

/**
 * Who makes the call of a key, by its address. Who is first claims it, and so does who finds that the one who has it hears no message;
 * any other one joins, by the same step.
 *
 * Key; address, lease in ms, message that joins; returns the address of the one who makes the call, or nothing.
 */
export const CLAIM = new RedisScript(`
local holder = redis.call('GET', KEYS[1])
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

/** Key; address. */
export const RELEASE = new RedisScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
`);

/** Address, message; returns how many hear it. */
export const SEND = new RedisScript(`return redis.call('PUBLISH', ARGV[1], ARGV[2])`);
