import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { requestBody } from '../domain/fields.js';
import { leftover, textAt } from '../domain/wire.js';
import { camelNames } from './member-names.js';
import { readTurns } from './request-contents.reader.js';
import { keepByPath, type NativeByPath, readSettings } from './request-settings.reader.js';
import { nativeMembers } from './native-members.js';
import { readTools } from './request-tools.reader.js';
import { KNOWN_FIELDS } from './setting-fields.js';

/**
 * Reads the body of POST …/models/{model}:generateContent. Null is absent; names come in both of Google's spellings;
 * unknown fields, parts and tools are kept for vendors of this dialect. Model and method stand in the URL, so that both
 * are for the caller of this function to add. Source: https://ai.google.dev/api/generate-content
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readRequest(given: unknown, seal: SignatureSeal): GenerationRequest {
  const body = camelNames(requestBody(given));
  const native: NativeByPath = {};
  keepByPath(leftover(body, KNOWN_FIELDS), '', native);
  const turns = readTurns(body, seal);
  const tools = readTools(body, native);
  return {
    model: textAt(body, 'model').replace(/^models\//, ''),
    turns,
    tools,
    settings: readSettings(body, native),
    stream: false,
    streamUsage: true,
    native: { dialect: 'gemini', fields: native, members: nativeMembers(turns, tools) },
  };
}
