import { fitsAsIs } from '@app/dialects';
import { InvalidRequestError } from '@app/shared';
import type { Vendor } from '@app/providers';
import { spliceMembers } from './json-splice.js';
import type { ParsedBody } from './parse-body.js';
import { holdsSealed } from './signature-seal.js';

/**
 * May the caller's bytes go to the vendor as they are? Both must speak OpenAI chat, the vendor must take all that the body
 * says, and no signature sealed by this gateway may be inside.
 */
export function canPassThrough(vendor: Vendor, { bytes, json }: ParsedBody): boolean {
  return vendor.dialect.id === 'openai-chat' && fitsAsIs(json, vendor.quirks) && !holdsSealed(bytes);
}

/** The caller asked for the usage chunk. */
export function asksForUsage({ json }: ParsedBody): boolean {
  const options = json['stream_options'];
  return isObject(options) && options['include_usage'] === true;
}

/**
 * The body for the vendor: the vendor's own model name and, in streams, usage asked for; all other bytes untouched.
 *
 * @throws InvalidRequestError (400) when there is no conversation in it
 */
export function passThroughBody(body: ParsedBody, model: string): Buffer {
  const { bytes, json, stream } = body;
  if (!Array.isArray(json['messages']) || json['messages'].length === 0) {
    throw new InvalidRequestError("Send 'messages', a list of at least one message.", 'messages');
  }
  const members: Record<string, string> = {};
  if (model !== body.model) {
    members['model'] = JSON.stringify(model);
  }
  if (stream && !asksForUsage(body)) {
    const options = json['stream_options'];
    members['stream_options'] = JSON.stringify({
      ...(isObject(options) ? options : {}),
      include_usage: true,
    });
  }
  return Object.keys(members).length === 0 ? bytes : spliceMembers(bytes, members);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
