import type { Event } from '../apps/simulator/test/support/live-client.js';
import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/v1/realtime?model=anthropic/claude-sonnet-5';
const GOOGLE = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const DETECTION = 'session.audio.input.turn_detection';

const SOUND = Buffer.alloc(4800).toString('base64');

const ground = new LiveGround();

const asking = (...parts: object[]) => ({
  clientContent: { turns: [{ role: 'user', parts }], turnComplete: true },
});
const isOver = ({ serverContent }: Event): boolean =>
  JSON.stringify(serverContent ?? '').includes('turnComplete');

const detecting = (detection: object) => ({
  type: 'realtime',
  audio: { input: { turn_detection: { type: 'server_vad', ...detection } } },
});

describe('sound that is none', () => {
  it.each([
    ['99999999999 samples a second', 'audio/pcm;rate=99999999999', SOUND],
    ['no samples', 'audio/pcm;rate=0', SOUND],
    ['one sample a second', 'audio/pcm;rate=1', SOUND],
    ['what is no base64', 'audio/pcm;rate=24000', '!!'],
    ['base64 that breaks off', 'audio/pcm;rate=24000', `${SOUND}A`],
  ])('is refused in a message, of which nothing is taken or answered: %s', async (_, mimeType, data) => {
    const client = await ground.openAt(GOOGLE, {
      setup: { model: 'anthropic/claude-sonnet-5', generationConfig: { responseModalities: ['TEXT'] } },
    });
    client.send(asking({ text: 'three' }, { inlineData: { mimeType, data } }), asking({ text: 'one two' }));
    await client.until(isOver);

    expect(client.events.filter(event => 'xLlmhub' in event)).toMatchObject([
      { xLlmhub: { warnings: [{ field: 'unsupported_sound', action: 'refused' }] } },
    ]);
    expect(client.events.filter(isOver)).toHaveLength(1);
    const asked = ground.gateway.simulator.requests().filter(({ path }) => path.endsWith('/v1/messages'));
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked)).not.toContain('three');
  });

  it.each(['!!', 'AAAA!', 'AA AA'])("is refused: '%s'", async text => {
    const client = await ground.openAt(PATH, { type: 'input_audio_buffer.append', audio: text });
    await expect(client.untilType('error')).resolves.toMatchObject({ error: { param: 'audio' } });
  });

  it.each(['AAA=', 'AAA', 'AA==', 'AAAA', ''])("is none of these: '%s'", async text => {
    const client = await ground.openAt(PATH, { type: 'input_audio_buffer.append', audio: text }, inWords);
    await client.untilType('session.updated');
    expect(client.types).not.toContain('error');
  });

  it.each(['model', 'language', 'prompt'])('cannot be written down with a number for its %s', async name => {
    const session = { type: 'realtime', audio: { input: { transcription: { [name]: 5 } } } };
    const client = await ground.openAt(PATH, { type: 'session.update', session });
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { param: `session.audio.input.transcription.${name}` },
    });
  });
});

describe('durations of speech that are none', () => {
  it.each([
    ['prefix_padding_ms', -1],
    ['prefix_padding_ms', 1e300],
    ['silence_duration_ms', -1],
    ['silence_duration_ms', 60_001],
  ])('are refused: %s of %d', async (name, ms) => {
    const client = await ground.openAt(PATH, {
      type: 'session.update',
      session: detecting({ [name]: ms }),
    });
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { param: `${DETECTION}.${name}`, message: expect.stringContaining('from 0 to 60000') as string },
    });
    client.send(inWords, said('one two'), answer);
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'completed' },
    });
  });

  it('are refused of a session that an ephemeral key begins', async () => {
    const response = await ground.gateway.call('/v1/realtime/client_secrets', {
      method: 'POST',
      headers: { authorization: `Bearer ${ground.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ session: detecting({ prefix_padding_ms: -1000 }) }),
    });
    ({ value: ground.apiKey } = (await response.json()) as { value: string });
    const client = await ground.openAt(PATH);
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { param: `${DETECTION}.prefix_padding_ms` },
    });
  });

  it.each(['prefixPaddingMs', 'silenceDurationMs'])('are refused by a close: %s', async name => {
    const client = await ground.openAt(GOOGLE, {
      setup: {
        model: 'anthropic/claude-sonnet-5',
        realtimeInputConfig: { automaticActivityDetection: { [name]: -81 } },
      },
    });
    await expect(client.closed).resolves.toBe(1008);
  });
});
