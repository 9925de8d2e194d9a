import { RedisScript } from '@app/shared';

/*
 * An answer is a hash, which Redis forgets when its time is over. Beside it stand an index of each project, for what is purged, and
 * one of all answers by the end of their time, for what the indexes hold of answers that are over.
 */
const PLACES = `
local function answerKey(project, id) return 'llmhub:answers:' .. project .. ':' .. id end
local function indexKey(project) return 'llmhub:answers:of:' .. project end
local byExpiry = 'llmhub:answers:by-expiry'
local function forget(project, id)
  redis.call('HDEL', indexKey(project), id)
  redis.call('ZREM', byExpiry, project .. ':' .. id)
  return redis.call('UNLINK', answerKey(project, id))
end
`;

/** Project, id; returns namespace, model, keptAt, expiresAt, envelope, or nothing. */
export const FIND = new RedisScript(`${PLACES}
return redis.call('HMGET', answerKey(ARGV[1], ARGV[2]), 'namespace', 'model', 'keptAt', 'expiresAt', 'envelope')
`);

/** Project, id, namespace, model, keptAt, expiresAt, envelope. */
export const SAVE = new RedisScript(`${PLACES}
local project, id, namespace, model, keptAt, expiresAt = unpack(ARGV, 1, 6)
redis.call('HSET', indexKey(project), id, keptAt .. ' ' .. namespace .. ' ' .. model)
redis.call('ZADD', byExpiry, expiresAt, project .. ':' .. id)
redis.call('HSET', answerKey(project, id), 'namespace', namespace, 'model', model, 'keptAt', keptAt,
  'expiresAt', expiresAt, 'envelope', ARGV[7])
redis.call('PEXPIREAT', answerKey(project, id), expiresAt)
`);

/** Project, ids; returns how many answers there were. */
export const FORGET = new RedisScript(`${PLACES}
local count = 0
for at = 2, #ARGV do
  count = count + forget(ARGV[1], ARGV[at])
end
return count
`);

/** Project, cursor, about how many; returns the next cursor, and pairs of an id and what the index says of it. */
export const SCAN = new RedisScript(`${PLACES}
return redis.call('HSCAN', indexKey(ARGV[1]), ARGV[2], 'COUNT', ARGV[3])
`);

/** Now, limit; returns how many were over. */
export const EXPIRE = new RedisScript(`${PLACES}
local over = redis.call('ZRANGEBYSCORE', byExpiry, '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(over) do
  local project, id = member:match('^(.*):(.-)$')
  forget(project, id)
end
return #over
`);
