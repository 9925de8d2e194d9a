import { RealtimeSessions } from './support/realtime-sessions.js';
import { answer, inWords, MODEL, said } from './support/realtime-events.js';

const sessions = new RealtimeSessions();

const failing = (fault: string, text = 'one two three four five') =>
  sessions.open(inWords, said(`${text} [[sim:fault ${fault}]]`), answer);

describe('faults of an answer', () => {
  it.each([
    ['cut=700', 1006],
    ['cut-frames=4', 1006],
    ['close=1011', 1011],
    ['close=1013,cut-frames=5', 1013],
  ])('%s ends the connection with %i', async (fault, code) => {
    const client = await failing(fault);
    await expect(client.closed).resolves.toBe(code);
    expect(client.types).not.toContain('response.done');
    expect(sessions.simulator.aborted()).toEqual([]);
  });

  it('cut-frames counts the frames of the answer', async () => {
    const client = await failing('cut-frames=4');
    await client.closed;
    expect(client.types.slice(-4)).toEqual([
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
    ]);
  });

  it('malformed breaks one frame', async () => {
    const client = await failing('malformed');
    await client.untilType('response.done');
    expect(client.broken).toHaveLength(1);
  });

  it('status, error-event and error-first come as events', async () => {
    const failed = await failing('status=429');
    expect(await failed.untilType('response.done')).toMatchObject({
      response: { status: 'failed', status_details: { error: { code: 'rate_limit_exceeded' } } },
    });
    const late = await failing('error-event=2');
    await late.untilType('response.done');
    expect(late.types).toContain('error');
    const first = await failing('error-first');
    await first.untilType('error');
    first.send(said('next'), answer);
    await first.untilType('response.done');
  });

  it('no-usage keeps silent of what is billed', async () => {
    const client = await failing('no-usage');
    expect(await client.untilType('response.done')).toMatchObject({ response: { usage: null } });
    expect(sessions.simulator.bill()['openai']?.[MODEL]?.output).toBeGreaterThan(0);
  });

  it('a misspelt one is an error', async () => {
    const client = await failing('splat=1');
    expect(await client.untilType('error')).toMatchObject({
      error: { message: expect.stringMatching(/splat/) },
    });
  });

  it('a caller that leaves in the middle is noticed, and pays for what was generated', async () => {
    const client = await failing('stall-frames=6');
    await client.untilType('response.output_text.delta', 2);
    client.socket.terminate();
    await sessions.simulator.untilAborted(1);
    expect(sessions.simulator.bill()['openai']?.[MODEL]?.calls).toBe(1);
  });
});
