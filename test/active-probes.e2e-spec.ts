import { setTimeout } from 'node:timers/promises';
import { Clock } from '@app/shared';
import type { TargetStatus } from '../libs/routing/src/domain/health/target-status.entity.js';
import { type ChaosGateway, failuresOf, MODEL, startChaosGateway } from './support/chaos.js';
import { eventually } from './support/eventually.js';
import { holdClock } from './support/held-clock.js';
import { recordsOf } from './support/ledger.js';

const TARGET = `together/${MODEL}`;
const EVERY_MS = 20;
/** Longer than the first window of a breaker, with its jitter. */
const A_WINDOW_MS = 2500;
/** After that another probe is allowed beside one that hangs. */
const TURN_MS = 10_000;
/** Enough for a gateway that probes to have done so, many times over. */
const SOME_LOOKS_MS = 15 * EVERY_MS;

let gateway: ChaosGateway;
let clock: ReturnType<typeof holdClock>;

async function start(env: Record<string, string>): Promise<void> {
  gateway = await startChaosGateway(env);
  clock = holdClock(gateway.app.get(Clock));
  await gateway.makePolicy({ name: 'chat' });
}

afterEach(() => gateway?.stop());

async function breaker(target = TARGET): Promise<string | undefined> {
  const { body } = await gateway.admin<{ data: TargetStatus[] }>('GET', '/admin/routing/targets');
  return body.data.find(({ id }) => id === target)?.breaker;
}

/** @param fault of the first target */
async function breakDown(fault = 'status=503'): Promise<void> {
  gateway.affordRetries('chat');
  gateway.simulator.chaos([{ vendor: 'together', fault }]);
  expect(failuresOf(await gateway.askMany(8, { model: 'chat' }, 1))).toEqual([]);
  gateway.simulator.reset();
}

const asked = (): number => gateway.upstreamCalls().together;

describe('a gateway that probes', () => {
  beforeEach(() => start({ AI_GATEWAY_ROUTING_PROBE_MS: String(EVERY_MS) }));

  it('finds out by itself that a target is well again, and pays for it', async () => {
    await breakDown();
    await setTimeout(SOME_LOOKS_MS);
    expect([asked(), await breaker()]).toEqual([0, 'open']); // it rests as long as ever
    clock.advance(A_WINDOW_MS);
    await eventually(async () => expect(await breaker()).toBe('closed'));

    expect(asked()).toBe(3);
    expect(await recordsOf(gateway, TARGET)).toEqual(
      Array.from({ length: 3 }, () =>
        expect.objectContaining({
          projectId: 'gateway',
          endpoint: 'active-probe',
          provider: 'together',
          outcome: 'completed',
          inputTokens: expect.any(Number),
        }),
      ),
    );
    await setTimeout(SOME_LOOKS_MS);
    expect(asked()).toBe(3); // who is well is not asked
  });

  it('wastes one attempt per window on a target that is still down', async () => {
    await breakDown();
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
    for (const window of [1, 2, 3]) {
      clock.advance(A_WINDOW_MS * 2 ** window);
      await eventually(() => expect(asked()).toBe(window));
      await setTimeout(SOME_LOOKS_MS);
      expect([asked(), await breaker()]).toEqual([window, 'open']);
    }
  });

  it('waits for no target that hangs, and gives callers their turn there', async () => {
    await breakDown();
    const hangs = { vendor: 'together', model: MODEL, fault: 'delay=60000' };
    gateway.simulator.chaos([hangs]);
    clock.advance(A_WINDOW_MS);
    await eventually(() => expect(asked()).toBe(1));
    gateway.simulator.chaos([hangs, { model: 'other', fault: 'status=503' }]);
    await gateway.askMany(6, { model: 'together/other' }, 1);
    gateway.simulator.chaos([hangs]);
    clock.advance(A_WINDOW_MS);
    await eventually(async () => expect(await breaker('together/other')).toBe('closed'));

    expect(await breaker()).toBe('half-open');
    gateway.simulator.chaos([]);
    clock.advance(TURN_MS);
    expect(failuresOf(await gateway.askMany(3, { model: 'chat' }, 1))).toEqual([]);
    expect(await breaker()).toBe('closed');
  });

  it.each(['status=404', 'status=400'])('asks but once what answers that it is no chat (%s)', async fault => {
    await breakDown();
    gateway.simulator.chaos([{ vendor: 'together', fault }]);
    clock.advance(A_WINDOW_MS);
    await eventually(() => expect(asked()).toBe(1));
    await setTimeout(SOME_LOOKS_MS);

    expect([asked(), await breaker()]).toEqual([1, 'half-open']);
  });

  it('does not spend the money of a project whose own key fails', async () => {
    await gateway.addVendorKey('together', 'tg-0123456789abcdef-evil');
    await breakDown('status=503,key=evil');
    clock.advance(A_WINDOW_MS);
    await setTimeout(SOME_LOOKS_MS);

    expect(asked()).toBe(0);
  });

  it('stops while a target hangs', async () => {
    await breakDown();
    gateway.simulator.chaos([{ vendor: 'together', fault: 'delay=60000' }]);
    clock.advance(A_WINDOW_MS);
    await eventually(() => expect(asked()).toBe(1));
    await gateway.app.close();

    await gateway.simulator.untilAborted(1);
    expect(gateway.simulator.active()).toBe(0);
  });
});

it('a gateway that was not told to probe leaves it to the calls of projects', async () => {
  await start({});
  await breakDown();
  clock.advance(A_WINDOW_MS);
  await setTimeout(SOME_LOOKS_MS);

  expect([asked(), await breaker()]).toEqual([0, 'half-open']);
});
