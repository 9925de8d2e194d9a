import { Modality } from '@google/genai';
import { LIVE_MODEL, Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { LiveGround } from './support/live-ground.js';
import { RECALL_TEXT } from './support/recall.js';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const IN_WORDS = { responseModalities: [Modality.TEXT] };
const asked = (text: string) => ({ turns: [{ role: 'user', parts: [{ text }] }] });
const REFUSED = {
  code: 1008,
  reason:
    'No session of this project has this handle. Leave it out (`sessionResumption: {}`) to begin a new session.',
};

const ground = new LiveGround();

/** Says something that is worth knowing, and leaves. @returns the handle that Google's own client was given */
async function spokenHandle(): Promise<string> {
  const talk = new Talk();
  const session = await talk.open(ground.google(), { ...IN_WORDS, sessionResumption: {} });
  session.sendClientContent(asked('my name is Alice'));
  const { sessionResumptionUpdate: update } = await talk.until(message => message.sessionResumptionUpdate);
  session.close();
  await talk.untilClosed();
  return update?.newHandle ?? '';
}

/** The vendor's handle, which anybody can read in it. */
const within = (handle: string): string => Buffer.from(handle.split('.')[1] ?? '', 'base64url').toString();

async function refused(handle: string, spelling = 'sessionResumption'): Promise<unknown> {
  const client = await ground.openAt(PATH, {
    setup: { model: `models/${LIVE_MODEL}`, [spelling]: { handle } },
  });
  const reason = new Promise(resolve =>
    client.socket.on('close', (code: number, said: Buffer) => resolve({ code, reason: said.toString() })),
  );
  return reason;
}

describe('a handle of a session', () => {
  it('takes it up again for the project that was given it, a second time, too', async () => {
    let handle = await spokenHandle();
    for (const turn of [1, 2]) {
      const talk = new Talk();
      const session = await talk.open(ground.google(), { ...IN_WORDS, sessionResumption: { handle } });
      session.sendClientContent(asked(RECALL_TEXT));
      const { sessionResumptionUpdate: update } = await talk.until(each => each.sessionResumptionUpdate);
      session.close();
      handle = update?.newHandle ?? '';
      expect({ turn, text: talk.text }).toEqual({
        turn,
        text: expect.stringContaining('user: my name is Alice') as string,
      });
    }
  });

  it('is no handle of the vendor itself, which only the vendor is shown', async () => {
    const handle = await spokenHandle();
    const own = within(handle);
    const talk = new Talk();
    await talk.open(ground.google(), { ...IN_WORDS, sessionResumption: { handle } });
    talk.session?.close();

    expect(handle).not.toBe(own);
    const bodies = ground.gateway.simulator.requests().map(({ body }) => (body as string[])[0] ?? '');
    expect(bodies.map(body => [body.includes(own), body.includes(handle)])).toEqual([
      [false, false],
      [true, false],
    ]);
  });

  it('outlives the loss of the vendor in the session that it took up again', async () => {
    const handle = await spokenHandle();
    const talk = new Talk();
    const session = await talk.open(ground.google(), { ...IN_WORDS, sessionResumption: { handle } });
    ground.gateway.simulator.dropSessions();
    await expect(talk.until(each => 'xLlmhub' in each)).resolves.toMatchObject({
      xLlmhub: { resumed: { by: 'handle', lost: [] } },
    });
    session.sendClientContent(asked(RECALL_TEXT));
    await talk.turns();
    session.close();

    expect(talk.text).toContain('user: my name is Alice');
  });

  it('is worth nothing to another project, and no vendor is asked', async () => {
    const handle = await spokenHandle();
    await ground.newProject({});
    const other = new Talk();
    const opening = other.open(ground.google(), { ...IN_WORDS, sessionResumption: { handle } });

    await expect(opening).rejects.toThrow(`(code ${REFUSED.code}): ${REFUSED.reason}`);
    await expect(refused(handle, 'session_resumption')).resolves.toEqual(REFUSED);
    await expect(refused(within(handle))).resolves.toEqual(REFUSED);
    expect(ground.gateway.simulator.requests()).toHaveLength(1);
    const error = { outcome: 'failed', errorCode: 'session_handle_unknown', attempts: 0 };
    await expect(ground.answers(3)).resolves.toMatchObject([error, error, error]);
  });

  it.each(['nonsense', 'gw1.bm9uc2Vuc2U.x', 'gw1.', ' '])(
    'is not %j, of which no vendor is told',
    async handle => {
      await expect(refused(handle)).resolves.toEqual(REFUSED);
      expect(ground.gateway.simulator.requests()).toEqual([]);
    },
  );

  it('is refused in a later message, too', async () => {
    const handle = await spokenHandle();
    await ground.newProject({});
    const setup = { model: `models/${LIVE_MODEL}` };
    const client = await ground.openAt(PATH, { setup });
    await client.until(message => 'setupComplete' in message);
    client.send({ setup: { ...setup, sessionResumption: { handle: within(handle) } } });

    await expect(client.closed).resolves.toBe(REFUSED.code);
    const told = ground.gateway.simulator.requests().flatMap(({ body }) => body as string[]);
    expect(told.filter(message => message.includes(within(handle)))).toEqual([]);
  });
});
