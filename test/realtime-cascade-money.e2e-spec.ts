import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, said } from '../apps/simulator/test/support/realtime-events.js';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/v1/realtime?model=anthropic/claude-sonnet-5';
const SPEAKS = 'gpt-4o-mini-tts';
const SENTENCES = '[[sim:say One is here. Two is here. Three is here.]]';

const ground = new LiveGround();
afterEach(() => ground.gateway.simulator.chaos([]));

/** The text is all there, and two sentences are under way of which the first is heard. */
async function halfSaid(): Promise<LiveClient> {
  const { simulator } = ground.gateway;
  simulator.chaos([{ model: SPEAKS, fault: 'stall=9000' }]);
  const client = await ground.openAt(PATH, said(SENTENCES), answer);
  await client.untilType('response.output_audio.delta');
  await eventually(() => expect(simulator.active()).toBe(2));
  return client;
}

async function speeches(records: number): Promise<UsageView[]> {
  return (await ground.answers(records)).filter(({ modelUsed }) => modelUsed === SPEAKS);
}

const reckoned = ({ inputTokens, outputTokens }: UsageView): number =>
  inputTokens * 600 + outputTokens * 12_000;

describe('speech in a session', () => {
  it('costs what its text and its sound let one reckon where its vendor does not tell it', async () => {
    ground.gateway.simulator.chaos([{ model: SPEAKS, fault: 'no-usage' }]);
    const client = await ground.openAt(PATH, said('[[sim:say One is here.]]'), answer);
    await client.untilType('response.done');
    const [record] = await speeches(2);
    const { output } = ground.gateway.simulator.bill()['openai']?.[SPEAKS] ?? {};

    expect(record).toMatchObject({ outcome: 'completed', estimated: true, outputTokens: output });
    expect(record?.inputTokens).toBeGreaterThan(0);
    expect(record?.costNanoUsd).toBe(record && reckoned(record));
  });

  it('does so, too, where it is broken off', async () => {
    const client = await halfSaid();
    client.send({ type: 'response.cancel' });
    await client.untilType('response.done');

    const records = await speeches(3);
    expect(records).toHaveLength(2);
    for (const record of records) {
      expect(record).toMatchObject({ outcome: 'aborted', errorCode: 'caller_left', estimated: true });
      expect(record.outputTokens).toBeGreaterThan(0);
      expect(record.costNanoUsd).toBe(reckoned(record));
    }
  });
});
