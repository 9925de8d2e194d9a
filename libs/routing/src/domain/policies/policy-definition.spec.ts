import { completed, merged } from './policy-definition.js';

const BEFORE = completed({
  targets: [{ model: 'openai/gpt-5' }, { model: 'openai/o3' }],
  weights: { price: 1 },
  timeouts: { totalMs: 9000, idleMs: 3000 },
  fallbacks: { contextWindow: ['openai/gpt-4.1'], contentPolicy: ['openai/gpt-5'] },
});

describe('a change of a policy', () => {
  it.each([
    [{}, {}],
    [{ hedge: true, timeouts: undefined }, { hedge: true }],
    [
      { timeouts: { firstTokenMs: 500, idleMs: null } },
      { timeouts: { totalMs: 9000, attemptMs: null, firstTokenMs: 500, idleMs: null } },
    ],
    [{ timeouts: {} }, {}],
    [{ weights: { load: 0.5 } }, { weights: { price: 1, latency: 0, throughput: 0, load: 0.5 } }],
    [
      { fallbacks: { contextWindow: ['openai/o3'] } },
      { fallbacks: { contextWindow: ['openai/o3'], contentPolicy: ['openai/gpt-5'] } },
    ],
    [{ targets: [{ model: 'openai/o3' }] }, { targets: [{ model: 'openai/o3', weight: 1 }] }],
  ])('%j leaves what it leaves out', (change, changed) => {
    expect(merged(BEFORE, change)).toEqual({ ...BEFORE, ...changed });
  });
});
