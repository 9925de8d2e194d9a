import type { LiveClient } from '../../apps/simulator/test/support/live-client.js';
import { LIVE_MODEL } from '../../apps/simulator/test/support/gemini-talk.js';
import { MODEL } from '../../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './live-ground.js';

export const OPENAI = `openai/${MODEL}`;
export const GOOGLE = `google/${LIVE_MODEL}`;
export const XAI = 'xai/grok-voice-latest';
/** Long enough for whoever answers, and for the test that waits for who does not. */
export const TIMEOUTS = { firstTokenMs: 700 };

/** A ground whose projects have keys of their own: what fails in one test opens no breaker for the next. */
export function failingGround(): LiveGround {
  const ground = new LiveGround(({ url }) => ({
    AI_GATEWAY_PROVIDERS_XAI_BASE_URL: `${url}/xai/v1`,
    AI_GATEWAY_PROVIDERS_XAI_API_KEY: 'xai-simulated',
  }));
  beforeEach(async () => {
    for (const provider of ['openai', 'xai', 'google']) {
      const made = { provider, name: 'own', apiKey: `sk-own-${provider}` };
      await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/provider-keys`, made);
    }
  });
  afterEach(() => ground.gateway.simulator.chaos([]));
  return ground;
}

/** A policy of that name, for the project of the test. */
export async function makePolicy(
  { gateway, projectId }: LiveGround,
  name: string,
  targets: readonly string[],
  options: object = {},
): Promise<void> {
  const policy = { name, targets: targets.map(model => ({ model })), ...options };
  const made = await gateway.admin('POST', `/admin/projects/${projectId}/routing-policies`, policy);
  expect(made).toMatchObject({ status: 201 });
}

/** What the vendor fails to answer, and nobody else. */
export const failedAt = (vendor: string, fault: string): string =>
  `one two [[sim:fault ${fault},vendor=${vendor}]]`;

export const isWhole = (event: object): boolean =>
  /"type":"response.done".*"status":"completed"/.test(JSON.stringify(event));

export const resumesOf = ({ events }: LiveClient): object[] =>
  events.filter(({ type }) => type === 'x_llmhub.resumed');

export const countOf = ({ types }: LiveClient, type: string): number =>
  types.filter(one => one === type).length;
