import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type Limited, MemoryRequestLimits, MemoryTokenLimits, RequestLimits } from '@app/limits';
import { KeyUse } from '@app/projects';
import { type ProjectRequest, type Quota, readConfig } from '@app/shared';
import { apiKeyRepository } from '../../../projects/src/projects.module.js';
import { BY, openProjects, type TestProjects } from '../../../../test/support/projects.js';
import { type Caller, KeyAccess } from '../domain/key-access.js';
import { CallOpener, type Visit } from './call-opener.js';

/** Counts in memory, and answers later, as limits that ask others do. */
class LateLimits extends RequestLimits {
  readonly left: string[] = [];
  /** Lets the answers go. */
  answer = (): void => undefined;
  private readonly asked = new Promise<void>(resolve => (this.answer = resolve));

  constructor(private readonly counted: RequestLimits) {
    super();
  }

  override async enter(call: string, all: readonly Limited[]): Promise<Quota | null> {
    await this.asked;
    return this.counted.enter(call, all);
  }

  override async count(all: readonly Limited[]): Promise<Quota | null> {
    await this.asked;
    return this.counted.count(all);
  }

  override leave(call: string, all: readonly Limited[]): void {
    this.left.push(call);
    this.counted.leave(call, all);
  }
}

describe('CallOpener, with limits that answer later', () => {
  let test: TestProjects;
  let limits: LateLimits;
  let opener: CallOpener;
  let caller: Caller;

  beforeEach(async () => {
    test = await openProjects();
    const created = await test.projectChanges.create(BY, {
      name: 'p',
      concurrentCalls: 1,
      requestsPerMinute: 5,
    });
    caller = await new KeyAccess(test.apiKeys, test.clock).resolve(created.apiKey);
    limits = new LateLimits(new MemoryRequestLimits(test.clock));
    const keyUse = new KeyUse(await apiKeyRepository.useFactory(test.database), test.clock);
    opener = new CallOpener(limits, new MemoryTokenLimits(test.clock), keyUse, readConfig({}));
  });
  afterEach(() => test.database.close());

  it('opens the call when they have let it in, with the quota', async () => {
    const visit = aVisit('call');
    const opening = opener.open(visit, caller);
    expect(visit.request.call).toBeUndefined();
    limits.answer();

    await expect(opening).resolves.toBe(true);
    expect(visit.request.call).toMatchObject({ id: 'call', quota: { limit: 5, remaining: 4 } });
    expect(limits.left).toEqual([]);
    visit.response.emit('close');
    expect(limits.left).toEqual(['call']);
  });

  it('lets it ask for more requests, which take no place', async () => {
    const visit = aVisit('call');
    limits.answer();
    await opener.open(visit, caller);
    const { countRequest } = visit.request.call ?? {};

    for (let left = 4; left > 0; left -= 1) {
      await countRequest?.();
    }
    await expect(countRequest?.()).rejects.toMatchObject({ code: 'rate_limit_exceeded' });
  });

  it('opens none that they refuse', async () => {
    limits.answer();
    await opener.open(aVisit('first'), caller);
    const refused = aVisit('second');

    await expect(opener.open(refused, caller)).rejects.toMatchObject({ code: 'concurrency_limit_exceeded' });
    expect(refused.request.call).toBeUndefined();
    refused.response.emit('close');
    expect(limits.left).toEqual([]);
  });

  it('counts none as open whose caller left meanwhile', async () => {
    const visit = aVisit('gone');
    const opening = opener.open(visit, caller);
    visit.response.destroy();
    await new Promise(resolve => setImmediate(resolve));
    limits.answer();
    await opening;

    expect(limits.left).toEqual(['gone']);
    expect(visit.request.call?.signal.aborted).toBe(true);
  });
});

function aVisit(id: string): Visit {
  const request = Object.assign(new IncomingMessage(new Socket()), { id, url: '/' }) as ProjectRequest;
  return { request, response: new ServerResponse(request), receivedAt: 0, startedAt: 0 };
}
