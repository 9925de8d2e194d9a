import { Metrics } from '@app/shared';
import { TestClock } from '../../../../test/support/test-clock.js';
import { KeyCooldowns } from '../domain/health/key-cooldowns.js';
import { Random } from '../domain/health/random.js';
import { TargetHealth } from '../domain/health/target-health.js';
import { HealthMetrics } from './health-metrics.js';

it('tell whom calls are kept from, and only that', async () => {
  const clock = new TestClock();
  const health = new TargetHealth(clock, new Random());
  const cooldowns = new KeyCooldowns(clock);
  const metrics = new Metrics();
  new HealthMetrics(health, cooldowns, metrics).onModuleInit();
  for (const owner of [null, 'project-1']) {
    const breaker = health.breaker('openai/gpt-5', owner);
    for (let n = 0; n < 5; n += 1) {
      breaker.tryPass()?.failed(503);
    }
  }
  health.breaker('openai/gpt-5', 'project-2').tryPass()?.failed(503);
  health.of('azure/gpt-5').begin();
  health.of('openai/gpt-5');
  cooldowns.cool({ keyId: 'key-1', model: 'gpt-5', status: 429, retryAfterMs: 1500 });
  cooldowns.cool({ keyId: 'key-2', model: null, status: 401 });

  expect((await metrics.text()).split('\n').filter(line => line.startsWith('llmhub_'))).toEqual([
    'llmhub_breaker_state{target="openai/gpt-5",project=""} 2',
    'llmhub_breaker_state{target="openai/gpt-5",project="project-1"} 2',
    'llmhub_key_cooldown_seconds{key="key-1",model="gpt-5"} 1.5',
    'llmhub_key_cooldown_seconds{key="key-2",model=""} 300',
    'llmhub_open_calls{target="azure/gpt-5"} 1',
  ]);
});
