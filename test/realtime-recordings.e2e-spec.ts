import { isObject } from '@app/shared';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { recordsOf } from './support/ledger.js';
import { RecordedLiveVendor } from './support/recorded-live-vendor.js';
import { type RecordedFrame, recordedSessions } from './support/recordings.js';

const GEMINI_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

/** By what its vendor said first: whose protocol it is in. */
function isGemini(frames: readonly RecordedFrame[]): boolean {
  return frames.some(({ direction, data }) => direction === 'sent' && 'setup' in data);
}

/** What a recorded vendor told of each answer, in input and output tokens. */
function toldIn(frames: readonly RecordedFrame[]): number[][] {
  return frames
    .filter(({ direction }) => direction === 'received')
    .flatMap(({ data: { usageMetadata: meta, type, response, usage } }) => {
      if (isObject(meta)) {
        const said = count(meta, 'responseTokenCount') + count(meta, 'candidatesTokenCount');
        return [[count(meta, 'promptTokenCount'), said + count(meta, 'thoughtsTokenCount')]];
      }
      const inside = isObject(response) && isObject(response['usage']) ? response['usage'] : {};
      const told = { ...(isObject(usage) && usage), ...inside };
      return type === 'response.done' ? [[count(told, 'input_tokens'), count(told, 'output_tokens')]] : [];
    });
}

function count(counts: Readonly<Record<string, unknown>>, name: string): number {
  return Number(counts[name] ?? 0);
}

describe.each(recordedSessions())('the recorded session %s', (file, frames) => {
  const gemini = isGemini(frames);
  const sent = frames.filter(({ direction }) => direction === 'sent').map(({ data }) => data);
  const received = frames.filter(({ direction }) => direction === 'received').map(({ data }) => data);
  const model = `recorded-${file.replace(/\W+/g, '-')}`;
  let vendor: RecordedLiveVendor;
  let gateway: TestGateway;

  beforeAll(async () => {
    vendor = new RecordedLiveVendor(gemini);
    const url = await vendor.start();
    gateway = await startGateway({
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${url}/v1`,
      AI_GATEWAY_PROVIDERS_GOOGLE_BASE_URL: url,
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await vendor.close();
  });

  it('comes out frame for frame, and is metered', async () => {
    vendor.play(frames);
    const at = gemini ? GEMINI_PATH : `/v1/realtime?model=openai/${model}`;
    const headers = { authorization: `Bearer ${gateway.projectKey}` };
    const client = await LiveClient.open(gateway.url + at, { headers });
    let said = 0;
    for (const { direction, data } of frames) {
      if (direction === 'sent') {
        client.send(
          gemini && 'setup' in data
            ? { setup: { ...(data['setup'] as object), model: `models/google/${model}` } }
            : data,
        );
      } else {
        said += 1;
        await client.until(() => client.events.length >= said);
      }
    }
    await client.close();

    expect(client.events).toEqual(received);
    expect(vendor.heard).toEqual(
      gemini
        ? sent.map(data =>
            'setup' in data
              ? { setup: { ...(data['setup'] as object), model: `models/${model}`, sessionResumption: {} } }
              : data,
          )
        : sent,
    );
    const records = await recordsOf(gateway, gemini ? `google/${model}` : `openai/${model}`);
    const answers = records.filter(({ status, modelUsed }) => status !== 101 && modelUsed === model);
    expect(answers.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]).toReversed()).toEqual(
      toldIn(frames),
    );
    expect(answers.every(({ estimated }) => !estimated)).toBe(true);
  });
});
