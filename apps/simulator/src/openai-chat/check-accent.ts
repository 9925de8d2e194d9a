import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText, shown } from '../json.js';
import { Refusal, require400 } from '../refusal.js';
import type { Accent } from './accents.js';

/** Refuses what OpenAI takes and this vendor does not. */
export function checkAccent(accent: Accent, body: JsonObject): void {
  checkArguments(accent, body);
  const isRefused = accent.refusesSchemas && asObject(body.response_format).type === 'json_schema';
  require400(!isRefused, 'This response_format type is unavailable now', { param: 'response_format' });
  const messages = asList(body.messages).map(asObject);
  messages.forEach((message, index) => checkMessage(accent, message, `messages[${index}]`));
  if (accent.wantsReasoningBack) {
    checkReasoningBack(body, messages);
  }
}

function checkArguments({ known, refused = [] }: Accent, body: JsonObject): void {
  const unknown = known && Object.keys(body).find(name => !known.has(name));
  if (unknown) {
    throw new Refusal(422, 'Extra inputs are not permitted', { param: unknown });
  }
  const unwanted = refused.find(name => body[name] != null);
  require400(!unwanted, `Argument not supported on this model: ${unwanted}`, { param: unwanted });
}

function checkMessage(accent: Accent, message: JsonObject, at: string): void {
  const role = asText(message.role);
  require400(
    role !== 'developer' || !accent.refusesDeveloper,
    `${at}: unknown variant \`developer\`, expected one of \`system\`, \`user\`, \`assistant\`, \`tool\``,
  );
  const unwanted = accent.refusedInMessages?.find(name => message[name] !== undefined);
  require400(!unwanted, `'${at}' : property '${unwanted}' is unsupported`);
  if (role === 'user') {
    asList(message.content).forEach(part => checkPart(accent, part, at));
  }
  const ids = [...asList(message.tool_calls).map(call => asObject(call).id), message.tool_call_id];
  const misshapen = ids.find(id => id !== undefined && accent.callId?.pattern.test(asText(id)) === false);
  require400(
    misshapen === undefined,
    `Tool call id was ${shown(misshapen)} but must be a-z, A-Z, 0-9, with a length of 9.`,
    { type: 'invalid_function_call', code: '3280' },
  );
}

function checkPart({ parts }: Accent, part: Json, at: string): void {
  const type = asText(asObject(part).type);
  require400(
    parts.includes(type),
    `Failed to deserialize the JSON body: ${at}: unknown variant \`${type}\`, expected one of ${parts.join(', ')}`,
  );
}

/** Of the turns behind the last question, while the model thinks. */
function checkReasoningBack(body: JsonObject, messages: readonly JsonObject[]): void {
  if (body.reasoning_effort == null || body.reasoning_effort === 'none') {
    return;
  }
  const from = messages.findLastIndex(({ role }) => role === 'user');
  const forgotten = messages
    .slice(from + 1)
    .find(({ tool_calls, reasoning_content }) => tool_calls != null && typeof reasoning_content !== 'string');
  require400(!forgotten, 'The `reasoning_content` in the thinking mode must be passed back to the API.', {
    code: 'invalid_request_error',
  });
}
