import { answer, audio } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { SecretGround } from './support/secret-ground.js';

const INTENT = '/v1/realtime?intent=transcription';
const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const speech = audio(silence(300), tone(800), silence(800));
const session = { type: 'transcription' as const };

const ground = new SecretGround();

describe("a vendor's own session that only writes down what is said", () => {
  it.each([
    ['the address', '&model=openai/gpt-4o-transcribe', [], 'gpt-4o-transcribe'],
    ['the gateway', '', [], 'gpt-4o-mini-transcribe'],
    [
      'the gateway, and its caller settles something else',
      '',
      [{ type: 'session.update', session }],
      'gpt-4o-mini-transcribe',
    ],
  ])('does so by the model that %s names', async (_, query, begin, modelUsed) => {
    const client = await ground.openAt(INTENT + query, ...begin, speech);
    await client.untilType(COMPLETED);
    await client.close();

    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'openai', modelUsed }]);
  });

  it('does so by the usual one for an ephemeral key that names none', async () => {
    const client = await ground.dial(await ground.secretOf(session));
    client.send(speech);
    await client.untilType(COMPLETED);
    await client.close();

    await expect(ground.answers(1)).resolves.toMatchObject([{ modelUsed: 'gpt-4o-mini-transcribe' }]);
  });

  it('is not opened with a model that converses, and hears nothing', async () => {
    await expect(ground.openAt(`${INTENT}&model=openai/gpt-5-mini`)).rejects.toThrow(': 400');
    await expect(
      ground.secretOf({ ...session, audio: { input: { transcription: { model: 'openai/gpt-5-mini' } } } }),
    ).rejects.toMatchObject({ code: 'no_transcription_model' });
  });

  it('answers nothing', async () => {
    const client = await ground.openAt(INTENT, answer);
    await expect(client.untilType('error')).resolves.toMatchObject({ type: 'error' });
  });
});
