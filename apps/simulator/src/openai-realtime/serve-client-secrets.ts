import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { asNumber, asObject, asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { errorBody } from '../openai-chat/errors.js';
import { require400 } from '../refusal.js';
import type { World } from '../world.js';
import { checkModel } from '../tasks/checks.js';
import { idOf } from './ids.js';
import { defaultSettings, updateSettings } from './settings.js';

const DEFAULT_LIFE_S = 60;
const SHORTEST_LIFE_S = 10;
const LONGEST_LIFE_S = 7200;

/** `POST /v1/realtime/client_secrets`: a key for a browser. */
export async function serveClientSecrets(exchange: Exchange, world: World): Promise<void> {
  await vendorCall(exchange, { errorBody }, {}, async () => {
    checkKey(exchange.received.headers);
    const body = await readJson(exchange, world.traffic);
    const asked = asObject(body.session);
    const model = asText(asked.model);
    if (asked.type !== 'transcription') {
      checkModel({ model });
    }
    const life = asNumber(asObject(body.expires_after).seconds) ?? DEFAULT_LIFE_S;
    require400(life >= SHORTEST_LIFE_S && life <= LONGEST_LIFE_S, 'Expected a life of 10 to 7200 seconds.', {
      param: 'expires_after.seconds',
    });
    const kind = asked.type === 'transcription' ? 'transcription' : 'realtime';
    const plain = defaultSettings(kind, model, idOf('sess', world));
    const session = updateSettings(plain, { type: kind, ...asked });
    const vendor = exchange.vendor ?? 'openai';
    if (await strikeFault(exchange, world, { vendor, model: model || undefined })) {
      const { value, expiresAt } = world.secrets.issue(asked, life * 1000);
      const answer = { value, expires_at: Math.floor(expiresAt / 1000), session };
      await exchange.reply.send(200, { 'content-type': 'application/json' }, JSON.stringify(answer));
    }
  });
}
