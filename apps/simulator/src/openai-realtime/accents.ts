import { asText } from '../json.js';
import type { Message } from '../realtime/outlet.js';
import type { Accent } from './accent.js';
import type { SessionKind } from './settings.js';
import { XaiAccent } from './xai-accent.js';

const OPENAI: Accent = { endsItems: false, understand: asked => asked, say: event => [event] };
const AZURE: Accent = { ...OPENAI, say: event => [partTwice(event)] };

export function accentOf(vendor: string, kind: SessionKind): Accent {
  if (vendor === 'azure-openai') {
    return AZURE;
  }
  return vendor === 'xai' && kind === 'realtime' ? new XaiAccent() : OPENAI;
}

/** As in recordings/realtime/realtime-azure-ws-*. */
function partTwice(event: Message): Message {
  const isPart = asText(event['type']).startsWith('response.content_part.');
  return isPart ? { ...event, content: event['part'] } : event;
}
