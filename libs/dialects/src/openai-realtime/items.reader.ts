import { InvalidRequestError } from '@app/shared';
import { at, invalid, objectIn, optionalList, requiredText } from '../domain/fields.js';
import type { LiveItem } from '../domain/live-crossing.js';
import type { MediaPart, TextPart } from '../domain/part.js';
import { stringOr, textAt, type Wire } from '../domain/wire.js';
import type { SoundFormat } from '../sound/sound-format.js';

const ROLES = ['user', 'assistant', 'system'] as const;
const PATH = 'item';
const DATA_URL = /^data:([^;,]+);base64,(.+)$/s;

/**
 * What a `conversation.item.create` puts into the conversation.
 *
 * @param format of the sound of the session
 * @throws InvalidRequestError (400)
 */
export function readItem(item: Wire, format: SoundFormat): LiveItem {
  switch (item['type']) {
    case 'message':
      return readMessage(item, format);
    case 'function_call':
      return {
        kind: 'call',
        id: requiredText(item, 'call_id', PATH),
        name: requiredText(item, 'name', PATH),
        arguments: requiredText(item, 'arguments', PATH),
      };
    case 'function_call_output':
      return {
        kind: 'result',
        callId: requiredText(item, 'call_id', PATH),
        output: requiredText(item, 'output', PATH),
      };
    default:
      throw invalid('item.type', '"message", "function_call" or "function_call_output"');
  }
}

function readMessage(item: Wire, format: SoundFormat): LiveItem {
  const role = ROLES.find(known => known === item['role']);
  if (!role) {
    throw invalid('item.role', '"user", "assistant" or "system"');
  }
  const parts = (optionalList(item, 'content', PATH) ?? []).map((part, index) => {
    const path = `item.content[${index}]`;
    return readPart(objectIn(part, path), path, format);
  });
  return { kind: 'message', role, parts };
}

function readPart(part: Wire, path: string, format: SoundFormat): TextPart | MediaPart {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { kind: 'text', text: requiredText(part, 'text', path) };
    case 'input_audio':
      return readSound(part, path, format);
    case 'output_audio':
      return { kind: 'text', text: textAt(part, 'transcript') };
    case 'input_image':
      return readImage(part, path);
    default:
      throw invalid(at(path, 'type'), '"input_text", "input_audio", "input_image" or "output_text"');
  }
}

/** Who says what was said beside the sound is taken at its word. */
function readSound(part: Wire, path: string, { type, rate }: SoundFormat): TextPart | MediaPart {
  const transcript = stringOr(part['transcript'], null);
  if (transcript !== null) {
    return { kind: 'text', text: transcript };
  }
  if (type !== 'audio/pcm') {
    throw new InvalidRequestError(
      'The sound of items can be PCM only at this model. Send it as `input_audio_buffer.append`.',
      at(path, 'audio'),
    );
  }
  const data = requiredText(part, 'audio', path);
  return { kind: 'media', media: 'audio', mime: `${type};rate=${rate}`, source: { kind: 'base64', data } };
}

function readImage(part: Wire, path: string): MediaPart {
  const found = DATA_URL.exec(requiredText(part, 'image_url', path));
  if (!found) {
    throw invalid(at(path, 'image_url'), 'the image itself, as `data:image/png;base64,…`');
  }
  const [, mime = '', data = ''] = found;
  return { kind: 'media', media: 'image', mime, source: { kind: 'base64', data } };
}
