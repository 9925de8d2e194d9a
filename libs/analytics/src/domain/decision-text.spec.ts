import { DECISION_BYTES, decisionText } from './decision-text.js';

const outline = (decision: object): unknown => JSON.parse(decisionText(decision));

describe('decisionText', () => {
  it('is the JSON of a decision, to the last byte of its room', () => {
    const decision = { snapshot: { draw: 0.123456789012345 }, text: 'é\0\ud800', order: [1, 0] };
    expect(decisionText(decision)).toBe(JSON.stringify(decision));

    const full = { text: 'x'.repeat(DECISION_BYTES - '{"text":""}'.length) };
    expect(decisionText(full)).toBe(JSON.stringify(full));
  });

  it('leaves of a larger one what fits, and says what it left out', () => {
    const snapshot = {
      candidates: Array.from({ length: 500 }, (_, at) => ({ at, target: `vendor/model-${at}` })),
    };
    const decision = {
      snapshot,
      plan: { order: [2, 0, 1] },
      attempts: [{ status: 503 }],
      outcome: 'completed',
    };

    expect(outline(decision)).toEqual({
      truncated: true,
      bytes: Buffer.byteLength(JSON.stringify(decision)),
      omitted: ['snapshot'],
      plan: { order: [2, 0, 1] },
      attempts: [{ status: 503 }],
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
  });
});
