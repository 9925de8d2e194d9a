import { LIVE_MODEL } from '../apps/simulator/test/support/gemini-talk.js';
import { answer, audio, MODEL } from '../apps/simulator/test/support/realtime-events.js';
import { tone } from '../apps/simulator/test/support/sound.js';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { LiveGround } from './support/live-ground.js';

const GEMINI = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const LONG = 'one two three four five six seven eight nine ten '.repeat(4);
const ground = new LiveGround();
afterEach(() => ground.gateway.simulator.chaos([]));

/** The vendor's own count is met, but for frames that were on their way. */
function expectAbout(record: UsageView | undefined, vendor: string, model: string): void {
  const sold = ground.gateway.simulator.bill()[vendor]?.[model];
  expect(record).toMatchObject({ estimated: true });
  const counts = [
    [record?.audioOutputTokens, sold?.audio_output],
    [record?.audioInputTokens, sold?.audio_input],
  ] as const;
  for (const [estimated = NaN, told = NaN] of counts) {
    expect(told).toBeGreaterThan(0);
    expect(estimated / told).toBeGreaterThan(0.75);
    expect(estimated / told).toBeLessThan(1.25);
  }
  expect(record?.outputTokens).toBeGreaterThanOrEqual(record?.audioOutputTokens ?? NaN);
}

describe('an answer in sound whose end nobody told', () => {
  it("is paid as sound, where its caller left a session at Google's protocol", async () => {
    const client = await ground.openAt(GEMINI, {
      setup: {
        model: `models/${LIVE_MODEL}`,
        generationConfig: { responseModalities: ['AUDIO'] },
        realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
        systemInstruction: { parts: [{ text: `[[sim:say ${LONG}]] [[sim:fault pace=20]]` }] },
      },
    });
    await client.until(message => 'setupComplete' in message);
    const data = tone(4000, 16_000).toString('base64');
    client.send(
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { audio: { data, mimeType: 'audio/pcm;rate=16000' } } },
      { realtimeInput: { activityEnd: {} } },
    );
    await client.until(message => 'serverContent' in message, 25);
    client.socket.terminate();

    const [record] = await ground.answers(1);
    expectAbout(record, 'google', LIVE_MODEL);
  });

  it("is paid as sound, where the vendor was lost at OpenAI's protocol", async () => {
    const client = await ground.open({
      type: 'session.update',
      session: {
        type: 'realtime',
        instructions: `[[sim:say ${LONG}]] [[sim:fault close=1011,cut-frames=40,times=1]]`,
        audio: { input: { turn_detection: null } },
      },
    });
    await client.untilType('session.updated');
    client.send(audio(tone(2000)), audio(tone(2000)), { type: 'input_audio_buffer.commit' }, answer);
    await client.untilType('response.output_audio.delta');
    ground.gateway.simulator.chaos([{ fault: 'status=503' }]);
    await expect(client.closed).resolves.toBe(1011);

    const [record] = await ground.answers(1);
    expectAbout(record, 'openai', MODEL);
  });
});
