import { InvalidRequestError } from '@app/shared';
import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { optionalFlag } from '../openai-chat/fields.js';
import { isObject, leftover } from '../openai-chat/wire.js';
import { ReadContext } from './read-context.js';
import { readSettings, SETTING_FIELDS } from './settings.reader.js';
import { readTools } from './tools.reader.js';
import { readTurns } from './turns.reader.js';

const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...SETTING_FIELDS,
  'messages',
  'model',
  'stream',
  'system',
  'tool_choice',
  'tools',
]);

/**
 * Reads the body of POST /v1/messages, of either API version. Null is absent; a string is one text block; unknown fields,
 * blocks and tools are kept for vendors of this dialect. Source: https://platform.claude.com/docs/en/api/messages
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readRequest(body: unknown, seal: SignatureSeal): GenerationRequest {
  if (!isObject(body)) {
    throw new InvalidRequestError('The body must be a JSON object.', null, 'invalid_json');
  }
  const { model } = body;
  if (typeof model !== 'string' || model === '') {
    throw new InvalidRequestError(
      "Send 'model', a text such as 'anthropic/claude-sonnet-5'.",
      'model',
      'missing_model',
    );
  }
  const context = new ReadContext(seal);
  Object.assign(context.fields, leftover(body, KNOWN_FIELDS));
  const request = {
    model,
    turns: readTurns(body, context),
    tools: readTools(body, context),
    settings: readSettings(body, context),
    stream: optionalFlag(body, 'stream', '') ?? false,
    streamUsage: true,
  };
  const { fields, members, spelling } = context;
  return {
    ...request,
    native: {
      dialect: 'anthropic-messages',
      fields,
      ...(Object.keys(spelling).length > 0 && { spelling }),
      ...(members.length > 0 && { members }),
    },
  };
}
