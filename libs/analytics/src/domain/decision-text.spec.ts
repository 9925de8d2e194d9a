import { DECISION_BYTES, decisionIn, decisionText } from './decision-text.js';

const outline = (decision: object): unknown => JSON.parse(decisionText(decision));

describe('decisionText', () => {
  it('gives a decision back, to the last byte of its room', () => {
    const decision = { snapshot: { draw: 0.123456789012345 }, text: 'é\0\ud800', order: [1, 0] };
    expect(decisionIn(decisionText(decision))).toEqual(decision);

    const full = { text: 'x'.repeat(DECISION_BYTES - '{"*form":2,"text":""}'.length) };
    expect(Buffer.byteLength(decisionText(full))).toBe(DECISION_BYTES);
    expect(decisionIn(decisionText(full))).toEqual(full);
  });

  it('says what many rows have in common once', () => {
    const row = { vendor: 'openai', lacks: [], refuses: [], down: null };
    const decision = { candidates: Array.from({ length: 500 }, (_, at) => ({ ...row, at })) };

    expect(Buffer.byteLength(decisionText(decision))).toBeLessThan(2500);
    expect(decisionIn(decisionText(decision))).toEqual(decision);
  });

  it('reads what was kept before there were forms, and says of a later one that it cannot', () => {
    expect(decisionIn('{"plan":{"order":[1,0]},"candidates":[{"a":1},{"a":2}]}')).toEqual({
      plan: { order: [1, 0] },
      candidates: [{ a: 1 }, { a: 2 }],
    });
    expect(decisionIn('{"*form":3,"anything":[]}')).toEqual({
      unreadable: true,
      reason: expect.stringContaining('form 3'),
    });
  });

  it('leaves of a larger one what fits, and says what it left out', () => {
    const snapshot = {
      candidates: Array.from({ length: 1000 }, (_, at) => ({ at, target: `vendor/model-${at}` })),
    };
    const decision = {
      snapshot,
      plan: { order: [2, 0, 1] },
      attempts: [{ status: 503 }, { status: 200 }],
      outcome: 'completed',
    };

    expect(decisionIn(decisionText(decision))).toEqual({
      truncated: true,
      bytes: expect.any(Number),
      omitted: ['snapshot'],
      plan: { order: [2, 0, 1] },
      attempts: [{ status: 503 }, { status: 200 }],
      outcome: 'completed',
    });
  });

  it('counts bytes, not characters, and stays in its room whatever the names', () => {
    const decision = Object.fromEntries(
      Array.from({ length: 3000 }, (_, at) => [`${'ü'.repeat(100)}${at}`, at]),
    );
    const text = decisionText(decision);

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(DECISION_BYTES);
    expect(JSON.parse(text)).toMatchObject({ truncated: true });
  });

  it('says that there was one which is no JSON', () => {
    expect(outline({ count: 1n })).toMatchObject({
      truncated: true,
      reason: expect.stringContaining('BigInt'),
    });
    const endless: Record<string, unknown> = {};
    endless['self'] = endless;
    expect(outline(endless)).toMatchObject({ truncated: true });
  });
});
