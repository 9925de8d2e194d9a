import { mergePatch } from './merge-patch.js';

describe('a merge patch', () => {
  it('has what is another, null for what is gone, and nothing of what stays', () => {
    const before = { name: 'fast', hedge: true, rules: [1], weights: { price: 1, load: 2 }, timeouts: null };
    const after = {
      name: 'fast',
      rules: [1, 2],
      weights: { price: 1, latency: 3 },
      timeouts: { totalMs: 5 },
    };

    expect(mergePatch(before, after)).toEqual({
      hedge: null,
      rules: [1, 2],
      weights: { load: null, latency: 3 },
      timeouts: { totalMs: 5 },
    });
    expect(mergePatch(before, before)).toEqual({});
  });
});
