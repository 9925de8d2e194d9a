import type { GenerationRequest, Part } from '@app/dialects';
import { type CacheUse, isObject } from '@app/shared';
import type { ParsedBody } from '../parse-body.js';

/**
 * Members of bodies with which the answer depends on more than the request, or something is left behind at the vendor: what was
 * said before, what is kept there by a name, what the web says today.
 */
const MEMBERS_OF_MORE = [
  'previous_response_id', // Responses
  'conversation',
  'background',
  'web_search_options', // chat
  'plugins', // OpenRouter
  'search_parameters', // xAI
  'container', // Anthropic
  'mcp_servers',
] as const;

/**
 * Whether the same request has the same answer tomorrow, and leaves nothing behind: so that whoever is answered from the cache
 * misses nothing.
 *
 * @param json the body, as its caller wrote it
 */
export function isCacheable(
  { turns, tools, settings, native }: GenerationRequest,
  json: ParsedBody['json'],
  keeps: CacheUse['keeps'],
): boolean {
  return (
    (keeps === 'all' || (keeps === 'deterministic' && isDeterministic(settings))) &&
    MEMBERS_OF_MORE.every(name => (json[name] ?? false) === false) &&
    !isTemplate(json['prompt']) &&
    !keepsAtVendor(json, native.dialect) &&
    tools.list.every(({ kind }) => kind !== 'hosted') &&
    !refersToItems(json) &&
    turns.every(({ parts }) => parts.every(isContained))
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

function refersToItems({ input }: ParsedBody['json']): boolean {
  return Array.isArray(input) && input.some(item => isObject(item) && item['type'] === 'item_reference');
}

/** What stands at an address may be another tomorrow. */
function isContained(part: Part): boolean {
  if (part.kind === 'tool-result') {
    return part.parts.every(isContained);
  }
  return part.kind !== 'media' || part.source.kind !== 'url';
}
