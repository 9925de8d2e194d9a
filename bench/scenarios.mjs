// What is measured, and how much CPU a request may cost there, as a multiple of the floor.

/**
 * `budget` must hold, `goal` is wanted. The floor does not translate, so a translated stream is compared with the
 * floor's plain one. `cached`: the gateway has the answer already, and its vendor is not asked; the floor asks.
 */
export const scenarios = [
  { name: 'whole-1kB', bytes: 1024, budget: 1.5, goal: 1.0 },
  { name: 'whole-20kB', bytes: 20_480, budget: 1.6, goal: 1.05 },
  { name: 'whole-1kB-c1', bytes: 1024, connections: 1 },
  { name: 'whole-1kB-c256', bytes: 1024, connections: 256 },
  { name: 'stream-1kB', bytes: 1024, stream: true, budget: 1.15, goal: 1.0 },
  { name: 'stream-20kB', bytes: 20_480, stream: true },
  { name: 'stream-1kB-c1', bytes: 1024, stream: true, connections: 1 },
  { name: 'stream-1kB-c256', bytes: 1024, stream: true, connections: 256 },
  {
    name: 'stream-translated',
    bytes: 1024,
    stream: true,
    model: 'anthropic/claude-sonnet-4-5',
    budget: 2.0,
    goal: 1.4,
  },
  { name: 'hit-1kB', bytes: 1024, cached: true, budget: 1.3, goal: 1.0 },
  { name: 'hit-20kB', bytes: 20_480, cached: true, budget: 1.3, goal: 1.0 },
  { name: 'hit-stream-1kB', bytes: 1024, stream: true, cached: true, budget: 1.3, goal: 1.0 },
].map(scenario => ({ connections: 64, stream: false, cached: false, model: 'gpt-4o-mini', ...scenario }));

const PARAGRAPH =
  'Please look at the following paragraph and tell me which facts it states and which it only implies. ';

/** A conversation of about `bytes` bytes, with settings as a real client sends them. */
export function requestBody({ bytes, stream, model }) {
  const turns = bytes > 4096 ? 20 : 4;
  const length = Math.max(20, Math.floor((bytes - 260) / turns) - 40);
  const content = PARAGRAPH.repeat(Math.ceil(length / PARAGRAPH.length)).slice(0, length);
  return JSON.stringify({
    model,
    temperature: 0.7,
    max_tokens: 256,
    user: 'user-1234',
    messages: Array.from({ length: turns }, (_, at) => ({ role: roleAt(at), content })),
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });
}

function roleAt(at) {
  return at === 0 ? 'system' : at % 2 === 1 ? 'user' : 'assistant';
}
