import type { Logprobs } from '../domain/answer.js';
import type { ToolGroup } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import type { Citation, MediaPart, Part, ReasoningPart, Signature, ToolCallPart } from '../domain/part.js';
import { isObject, type Wire } from '../domain/wire.js';
import { mark } from './reasoning-marks.js';
import type { ResponseIds } from './response-object.js';

export interface OutputMeta {
  readonly ids: ResponseIds;
  readonly seal: SignatureSeal;
  /** Where the caller's tools stand, by the names that vendors know. */
  readonly groups: ReadonlyMap<string, ToolGroup>;
}

/** The parts of an answer as items of `output`, in their order; texts in a row are one message. */
export function writeOutput(
  parts: readonly Part[],
  logprobs: Logprobs | undefined,
  meta: OutputMeta,
): Record<string, unknown>[] {
  const items: Record<string, unknown>[] = [];
  let message: Wire[] | null = null;
  for (const part of parts) {
    const said = writeSaid(part);
    if (!said) {
      message = null;
      items.push(...writeItem(part, meta));
      continue;
    }
    if (!message) {
      message = [];
      items.push(messageItem(meta.ids.next('msg'), 'completed', message));
    }
    message.push(said);
  }
  return withLogprobs(items, logprobs);
}

export function messageItem(id: string, status: string, content: readonly Wire[]): Record<string, unknown> {
  return { id, type: 'message', status, role: 'assistant', content };
}

function writeSaid(part: Part): Wire | null {
  switch (part.kind) {
    case 'text':
      return textPart(part.text, (part.citations ?? []).map(writeAnnotation));
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    default:
      return null;
  }
}

export function textPart(text: string, annotations: readonly Wire[]): Record<string, unknown> {
  return { type: 'output_text', annotations, logprobs: [], text };
}

export function writeAnnotation({ url, title, start, end, native }: Citation): Wire {
  // OpenAI's own kinds of annotation; chat's hold their members in an object of that name.
  const isOwn = isObject(native) && ANNOTATIONS.has(native['type']) && !('url_citation' in native);
  return isOwn
    ? native
    : {
        type: 'url_citation',
        url: url ?? '',
        title: title ?? '',
        start_index: start ?? 0,
        end_index: end ?? 0,
      };
}

const ANNOTATIONS: ReadonlySet<unknown> = new Set([
  'url_citation',
  'file_citation',
  'container_file_citation',
  'file_path',
]);

/** One probability list for the whole answer goes to its first text. */
function withLogprobs(
  items: Record<string, unknown>[],
  logprobs: Logprobs | undefined,
): Record<string, unknown>[] {
  const list = logprobs?.content ?? [];
  if (list.length > 0) {
    const texts = items.flatMap(({ content }) => (Array.isArray(content) ? content : []));
    const first: unknown = texts.find(part => isObject(part) && part['type'] === 'output_text');
    Object.assign(first ?? {}, { logprobs: list });
  }
  return items;
}

function writeItem(part: Part, meta: OutputMeta): Record<string, unknown>[] {
  switch (part.kind) {
    case 'reasoning':
      return [reasoningItem(part, meta)];
    case 'tool-call':
      return [
        ...(part.signature ? [signatureItem(part.signature, meta)] : []),
        callItem(part, 'completed', meta),
      ];
    case 'media':
      return [imageItem(part, meta.ids)].filter(item => item !== null);
    case 'native':
      return part.dialect === 'openai-responses' && isObject(part.value) ? [{ ...part.value }] : [];
    default:
      return [];
  }
}

export function reasoningItem(
  { text, signature, redacted }: Pick<ReasoningPart, 'text' | 'signature' | 'redacted'>,
  { ids, seal }: OutputMeta,
): Record<string, unknown> {
  return {
    id: ids.next('rs'),
    type: 'reasoning',
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    ...(signature && { encrypted_content: seal.seal(mark(signature, redacted)) }),
  };
}

/** A call has no field for a signature, so it goes before it as reasoning that says nothing. */
export function signatureItem(signature: Signature, meta: OutputMeta): Record<string, unknown> {
  return reasoningItem({ text: '', signature }, meta);
}

export function callItem(
  { id: callId, name, custom, namespace, arguments: args }: Omit<ToolCallPart, 'kind'>,
  status: string,
  { ids, groups }: Pick<OutputMeta, 'ids' | 'groups'>,
): Record<string, unknown> {
  const input = custom ? { input: args } : { arguments: args };
  return {
    id: ids.next(custom ? 'ctc' : 'fc'),
    type: custom ? 'custom_tool_call' : 'function_call',
    status,
    ...input,
    call_id: callId,
    name,
    ...(namespace !== undefined ? { namespace } : groups.get(name)),
  };
}

/** Null for what is no inline image: Responses has no place for it. */
export function imageItem({ media, source }: MediaPart, ids: ResponseIds): Record<string, unknown> | null {
  return media === 'image' && source.kind === 'base64'
    ? { id: ids.next('ig'), type: 'image_generation_call', status: 'completed', result: source.data }
    : null;
}
