import { keyOf, protocolKey } from '../http/presented-key.js';
import { asText } from '../json.js';
import { checkKey } from '../openai-chat/check-request.js';
import { errorBody } from '../openai-chat/errors.js';
import type { LiveDialect } from '../realtime/live-dialect.js';
import { Refusal } from '../refusal.js';
import { checkModel } from '../tasks/checks.js';
import { accentOf } from './accents.js';
import { idOf } from './ids.js';
import { RealtimeSession } from './session.js';
import { defaultSettings, type SessionKind, updateSettings } from './settings.js';

/** OpenAI's Realtime API, as it is since its general availability. */
export const openAiRealtime: LiveDialect = {
  vendor: 'openai',
  binary: false,
  admit: (exchange, world) => {
    const { searchParams } = exchange.url;
    const { headers } = exchange.received;
    const key = keyOf(exchange);
    checkKey(protocolKey(headers) === undefined ? headers : { authorization: `Bearer ${key}` });
    const secret = world.secrets.find(key);
    if (key.startsWith('ek_') && !secret) {
      throw new Refusal(
        401,
        'Incorrect API key provided: ek_…. The client secret is unknown or has expired.',
      );
    }
    const asked = secret?.session ?? {};
    const isTranscription = searchParams.get('intent') === 'transcription' || asked.type === 'transcription';
    const kind: SessionKind = isTranscription ? 'transcription' : 'realtime';
    const model = searchParams.get('model') ?? asText(asked.model);
    if (!isTranscription) {
      checkModel({ model });
    }
    return {
      model: model || undefined,
      open: line => {
        const plain = defaultSettings(kind, model, idOf('sess', world));
        const accent = accentOf(line.vendor, kind);
        const settings = updateSettings(plain, accent.understand({ ...asked, type: kind }));
        return new RealtimeSession(line, settings, accent);
      },
    };
  },
  errorBody,
};
