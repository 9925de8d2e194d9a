import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { optionalFlag, requestBody, requestedModel } from '../domain/fields.js';
import { leftover } from '../domain/wire.js';
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
export function readRequest(given: unknown, seal: SignatureSeal): GenerationRequest {
  const body = requestBody(given);
  const model = requestedModel(body, 'anthropic/claude-sonnet-5');
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
