import type { LiveItem } from '../domain/live-crossing.js';
import type { Losses } from '../domain/losses.js';
import type { MediaPart, TextPart } from '../domain/part.js';
import type { Wire } from '../domain/wire.js';

/** As a `conversation.item.create` takes it; null when nothing of it can be said. */
export function writeItem(item: LiveItem, losses: Losses): Wire | null {
  switch (item.kind) {
    case 'call':
      return { type: 'function_call', call_id: item.id, name: item.name, arguments: item.arguments };
    case 'result':
      return { type: 'function_call_output', call_id: item.callId, output: item.output };
    default: {
      const content = item.parts.flatMap(part => writePart(part, item.role === 'assistant', losses));
      return content.length > 0 ? { type: 'message', role: item.role, content } : null;
    }
  }
}

function writePart(part: TextPart | MediaPart, isAnswer: boolean, losses: Losses): Wire[] {
  if (part.kind === 'text') {
    return [{ type: isAnswer ? 'output_text' : 'input_text', text: part.text }];
  }
  const { media, mime = 'image/png', source } = part;
  if (media !== 'image' || source.kind !== 'base64' || isAnswer) {
    losses.dropped('clientContent.turns.parts', `OpenAI's sessions take no ${media} there.`);
    return [];
  }
  return [{ type: 'input_image', image_url: `data:${mime};base64,${source.data}` }];
}
