import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import {
  optionalFlag,
  optionalObject,
  requestBody,
  requestedMessages,
  requestedModel,
} from '../domain/fields.js';
import { readTurns } from './message.reader.js';
import { KNOWN_FIELDS } from './setting-fields.js';
import { readSettings, type Remainder } from './settings.reader.js';
import { readTools } from './tools.reader.js';
import { leftover } from '../domain/wire.js';

const STREAM_OPTION_KEYS: ReadonlySet<string> = new Set(['include_usage']);

/**
 * Reads the body of POST /v1/chat/completions. Null is absent; a string is one text part; unknown fields, parts and
 * tools are kept for vendors of this dialect. Source: https://platform.openai.com/docs/api-reference/chat/create
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readRequest(given: unknown, seal: SignatureSeal): GenerationRequest {
  const body = requestBody(given);
  const model = requestedModel(body);
  const messages = requestedMessages(body);
  const remainder: Remainder = { native: { ...leftover(body, KNOWN_FIELDS) }, spelling: {} };
  const streamOptions = optionalObject(body, 'stream_options', '');
  const otherOptions = streamOptions && leftover(streamOptions, STREAM_OPTION_KEYS);
  if (otherOptions) {
    remainder.native['stream_options'] = otherOptions;
  }
  return {
    model,
    turns: readTurns(messages, seal),
    tools: readTools(body, remainder),
    settings: readSettings(body, remainder),
    stream: optionalFlag(body, 'stream', '') ?? false,
    streamUsage: streamOptions
      ? (optionalFlag(streamOptions, 'include_usage', 'stream_options') ?? false)
      : false,
    native: {
      dialect: 'openai-chat',
      fields: remainder.native,
      ...(Object.keys(remainder.spelling).length > 0 && { spelling: { ...remainder.spelling } }),
    },
  };
}
