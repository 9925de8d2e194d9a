import type { Turn } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { isResultPart, type Part, type ReasoningPart, type ToolCallPart } from '../domain/part.js';
import {
  at,
  invalid,
  objectIn,
  optionalList,
  optionalText,
  requiredObject,
  requiredText,
} from '../domain/fields.js';
import { isLegacyCallId, legacyCall, legacyCallId } from './legacy-functions.js';
import { readContent } from './part.reader.js';
import { proofOf, readDetail } from './reasoning-details.js';
import {
  isAbsent,
  leftover,
  objectAt,
  objectsAt,
  textAt,
  type Wire,
  withoutUndefined,
} from '../domain/wire.js';

const ROLES = ['system', 'developer', 'user', 'assistant', 'tool', 'function'] as const;

/** One turn per message, in place. */
export function readTurns(messages: readonly unknown[], seal: SignatureSeal): Turn[] {
  let legacyCalls = 0;
  return messages.map((value, index) => {
    const path = `messages[${index}]`;
    const message = objectIn(value, path, 'a message such as {"role": "user", "content": "…"}');
    switch (readRole(message, path)) {
      case 'assistant': {
        const turn = readAssistant(message, path, { seal, legacyId: legacyCallId(legacyCalls) });
        legacyCalls += turn.parts.some(part => part.kind === 'tool-call' && isLegacyCallId(part.id)) ? 1 : 0;
        return turn;
      }
      case 'tool':
        return readResult(
          message,
          path,
          requiredText(message, 'tool_call_id', path, 'the id of the tool call'),
        );
      case 'function':
        return readResult(message, path, legacyCallId(Math.max(0, legacyCalls - 1)));
      default:
        return readPlain(message, path);
    }
  });
}

function readRole(message: Wire, path: string): (typeof ROLES)[number] {
  const role = ROLES.find(known => known === message['role']);
  if (!role) {
    throw invalid(at(path, 'role'), `one of ${ROLES.join(', ')}`);
  }
  return role;
}

const PLAIN_KEYS: ReadonlySet<string> = new Set(['role', 'content', 'name']);

function readPlain(message: Wire, path: string): Turn {
  return withoutUndefined({
    role: message['role'] as Turn['role'],
    parts: readContent(message, path),
    name: optionalText(message, 'name', path),
    native: leftover(message, PLAIN_KEYS),
  });
}

const RESULT_KEYS: ReadonlySet<string> = new Set(['role', 'content', 'tool_call_id', 'name']);

function readResult(message: Wire, path: string, callId: string): Turn {
  const name = optionalText(message, 'name', path);
  return withoutUndefined({
    role: 'tool' as const,
    parts: [
      {
        kind: 'tool-result' as const,
        callId,
        ...(name !== undefined && { name }),
        parts: readContent(message, path).filter(isResultPart),
      },
    ],
    native: leftover(message, RESULT_KEYS),
  });
}

/** `reasoning` and `refusal` stay in `native` besides, for they have two spellings; see the writer. */
const ASSISTANT_KEYS: ReadonlySet<string> = new Set([
  ...PLAIN_KEYS,
  'function_call',
  'reasoning_content',
  'reasoning_details',
  'tool_calls',
]);

/** vLLM's clients send the same reasoning under both names. */
const TWO_REASONINGS_KEYS: ReadonlySet<string> = new Set(
  [...ASSISTANT_KEYS].filter(key => key !== 'reasoning_content'),
);

function readAssistant(
  message: Wire,
  path: string,
  { seal, legacyId }: { seal: SignatureSeal; legacyId: string },
): Turn {
  const refusal = optionalText(message, 'refusal', path);
  const parts: Part[] = [...readReasoning(message, path, seal), ...readContent(message, path)];
  if (refusal !== undefined) {
    parts.push({ kind: 'refusal', text: refusal });
  }
  (optionalList(message, 'tool_calls', path) ?? []).forEach((call, index) => {
    parts.push(readToolCall(call, `${path}.tool_calls[${index}]`, seal));
  });
  if (!isAbsent(message['function_call'])) {
    const call = requiredObject(message, 'function_call', path);
    const inner = at(path, 'function_call');
    parts.push(
      legacyCall(legacyId, requiredText(call, 'name', inner), optionalText(call, 'arguments', inner) ?? ''),
    );
  }
  return withoutUndefined({
    role: 'assistant' as const,
    parts,
    name: optionalText(message, 'name', path),
    native: leftover(message, isAbsent(message['reasoning']) ? ASSISTANT_KEYS : TWO_REASONINGS_KEYS),
  });
}

/** Details hold the same text as the plain field, and the signatures besides. */
function readReasoning(message: Wire, path: string, seal: SignatureSeal): ReasoningPart[] {
  const text =
    optionalText(message, 'reasoning_content', path) ?? optionalText(message, 'reasoning', path) ?? '';
  optionalList(message, 'reasoning_details', path);
  const details = objectsAt(message, 'reasoning_details')
    .map(detail => readDetail(detail, wire => seal.open(proofOf(wire)) ?? undefined))
    .filter(part => part !== null);
  // DeepSeek demands the field back in tool loops, also an empty one.
  if (message['reasoning_content'] === '' && details.length === 0) {
    return [{ kind: 'reasoning', text }];
  }
  if (text === '' || details.some(part => part.text !== '')) {
    return details;
  }
  // Some clients keep the signature and lose its text, which the plain field still has.
  const bare = details.findIndex(part => part.signature && !part.redacted);
  return bare < 0
    ? [{ kind: 'reasoning', text }, ...details]
    : details.map((part, index) => (index === bare ? { ...part, text } : part));
}

const CALL_KEYS: ReadonlySet<string> = new Set(['id', 'type']);
const FUNCTION_KEYS: ReadonlySet<string> = new Set(['name', 'arguments']);
const CUSTOM_KEYS: ReadonlySet<string> = new Set(['name', 'input']);

function readToolCall(value: unknown, path: string, seal: SignatureSeal): ToolCallPart {
  const call = objectIn(value, path, 'a tool call as the model gave it');
  const custom = call['type'] === 'custom';
  const inner = custom ? 'custom' : 'function';
  const body = requiredObject(call, inner, path, 'an object with `name`');
  const innerPath = at(path, inner);
  const native = leftover(call, CALL_KEYS, inner, custom ? CUSTOM_KEYS : FUNCTION_KEYS);
  return withoutUndefined({
    kind: 'tool-call' as const,
    id: requiredText(call, 'id', path),
    name: requiredText(body, 'name', innerPath),
    arguments: optionalText(body, custom ? 'input' : 'arguments', innerPath) ?? '',
    ...(custom && { custom }),
    signature: seal.open(thoughtSignature(call)) ?? undefined,
    native: native && withoutThoughtSignature(native),
  });
}

/** `extra_content.google.thought_signature`: the convention for Gemini behind chat (PROTOCOLS 2.7). */
export function thoughtSignature(call: Wire): string {
  const google = objectAt(objectAt(call, 'extra_content') ?? {}, 'google');
  return google ? textAt(google, 'thought_signature') : '';
}

/** A signature that no seal proves goes nowhere. */
function withoutThoughtSignature(native: Wire): Wire | undefined {
  const { extra_content: extra, ...rest } = native;
  if (extra === undefined) {
    return native;
  }
  const other = leftover(extra as Wire, new Set(), 'google', new Set(['thought_signature']));
  const kept = other ? { ...rest, extra_content: other } : rest;
  return Object.keys(kept).length > 0 ? kept : undefined;
}
