import type { RecordedCall } from '../../../test/support/recordings.js';
import { recordings } from '../../../test/support/recordings.js';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

const headers = { authorization: 'Bearer key', 'anthropic-version': '2023-06-01' };

const paths: Readonly<Record<string, (url: string) => string>> = {
  'openai-chat': () => '/v1/chat/completions',
  'openai-responses': () => '/v1/responses',
  'anthropic-messages': () => '/v1/messages',
  gemini: url => url.slice(url.indexOf('/models/')).replace(/^/, '/v1beta'),
};

/** Signatures, ciphers and responses that only the real vendor has made. */
const REAL_VENDORS_OWN = /signature is not valid|Invalid `signature`|encrypted content|Previous response/;

/** Requests that their vendor took. Of openai-chat only OpenAI's own: the imitators take what it refuses. */
function accepted(folder: string): (readonly [name: string, call: RecordedCall])[] {
  return recordings(folder)
    .flatMap(([name, calls]) => calls.map(call => [name, call] as const))
    .filter(
      ([, { status, vendor }]) => status === 200 && (!folder.startsWith('openai') || vendor === 'openai'),
    )
    .filter(
      ([, { url, request }]) => typeof request === 'object' && !/count_?tokens|\/responses\/./i.test(url),
    );
}

describe.each(Object.keys(paths))('recorded %s requests', folder => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => simulator.close());

  it('are refused for nothing but signatures of the real vendor', async () => {
    const refused: string[] = [];
    for (const [name, { url, request }] of accepted(folder)) {
      const path = paths[folder]?.(url) ?? '';
      const body = JSON.stringify(request);
      const response = await fetch(simulator.url + path, { method: 'POST', headers, body });
      const answer = await response.text();
      if (response.status !== 200 && !REAL_VENDORS_OWN.test(answer)) {
        refused.push(`${name}: ${answer}`);
      }
    }
    expect(refused).toEqual([]);
  });
});
