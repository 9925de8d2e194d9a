import { TestClock } from '../../../../../test/support/test-clock.js';
import { Random } from './random.js';
import { sizeClassOf } from './size-class.js';
import { TargetHealth } from './target-health.js';

describe('TargetHealth', () => {
  let clock: TestClock;
  let health: TargetHealth;

  beforeEach(() => {
    clock = new TestClock();
    health = new TargetHealth(clock, new Random());
  });

  function fail(owner: string | null): void {
    for (let n = 0; n < 5; n += 1) {
      health.breaker('a/b', owner).tryPass()?.failed(503);
    }
  }

  function breakerStates(): string[] {
    return [null, 'mine', 'theirs'].map(owner => health.lookAtBreaker('a/b', owner).state());
  }

  it('sorts requests by the size of their input', () => {
    expect([0, 999, 1000, 7999, 8000, 31_999, 32_000, 1e7].map(sizeClassOf)).toEqual([
      0, 0, 1, 1, 2, 2, 3, 3,
    ]);
  });

  it('knows nothing of a target at first', () => {
    const facts = health.of('openai/gpt-5');

    expect(facts).toMatchObject({ id: 'openai/gpt-5', open: 0, failures: 0, lastFailure: null });
    expect([facts.speed(0).ttftMs, facts.ttftQuantile(0.95, 0), facts.speed(0).tokensPerSecond]).toEqual([
      null,
      null,
      null,
    ]);
    expect([facts.outputTokens(), facts.samples(0)]).toEqual([null, 0]);
  });

  it('averages what it measures, later samples more', () => {
    const facts = health.of('a/b');
    facts.answered({ ttftMs: 100, size: 1 });
    facts.answered({ ttftMs: 200, size: 1 });
    facts.produced({ tokensPerSecond: 50, outputTokens: 10, size: 1 });
    facts.produced({ tokensPerSecond: 100, outputTokens: 20, size: 1 });

    expect(facts.speed(1).ttftMs).toBeCloseTo(120);
    expect(facts.speed(1).tokensPerSecond).toBeCloseTo(60);
    expect(facts.outputTokens()).toBeCloseTo(12);
    expect(facts.samples(1)).toBe(2);
  });

  it('answers for a class of sizes, else for all of them', () => {
    const facts = health.of('a/b');
    facts.answered({ ttftMs: 100, size: 0 });
    facts.answered({ ttftMs: 1000, size: 3 });
    facts.produced({ tokensPerSecond: 50, outputTokens: 10, size: 3 });

    expect(facts.speed(0).ttftMs).toBe(100);
    expect(facts.speed(3).ttftMs).toBe(1000);
    expect(facts.speed(1).ttftMs).toBeCloseTo(280);
    expect(facts.samples(1)).toBe(2);
    expect(facts.ttftQuantile(1, 1)).toBeCloseTo(1000, -2);
    expect(facts.speed(0).tokensPerSecond).toBe(50);
    expect(facts.speed().ttftMs).toBeCloseTo(280);
  });

  it('tells streams and whole answers apart, which begin when a stream would have ended', () => {
    const facts = health.of('a/b');
    facts.answered({ ttftMs: 8000, size: 4 });
    expect([facts.speed(0).ttftMs, facts.samples(0), facts.ttftQuantile(0.95, 0)]).toEqual([null, 0, null]);
    expect([facts.speed(5).ttftMs, facts.samples(5), facts.speed().ttftMs]).toEqual([8000, 1, 8000]);
    facts.answered({ ttftMs: 300, size: 0 });

    expect([facts.speed(1).ttftMs, facts.speed(5).ttftMs, facts.speed().ttftMs]).toEqual([300, 8000, 300]);
  });

  it('sees a brown-out within a few calls', () => {
    const facts = health.of('a/b');
    for (let n = 0; n < 1000; n += 1) {
      facts.answered({ ttftMs: 300, size: 0 });
    }
    for (let n = 0; n < 4; n += 1) {
      facts.answered({ ttftMs: 3000, size: 0 });
    }

    expect(facts.speed(0).ttftMs).toBeGreaterThan(5 * 300);
  });

  it('no longer knows what it has not measured for five minutes', () => {
    const facts = health.of('a/b');
    facts.answered({ ttftMs: 9000, size: 0 });
    facts.produced({ tokensPerSecond: 1, outputTokens: 10, size: 0 });
    clock.advance(299_999);
    expect(facts.speed(0).ttftMs).toBe(9000);
    clock.advance(1);
    expect([facts.speed(0).ttftMs, facts.ttftQuantile(0.5, 0), facts.speed(0).tokensPerSecond]).toEqual([
      null,
      null,
      null,
    ]);
    expect([facts.samples(0), facts.outputTokens()]).toEqual([0, 10]);
    facts.answered({ ttftMs: 100, size: 0 });

    expect([facts.speed(0).ttftMs, facts.samples(0), facts.speed(0).tokensPerSecond]).toEqual([100, 1, null]);
    expect(facts.ttftQuantile(1, 0)).toBeCloseTo(100, -1);
  });

  it('counts the age of what others told from when they told it', () => {
    const facts = health.of('a/b');
    facts.hear('streams', { ttftMs: 300, p50: 300, p95: 900, tokensPerSecond: 50 });
    clock.advance(20_000);

    expect([facts.speed(0).ttftMs, facts.speed(0).ageMs]).toEqual([300, 20_000]);
    clock.advance(280_000);
    expect([facts.speed(0).ttftMs, facts.speed(0).ageMs]).toEqual([null, null]);
    facts.answered({ ttftMs: 100, size: 0 });
    clock.advance(5);
    expect(facts.speed(0).ageMs).toBe(5);
  });

  it('counts calls in flight and failures', () => {
    const facts = health.of('a/b');
    facts.begin();
    facts.begin();
    facts.end();
    health.breaker('a/b', null).tryPass()?.failed(503);
    health.breaker('a/b', 'project').tryPass()?.failed();

    expect(facts).toMatchObject({ open: 1, failures: 2, lastFailure: { status: null, at: clock.now() } });
  });

  it('forgets the targets unused for longest, and none with a call in flight', () => {
    health.of('a/open').begin();
    health.of('a/used').answered({ ttftMs: 1, size: 0 });
    for (let n = 0; n < 20_000; n += 1) {
      health.of(`a/invented-${n}`);
      health.of('a/used');
    }

    expect(health.all().length).toBeLessThanOrEqual(5001);
    expect(health.all().map(({ id }) => id)).toEqual(expect.arrayContaining(['a/open', 'a/used']));
    expect([health.of('a/open').open, health.of('a/used').samples()]).toEqual([1, 1]);
  });

  it('keeps nobody from a target but whose keys failed there', () => {
    expect(breakerStates()).toEqual(['closed', 'closed', 'closed']);
    fail('mine');
    expect(breakerStates()).toEqual(['closed', 'open', 'closed']);
    fail(null);
    expect(breakerStates()).toEqual(['open', 'open', 'closed']);
  });

  it('remembers no breaker for a look, and not more than so many', () => {
    health.lookAtBreaker('a/b', 'project');
    expect(health.allBreakers()).toEqual([]);
    fail('mine');
    for (let n = 0; n < 50_000; n += 1) {
      health.breaker(`a/invented-${n}`, 'project');
      health.lookAtBreaker('a/b', 'mine');
    }

    expect(health.allBreakers().length).toBeLessThanOrEqual(20_000);
    expect(breakerStates()).toEqual(['closed', 'open', 'closed']);
  });
});
