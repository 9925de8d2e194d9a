import { validationPipe } from '@app/shared';
import { TestClock } from '../../../../test/support/test-clock.js';
import { KeyCooldowns } from '../domain/health/key-cooldowns.js';
import { Random } from '../domain/health/random.js';
import { TargetHealth } from '../domain/health/target-health.js';
import { TargetStatusService } from '../domain/health/target-status.service.js';
import { TargetsController } from './targets.controller.js';
import { type TargetPage, TargetsQuery } from './targets.dto.js';

describe('the API of targets', () => {
  const clock = new TestClock();
  const health = new TargetHealth(clock, new Random());
  const cooldowns = new KeyCooldowns(clock);
  const targets = new TargetsController(new TargetStatusService(health), cooldowns);
  const pipe = validationPipe();

  /** The query as it comes over the wire, through the pipe that the gateway has for all. */
  async function list(query: Record<string, string>): Promise<TargetPage> {
    return targets.list(
      (await pipe.transform(query, { type: 'query', metatype: TargetsQuery })) as TargetsQuery,
    );
  }

  it('lists nothing at first', async () => {
    await expect(list({})).resolves.toEqual({ data: [], next: null, coolingKeys: [] });
  });

  it('lists live numbers, page by page', async () => {
    const used = health.of('openai/gpt-5');
    used.begin();
    used.answered({ ttftMs: 400, size: 2 });
    used.produced({ tokensPerSecond: 80, outputTokens: 300, size: 2 });
    const failing = health.of(`fireworks/${'x'.repeat(200)}`);
    const breaker = health.breaker(failing.id, null);
    for (let n = 0; n < 5; n += 1) {
      breaker.tryPass()?.failed(503);
    }
    cooldowns.cool({ keyId: 'key', model: 'gpt-5', status: 429, retryAfterMs: 1500 });
    const first = await list({ limit: '1' });
    const second = await list({ limit: '1', after: first.next ?? '' });

    expect(first).toEqual({
      data: [
        {
          id: failing.id,
          breaker: 'open',
          opensForMs: breaker.opensFor(),
          ownKeys: [],
          openCalls: 0,
          samples: 0,
          firstTokenMs: null,
          tokensPerSecond: null,
          outputTokens: null,
          failures: 5,
          lastFailure: { status: 503, at: '2026-11-24T00:00:00.000Z' },
        },
      ],
      next: failing.id,
      coolingKeys: [{ keyId: 'key', model: 'gpt-5', remainingMs: 1500, limited: true }],
    });
    expect(second).toMatchObject({
      data: [
        {
          id: 'openai/gpt-5',
          breaker: 'closed',
          opensForMs: 0,
          openCalls: 1,
          samples: 1,
          tokensPerSecond: 80,
          outputTokens: 300,
          failures: 0,
          lastFailure: null,
        },
      ],
      next: null,
    });
    expect(second.data[0]?.firstTokenMs?.average).toBe(400);
    expect(second.data[0]?.firstTokenMs?.p95).toBeCloseTo(400, -1.5);
  });

  it('tells which projects are kept away with keys of their own', async () => {
    const id = health.of('xai/grok-4').id;
    const breakers = ['b', 'a', 'well'].map(projectId => ({
      projectId,
      breaker: health.breaker(id, projectId),
    }));
    for (const { projectId, breaker } of breakers) {
      for (let n = 0; n < (projectId === 'well' ? 4 : 5); n += 1) {
        breaker.tryPass()?.failed(502);
      }
    }
    const { data } = await list({ after: 'openai/gpt-5' });

    expect(data).toEqual([
      expect.objectContaining({
        id,
        breaker: 'closed',
        opensForMs: 0,
        failures: 14,
        ownKeys: ['a', 'b'].map(projectId => ({
          projectId,
          breaker: 'open',
          opensForMs: health.breaker(id, projectId).opensFor(),
        })),
      }),
    ]);
  });

  it('lists a target that only another gateway has called, and found failing', async () => {
    health.breaker('zhipu/glm-5', null).openAsOthers(1500, 2000);
    const { data } = await list({ after: 'xai/grok-4' });

    expect(data).toEqual([
      expect.objectContaining({
        id: 'zhipu/glm-5',
        breaker: 'open',
        opensForMs: 1500,
        failures: 0,
        samples: 0,
      }),
    ]);
  });

  it('refuses an odd page', async () => {
    await expect(list({ after: 'x'.repeat(300) })).rejects.toThrow(/after/);
    await expect(list({ limit: '0' })).rejects.toThrow(/limit/);
  });
});
