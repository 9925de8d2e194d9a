import type { GenerationRequest, Part } from '@app/dialects';
import { type CacheUse, hasDoubledMembers, isObject } from '@app/shared';
import type { ParsedBody } from '../parse-body.js';
import { refersElsewhere } from './elsewhere.js';

/**
 * Members of bodies with which the answer depends on more than the request, or something is left behind at the vendor: what was
 * said before, what is kept there by a name, what its own tools find today. What else refers elsewhere does so anywhere in a body.
 */
const MEMBERS_OF_MORE = [
  'previous_response_id', // Responses
  'conversation',
  'background',
  'plugins', // OpenRouter
  'preset',
  'compound_custom', // Groq
  'container', // Anthropic
  'mcp_servers',
] as const;

/**
 * Whether the same request has the same answer tomorrow, and leaves nothing behind: so that whoever is answered from the cache
 * misses nothing.
 *
 * @param body as its caller wrote it; in one with two members of a name, vendors may read another question than the gateway
 */
export function isCacheable(
  { turns, tools, settings, native }: GenerationRequest,
  { json, bytes }: Pick<ParsedBody, 'json' | 'bytes'>,
  keeps: CacheUse['keeps'],
): boolean {
  return (
    (keeps === 'all' || (keeps === 'deterministic' && isDeterministic(settings))) &&
    MEMBERS_OF_MORE.every(name => (json[name] ?? false) === false) &&
    !isTemplate(json['prompt']) &&
    !keepsAtVendor(json, native.dialect) &&
    tools.list.every(({ kind }) => kind !== 'hosted') &&
    turns.every(({ parts }) => parts.every(isContained)) &&
    !refersElsewhere(json) &&
    !hasDoubledMembers(bytes.toString())
  );
}

function isDeterministic({ temperature, seed }: GenerationRequest['settings']): boolean {
  return temperature === 0 || (seed ?? null) !== null;
}

/** Kept at the vendor (Responses), and changed there; that of legacy completions is a text. */
function isTemplate(prompt: unknown): boolean {
  return isObject(prompt) && !Array.isArray(prompt);
}

/** Responses keep what nobody forbids. */
function keepsAtVendor(
  { store }: ParsedBody['json'],
  dialect: GenerationRequest['native']['dialect'],
): boolean {
  return dialect === 'openai-responses' ? store !== false : store === true;
}

/** What stands at an address may be another tomorrow, and a file be gone. */
function isContained(part: Part): boolean {
  if (part.kind === 'tool-result') {
    return part.parts.every(isContained);
  }
  return part.kind !== 'media' || part.source.kind === 'base64' || part.source.kind === 'text';
}
