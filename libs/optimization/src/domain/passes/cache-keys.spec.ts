import type { GenerationRequest, Target } from '@app/dialects';
import { RingKey, Secrets } from '@app/shared';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { CacheKeys } from './cache-keys.js';
import { say, talk } from './fixtures.js';

const target: Target = { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: { promptCacheKey: true } };
const long = 'secret word '.repeat(400); // 1200 tokens
const MINUTE_MS = 60_000;
const chat = (system: string, asked: string, ...said: string[]): GenerationRequest =>
  talk([say('system', system), say('user', asked), ...said.map(text => say('assistant', text))]);

describe('CacheKeys', () => {
  let clock: TestClock;
  let keys: CacheKeys;

  beforeEach(() => {
    clock = new TestClock();
    keys = new CacheKeys(new Secrets([new RingKey(Buffer.alloc(32, 1))]), clock);
  });

  const keyOf = (request: GenerationRequest, project = 'p', to = target): string | undefined =>
    keys.set(request, project, to).settings.promptCacheKey;

  it('gives a conversation the same key all along, which says nothing of it', () => {
    const key = keyOf(chat('Hi.', long));

    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(keyOf(chat('Hi.', long, 'Well.', 'And?'))).toBe(key);
    expect(keyOf(chat('Hi.', `${long}!`))).not.toBe(key);
    expect(keyOf(chat('Hi.', long), 'another project')).not.toBe(key);
    expect(
      new CacheKeys(new Secrets([new RingKey(Buffer.alloc(32, 2))]), clock).set(
        chat('Hi.', long),
        'p',
        target,
      ).settings,
    ).not.toEqual({ promptCacheKey: key });
  });

  it('gives conversations that begin alike one key, until there are too many calls for one', () => {
    const few = Array.from({ length: 12 }, (_, at) => keyOf(chat(long, `${at}`)));
    const more = Array.from({ length: 12 }, (_, at) => keyOf(chat(long, `${at}`)));
    const many = Array.from({ length: 200 }, (_, at) => keyOf(chat(long, `${at}`)));

    expect(new Set(few).size).toBe(1);
    expect(new Set(more)).toEqual(new Set([few[0], `${few[0]}-1`])); // every second one has moved
    expect(new Set(many.slice(100)).size).toBeGreaterThan(8);
    expect(keyOf(chat(long, '7', 'Well.'))).toBe(keyOf(chat(long, '7')));
  });

  it('needs fewer keys again when for an hour there were fewer calls', () => {
    const one = keyOf(chat(long, 'a'));
    Array.from({ length: 100 }, () => keyOf(chat(long, 'a')));
    expect(keyOf(chat(long, 'a'))).not.toBe(one);

    for (let minute = 0; minute <= 120; minute++) {
      clock.advance(MINUTE_MS);
      keyOf(chat(long, 'a'));
    }
    expect(keyOf(chat(long, 'a'))).toBe(one);
  });

  it.each<[string, GenerationRequest, Target]>([
    ['another vendor', chat(long, 'a'), { ...target, quirks: {} }],
    ['what is too short to be cached', chat('Hi.', 'a'), target],
    ['what nobody asks', talk([say('system', long)]), target],
    ['a caller who has one', { ...chat(long, 'a'), settings: { promptCacheKey: '' } }, target],
    [
      'what the vendor keeps',
      { ...chat(long, 'a'), native: { dialect: 'openai-responses', fields: { previous_response_id: 'r' } } },
      target,
    ],
  ])('gives none to %s', (_, request, to) => {
    expect(keys.set(request, 'p', to)).toBe(request);
  });

  it('writes it into the body that the request is written back from', () => {
    const body = { input: 'x' };
    const request = {
      ...chat(long, 'a'),
      native: { dialect: 'openai-responses', fields: {}, body } as const,
    };
    const keyed = keys.set(request, 'p', target);

    expect(keyed.native.body).toEqual({ ...body, prompt_cache_key: keyed.settings.promptCacheKey });
    expect(keys.set(keyed, 'p', target)).toBe(keyed);
  });
});
