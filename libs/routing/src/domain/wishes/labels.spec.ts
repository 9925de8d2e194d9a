import { readLabels } from './labels.js';

describe('labels', () => {
  it('are none when a request says nothing', () => {
    for (const metadata of [undefined, null, 'text', ['a']]) {
      expect(readLabels(metadata, null)).toEqual({ tags: [], metadata: {} });
    }
  });

  it('are the tags of the header, without the blanks around them', () => {
    expect(readLabels(undefined, { tags: 'batch, at night ,x' }).tags).toEqual(['batch', 'at night', 'x']);
  });

  it.each(['', ',', 'a,,b', 'a, ', 'a,'.repeat(10) + 'a', 'größe', 'a'.repeat(65)])(
    'refuses the tags %j',
    tags => {
      expect(() => readLabels(undefined, { tags })).toThrow(
        "'x-llmhub-tags' must be a list of at most 10 tags",
      );
    },
  );

  it('say which of the tags is empty', () => {
    expect(() => readLabels(undefined, { tags: 'batch, night ,' })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('nightly, and its entry 3 is empty: leave it out.'),
      }),
    );
  });

  it('are the texts, numbers and truth values in the metadata of the body: the rest is for the vendor', () => {
    const metadata = { tier: 'free', user: 7, share: 0.5, beta: true, list: ['a'], none: null, in: {} };
    const texts = { tier: 'free', user: '7', share: '0.5', beta: 'true' };
    expect(readLabels(metadata, null).metadata).toEqual(texts);
    expect(readLabels({}, { metadata: '{"user": 7, "beta": true}' }).metadata).toEqual({
      user: '7',
      beta: 'true',
    });
  });

  it('are those of the header before those of the body', () => {
    const body = { tier: 'free', region: 'eu' };
    expect(readLabels(body, { metadata: '{"tier": "paid", "team": "a"}' }).metadata).toEqual({
      tier: 'paid',
      region: 'eu',
      team: 'a',
    });
  });

  it.each(['', 'free', '[1]', 'null', '{"tier": null}', '{"tier": "free", "list": []}'])(
    'refuses the metadata %j of a header',
    metadata => {
      expect(() => readLabels({ tier: 'free' }, { metadata })).toThrow(
        expect.objectContaining({ status: 400, param: 'x-llmhub-metadata' }),
      );
    },
  );

  it('are nothing but data, whatever they are called', () => {
    const { metadata } = readLabels(JSON.parse('{"__proto__": "a"}'), { metadata: '{"constructor": "b"}' });

    expect(Object.entries(metadata)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });
});
