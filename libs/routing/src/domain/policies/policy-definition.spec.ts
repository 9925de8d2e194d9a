import { completed, merged } from './policy-definition.js';

const BEFORE = completed({
  targets: [{ model: 'openai/gpt-5' }, { model: 'openai/o3' }],
  weights: { price: 1 },
  timeouts: { totalMs: 9000, idleMs: 3000 },
  fallbacks: { contextWindow: ['openai/gpt-4.1'], contentPolicy: ['openai/gpt-5'] },
});

const NOTHING_USUAL = merged(BEFORE, {
  strategy: 'weighted',
  rules: [{ when: { stream: true }, targets: ['openai/o3'] }],
  maxAttempts: 7,
  hedge: true,
  midStreamFailover: true,
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

  it.each([
    [
      { strategy: null, maxAttempts: null },
      { strategy: 'priority', maxAttempts: 3 },
    ],
    [
      { hedge: null, midStreamFailover: null },
      { hedge: false, midStreamFailover: false },
    ],
    [{ rules: null }, { rules: [] }],
    [{ weights: null }, { weights: { price: 1, latency: 1, throughput: 1, load: 1 } }],
    [
      { weights: { price: null, load: 0.5 } },
      { weights: { price: 0, latency: 0, throughput: 0, load: 0.5 } },
    ],
    [{ fallbacks: null }, { fallbacks: { contextWindow: [], contentPolicy: [] } }],
    [
      { fallbacks: { contextWindow: null } },
      { fallbacks: { contextWindow: [], contentPolicy: ['openai/gpt-5'] } },
    ],
    [{ timeouts: null }, { timeouts: { totalMs: null, attemptMs: null, firstTokenMs: null, idleMs: null } }],
    [
      { timeouts: { totalMs: null } },
      { timeouts: { totalMs: null, attemptMs: null, firstTokenMs: null, idleMs: 3000 } },
    ],
  ])('%j gives what is null its default again', (patch, defaults) => {
    expect(merged(NOTHING_USUAL, patch)).toEqual({ ...NOTHING_USUAL, ...defaults });
  });

  it('cannot take the targets away', () => {
    expect(() => merged(BEFORE, { targets: null })).toThrow(
      expect.objectContaining({ status: 400, param: 'targets' }),
    );
  });
});
