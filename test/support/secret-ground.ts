import OpenAI from 'openai';
import type { ClientSecretCreateParams } from 'openai/resources/realtime/client-secrets';
import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import { LiveClient } from '../../apps/simulator/test/support/live-client.js';
import { answer, MODEL, said } from '../../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './live-ground.js';

export const IN_WORDS: RealtimeSessionCreateRequest = {
  type: 'realtime',
  model: `openai/${MODEL}`,
  output_modalities: ['text'],
};

/** Sessions with ephemeral keys. */
export class SecretGround extends LiveGround {
  /** With the project's key, or another one. */
  openai(apiKey = this.apiKey): OpenAI {
    return new OpenAI({ apiKey, baseURL: `${this.gateway.url}/v1`, maxRetries: 0 });
  }

  async secretOf(session?: ClientSecretCreateParams['session'], apiKey?: string): Promise<string> {
    const { value } = await this.openai(apiKey).realtime.clientSecrets.create({
      ...(session && { session }),
    });
    return value;
  }

  /** As a browser does it. @throws Error that tells the HTTP status when it is refused */
  dial(secret: string, at = '/v1/realtime', gateway = this.gateway): Promise<LiveClient> {
    return LiveClient.open(gateway.url + at, {}, ['realtime', `openai-insecure-api-key.${secret}`]);
  }
}

export const ANSWERED = 'You said: one two three (3 words).';

/** Has something answered, in words, and hangs up. */
export async function answered(client: LiveClient): Promise<string> {
  client.send(said('one two three'), answer);
  await client.untilType('response.done');
  await client.close();
  const deltas = client.events.filter(({ type }) => type === 'response.output_text.delta');
  return deltas.map(({ delta }) => String(delta)).join('');
}
