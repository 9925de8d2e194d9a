import { type SqlDatabase, StoreUnavailableError } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { aPolicyRecord } from '../../../../../test/support/policies.js';
import { StatementCounter } from '../../../../../test/support/statement-counter.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { routingPolicyRepository } from '../../policy-storage.module.js';
import { PolicyBook } from './policy-book.js';
import type { RoutingPolicyRepository } from './routing-policy.repository.js';

describe('PolicyBook', () => {
  const statements = new StatementCounter();
  let clock: TestClock;
  let database: SqlDatabase;
  let policies: RoutingPolicyRepository;
  let book: PolicyBook;

  beforeEach(async () => {
    clock = new TestClock();
    database = statements.watch(openInMemory());
    policies = await routingPolicyRepository.useFactory(database);
    book = new PolicyBook(policies, clock);
  });

  afterEach(() => database.close());

  it('gives the policies of a project by name, complete and frozen', async () => {
    const rules = [{ when: { stream: true }, targets: ['openai/gpt-5-mini'] }];
    await policies.insert(aPolicyRecord({ name: 'fast' }, { rules, timeouts: { totalMs: 100 } }));
    await policies.insert(aPolicyRecord({ name: 'cheap', projectId: 'other' }));

    const known = await book.get('project');

    expect([...known.keys()]).toEqual(['fast']);
    expect(known.get('fast')).toMatchObject({
      strategy: 'priority',
      targets: [{ model: 'openai/gpt-5-mini', weight: 1 }],
      rules: [{ when: { stream: true, tools: null, tags: null }, strategy: null }],
      weights: { price: 1, latency: 1, throughput: 1, load: 1 },
      fallbacks: { contextWindow: [], contentPolicy: [] },
      maxAttempts: 3,
      timeouts: { totalMs: 100, attemptMs: null, firstTokenMs: null, idleMs: null },
      hedge: false,
      midStreamFailover: false,
    });
    expect(Object.isFrozen(known.get('fast')?.rules[0]?.when)).toBe(true);
    expect(Object.isFrozen(known.get('fast')?.targets[0])).toBe(true);
  });

  it('asks the store once a second, also for a project that has none', async () => {
    await policies.insert(aPolicyRecord());
    const ask = async (): Promise<void> => {
      for (const project of ['project', 'none', 'project', 'none']) {
        await book.get(project);
      }
    };

    expect(book.peek('none')).toBeUndefined();
    await expect(statements.during(ask)).resolves.toBe(2);
    await expect(statements.during(ask)).resolves.toBe(0);
    expect(book.peek('none')?.size).toBe(0);
    expect(book.peek('project')?.size).toBe(1);
    clock.advance(1000);
    expect(book.peek('none')).toBeUndefined();
    await expect(statements.during(ask)).resolves.toBe(2);
  });

  it('sees within a second what another gateway changed, and reads nothing else anew', async () => {
    const [fast, cheap, gone] = [
      aPolicyRecord(),
      aPolicyRecord({ name: 'cheap' }),
      aPolicyRecord({ name: 'x' }),
    ];
    for (const policy of [fast, cheap, gone]) {
      await policies.insert(policy);
    }
    const first = await book.get('project');
    clock.advance(1000);
    const same = await book.get('project');
    await policies.replace({ ...fast, version: 2, definition: JSON.stringify({ strategy: 'cheapest' }) });
    await policies.delete(gone);
    clock.advance(1000);
    const second = await book.get('project');

    expect(same).toBe(first);
    expect(second.get('fast')).toMatchObject({ version: 2, strategy: 'cheapest' });
    expect(second.get('cheap')).toBe(first.get('cheap'));
    expect(second.has('x')).toBe(false);
    await policies.deleteOf('project');
    clock.advance(1000);
    expect((await book.get('project')).size).toBe(0);
  });

  it('knows a new policy of the same name from the one that was deleted', async () => {
    const old = aPolicyRecord({}, { strategy: 'cheapest' });
    await policies.insert(old);
    await book.get('project');
    await policies.delete(old);
    await policies.insert(aPolicyRecord({}, { strategy: 'fastest' }));
    clock.advance(1000);

    expect((await book.get('project')).get('fast')).toMatchObject({ version: 1, strategy: 'fastest' });
  });

  it('goes on for ten minutes with what it knew when the store is gone', async () => {
    await policies.insert(aPolicyRecord());
    await book.get('project');
    await database.close();
    clock.advance(599_999);

    await expect(book.get('project')).resolves.toMatchObject({ size: 1 });
    await expect(book.get('unseen')).rejects.toThrow(StoreUnavailableError);
    clock.advance(1);
    await expect(book.get('project')).rejects.toThrow(StoreUnavailableError);
  });
});
