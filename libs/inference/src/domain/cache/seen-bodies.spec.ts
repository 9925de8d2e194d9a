import type { AnswerCache } from '@app/optimization';
import { type Call, readConfig } from '@app/shared';
import { SeenBodies } from './seen-bodies.js';

const USE = {} as NonNullable<Call['cache']>;
const SENDER = { projectId: 'p', defaultChatModel: null, cache: USE, routing: null };

function seenBodies(bytesOfCache = '8388608'): { seen: SeenBodies; purge: (projectId: string) => void } {
  const listeners: ((projectId: string) => void)[] = [];
  const cache: Pick<AnswerCache, 'onPurge'> = { onPurge: forget => listeners.push(forget) };
  const config = readConfig({ AI_GATEWAY_CACHE_MEMORY_BYTES: bytesOfCache });
  const seen = new SeenBodies(config, cache as AnswerCache);
  return { seen, purge: projectId => listeners.forEach(forget => forget(projectId)) };
}

const bytes = (body: object = { model: 'm', n: 1 }): Buffer => Buffer.from(JSON.stringify(body));

/** Whether the last of three is the one before it: the first is not remembered. */
function isKnown(seen: SeenBodies, senders: readonly Partial<typeof SENDER>[] = [{}, {}, {}]): boolean {
  const bodies = senders.map(sender => seen.parse(bytes(), { call: { ...SENDER, ...sender } }));
  return bodies.at(-1) === bodies.at(-2);
}

describe('a body that came before', () => {
  it('is the same object from the second time on, parsed like any other', () => {
    const { seen } = seenBodies();
    expect(isKnown(seen)).toBe(true);
    expect(seen.parse(bytes(), { call: SENDER })).toMatchObject({ json: { model: 'm', n: 1 }, model: 'm' });
  });

  it('is another one when it came once', () => {
    expect(isKnown(seenBodies().seen, [{}, {}])).toBe(false);
  });

  it('is another one where one byte differs', () => {
    const { seen } = seenBodies();
    isKnown(seen);
    const other = bytes({ model: 'm', n: 2 });
    expect(seen.parse(other, { call: SENDER }).json).toEqual({ model: 'm', n: 2 });
  });

  it('is of one project alone', () => {
    const { seen } = seenBodies();
    isKnown(seen);
    expect(isKnown(seen, [{}, { projectId: 'q' }])).toBe(false);
  });

  it('is another one where another model is meant by none, or the URL says another', () => {
    const { seen } = seenBodies();
    const read = (defaultChatModel: string | null, asked?: { model: string; stream: boolean }): string =>
      seen.parse(bytes({ n: 1 }), { call: { ...SENDER, defaultChatModel }, ...(asked && { asked }) }).model;
    for (let time = 0; time < 3; time += 1) {
      expect([read('a'), read('b')]).toEqual(['a', 'b']);
      expect(read(null, { model: 'c', stream: true })).toBe('c');
      expect(seen.parse(bytes({ n: 1 }), { call: SENDER, asked: { model: 'c', stream: false } }).stream).toBe(
        false,
      );
    }
    expect(() => read(null)).toThrow(expect.objectContaining({ status: 400, param: 'model' }));
  });

  it('has bytes of its own, which keep nothing else alive', () => {
    const { seen } = seenBodies();
    const unpacked = Buffer.concat([bytes(), Buffer.alloc(16_384)]).subarray(0, bytes().length);
    const [, body] = [1, 2].map(() => seen.parse(unpacked, { call: SENDER }));
    expect([body?.bytes.equals(bytes()), body?.bytes.buffer.byteLength]).toEqual([true, bytes().length]);
  });

  it.each<[string, unknown[], string, boolean]>([
    ['of few values has room', Array(10).fill('x'.repeat(1000)), '1048576', true],
    [
      'of as many bytes, but many values, has none',
      Array.from({ length: 3300 }, () => ({})),
      '1048576',
      false,
    ],
    ['has none where it is larger than any', Array(300).fill('x'.repeat(1000)), '1073741824', false],
  ])('%s', (_what, values, bytesOfCache, expected) => {
    const { seen } = seenBodies(bytesOfCache);
    const [, second, third] = [1, 2, 3].map(() =>
      seen.parse(bytes({ model: 'm', values }), { call: SENDER }),
    );
    expect(second === third).toBe(expected);
  });

  it('is forgotten when the project is purged, and never remembered without a cache or a memory', () => {
    const { seen, purge } = seenBodies();
    isKnown(seen);
    purge('p');
    expect(isKnown(seen, [{}, {}])).toBe(false);
    expect(isKnown(seenBodies('0').seen)).toBe(false);
    const bodies = [1, 2, 3].map(() => seen.parse(bytes(), { call: { ...SENDER, cache: null } }));
    expect(bodies[1]).not.toBe(bodies[2]);
  });
});
