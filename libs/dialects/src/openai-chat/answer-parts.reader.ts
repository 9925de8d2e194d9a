import { randomUUID } from 'node:crypto';
import type { Logprobs } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Citation, MediaPart, Part, ReasoningPart, Signature, ToolCallPart } from '../domain/part.js';
import { legacyCall, legacyCallId } from './legacy-functions.js';
import { thoughtSignature } from './message.reader.js';
import { readUrl, thinkingText } from './part.reader.js';
import { packDetail, proofOf, readDetail } from './reasoning-details.js';
import { ThinkTags } from './think-tags.js';
import { isObject, leftover, objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';

const CHOICE_KEYS: ReadonlySet<string> = new Set([
  'delta',
  'error',
  'finish_reason',
  'index',
  'logprobs',
  'message',
]);
const MESSAGE_KEYS: ReadonlySet<string> = new Set([
  'annotations',
  'audio',
  'content',
  'function_call',
  'images',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'refusal',
  'role',
  'tool_calls',
]);

/** Members of a choice and of what it says that nobody reads. @param said where that stands */
export function unknownIn(choice: Wire, said: 'message' | 'delta'): Wire | undefined {
  return leftover(choice, CHOICE_KEYS, said, MESSAGE_KEYS);
}

/** What a whole message says: reasoning first, then text, refusal, media and calls. */
export function readMessage(message: Wire, target: Target): Part[] {
  const parts: Part[] = [...readReasoning(message, target), ...readSaid(message, target)];
  const refusal = textAt(message, 'refusal');
  if (refusal) {
    parts.push({ kind: 'refusal', text: refusal });
  }
  parts.push(...objectsAt(message, 'images').map(readImage));
  const audio = objectAt(message, 'audio');
  if (audio) {
    parts.push(readAudio(audio));
  }
  parts.push(...objectsAt(message, 'tool_calls').map(call => readToolCall(call, target)));
  const legacy = objectAt(message, 'function_call');
  if (legacy) {
    parts.push(legacyCall(legacyCallId(0), textAt(legacy, 'name'), argumentsOf(legacy['arguments'])));
  }
  return parts;
}

/** Does `readMessage` find a tool call in it? */
export function callsTools(message: Wire): boolean {
  return objectsAt(message, 'tool_calls').length > 0 || objectAt(message, 'function_call') !== undefined;
}

function readReasoning(message: Wire, target: Target): ReasoningPart[] {
  const details = objectsAt(message, 'reasoning_details')
    .map(detail => readDetail(detail, wire => detailSignature(wire, target)))
    .filter(part => part !== null);
  const text = textAt(message, 'reasoning_content') || textAt(message, 'reasoning');
  return text === '' || details.some(part => part.text !== '')
    ? details
    : [{ kind: 'reasoning', text }, ...details];
}

/** The signature of a detail as this target issued it. */
export function detailSignature(detail: Wire, { vendor, model }: Target): Signature | undefined {
  return proofOf(detail) ? { issuer: vendor, model, payload: packDetail(detail) } : undefined;
}

export function callSignature(call: Wire, { vendor, model }: Target): Signature | undefined {
  const payload = thoughtSignature(call);
  return payload ? { issuer: vendor, model, payload } : undefined;
}

/** `content` is a string or, at Mistral, a list with `thinking` in it. */
function readSaid(message: Wire, target: Target): Part[] {
  const { content } = message;
  const citations = objectsAt(message, 'annotations').map(readCitation);
  const pieces = typeof content === 'string' ? readText(content, target) : objectsAt(message, 'content');
  const parts: Part[] = [];
  for (const piece of pieces) {
    if (piece['type'] === 'thinking') {
      parts.push({ kind: 'reasoning', text: thinkingText(piece) });
    } else if (piece['type'] === 'text' && piece['text'] !== '') {
      parts.push({ kind: 'text', text: textAt(piece, 'text') });
    } else if (piece['type'] !== 'text') {
      parts.push({ kind: 'native', dialect: 'openai-chat', value: piece });
    }
  }
  const cited = citations.length > 0 ? parts.findIndex(part => part.kind === 'text') : -1;
  return cited < 0
    ? parts
    : parts.map((part, index) => (index === cited && part.kind === 'text' ? { ...part, citations } : part));
}

function readText(content: string, { quirks }: Target): readonly Wire[] {
  if (!quirks.thinkTags) {
    return [{ type: 'text', text: content }];
  }
  const tags = new ThinkTags();
  const said = tags.read(content);
  const rest = tags.end();
  const thinking = said.reasoning + rest.reasoning;
  return [
    ...(thinking === '' ? [] : [{ type: 'thinking', thinking }]),
    { type: 'text', text: said.text + rest.text },
  ];
}

export function readCitation(annotation: Wire): Citation {
  const inner = objectAt(annotation, 'url_citation') ?? {};
  const { start_index: start, end_index: end } = inner;
  const quote = textAt(inner, 'content');
  return {
    ...(typeof inner['url'] === 'string' && { url: inner['url'] }),
    ...(typeof inner['title'] === 'string' && { title: inner['title'] }),
    ...(typeof start === 'number' && { start }),
    ...(typeof end === 'number' && { end }),
    ...(quote && { quote }),
    native: annotation,
  };
}

/** OpenRouter's place for generated images. */
export function readImage(image: Wire): MediaPart {
  return {
    kind: 'media',
    media: 'image',
    ...readUrl(textAt(objectAt(image, 'image_url') ?? {}, 'url'), 'images'),
  };
}

const AUDIO_KEYS: ReadonlySet<string> = new Set(['data']);

function readAudio(audio: Wire): MediaPart {
  const native = leftover(audio, AUDIO_KEYS);
  return {
    kind: 'media',
    media: 'audio',
    source: { kind: 'base64', data: textAt(audio, 'data') },
    ...(native && { native }),
  };
}

function readToolCall(call: Wire, target: Target): ToolCallPart {
  const custom = isObject(call['custom']);
  const inner = objectAt(call, custom ? 'custom' : 'function') ?? {};
  const signature = callSignature(call, target);
  return {
    kind: 'tool-call',
    id: textAt(call, 'id') || newCallId(),
    name: textAt(inner, 'name'),
    arguments: argumentsOf(inner[custom ? 'input' : 'arguments']),
    ...(custom && { custom }),
    ...(signature && { signature }),
  };
}

/** Text as the model wrote it; some vendors send the object itself. */
export function argumentsOf(value: unknown): string {
  return typeof value === 'string' ? value : isObject(value) ? JSON.stringify(value) : '';
}

/** For a vendor that gave none: callers match results by it, so it must be unique in a conversation. */
export function newCallId(): string {
  return `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

/** What is no list is none of tokens. */
export function readLogprobs(value: unknown): Logprobs | undefined {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([, list]) => list === null || Array.isArray(list)))
    : undefined;
}
