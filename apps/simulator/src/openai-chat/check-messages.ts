import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText, isObject } from '../json.js';
import { require400 } from '../refusal.js';

const PARTS: Readonly<Record<string, readonly string[]>> = {
  developer: ['text'],
  system: ['text'],
  user: ['text', 'image_url', 'input_audio', 'file'],
  assistant: ['text', 'refusal'],
  tool: ['text'],
  function: [],
};
const MOST_ID_CHARACTERS = 40;

export function checkMessages(body: JsonObject): void {
  const messages = asList(body.messages);
  require400(Array.isArray(body.messages), "Missing required parameter: 'messages'.", { param: 'messages' });
  require400(messages.length > 0, "Invalid 'messages': empty array. Expected minimum length 1.", {
    param: 'messages',
  });
  let awaited = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`;
    require400(isObject(message), `Invalid type for '${at}': expected an object.`, { param: at });
    const role = asText(message.role);
    require400(
      Object.hasOwn(PARTS, role),
      `Invalid value: '${role}'. Supported roles: ${Object.keys(PARTS).join(', ')}.`,
      {
        param: `${at}.role`,
      },
    );
    checkContent(message, role, at);
    if (role === 'tool') {
      checkResult(message, awaited, at);
    } else {
      checkAnswered(awaited);
      awaited = new Set(role === 'assistant' ? callIds(message, at) : []);
    }
  }
  checkAnswered(awaited);
}

function checkResult(message: JsonObject, awaited: Set<string>, at: string): void {
  const id = asText(message.tool_call_id);
  require400(id !== '', `Missing parameter 'tool_call_id': ${at} has role 'tool'.`, {
    param: `${at}.tool_call_id`,
  });
  require400(
    awaited.delete(id),
    "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    { param: `${at}.role` },
  );
}

function checkAnswered(awaited: ReadonlySet<string>): void {
  require400(
    awaited.size === 0,
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...awaited].join(', ')}`,
    { param: 'messages' },
  );
}

function callIds(message: JsonObject, at: string): readonly string[] {
  if (message.tool_calls == null) {
    return [];
  }
  const calls = asList(message.tool_calls);
  require400(calls.length > 0, `Invalid '${at}.tool_calls': empty array.`, { param: `${at}.tool_calls` });
  return calls.map((call, index) => checkCall(asObject(call), `${at}.tool_calls[${index}]`));
}

function checkCall(call: JsonObject, at: string): string {
  const id = asText(call.id);
  require400(id !== '', `Missing required parameter: '${at}.id'.`, { param: `${at}.id` });
  require400(id.length <= MOST_ID_CHARACTERS, `Invalid '${at}.id': string too long, maximum 40.`, {
    param: `${at}.id`,
  });
  if (call.type === 'custom') {
    return id;
  }
  require400(call.type === 'function', `Invalid or missing '${at}.type'.`, { param: `${at}.type` });
  const { name, arguments: args } = asObject(call.function);
  require400(asText(name) !== '', `Missing required parameter: '${at}.function.name'.`, { param: at });
  require400(typeof args === 'string', `Invalid type for '${at}.function.arguments': expected a string.`, {
    param: `${at}.function.arguments`,
  });
  return id;
}

function checkContent(message: JsonObject, role: string, at: string): void {
  const { content } = message;
  const param = `${at}.content`;
  if (content == null) {
    const speaksOtherwise = message.tool_calls ?? message.refusal ?? message.function_call ?? message.audio;
    require400(
      role === 'assistant' && speaksOtherwise != null,
      `Invalid value for 'content': expected a string, got null.`,
      { param },
    );
    return;
  }
  if (typeof content === 'string') {
    return;
  }
  const parts = asList(content);
  require400(parts.length > 0, `Invalid type for '${param}': expected a string or a list of parts.`, {
    param,
  });
  parts.forEach((part, index) => checkPart(part, role, `${param}[${index}]`));
}

function checkPart(part: Json, role: string, at: string): void {
  const { type, ...rest } = asObject(part);
  require400(
    PARTS[role]?.includes(asText(type)) ?? false,
    `Invalid value: '${asText(type)}'. Supported values for ${role} messages: ${PARTS[role]?.join(', ')}.`,
    { param: `${at}.type` },
  );
  if (type === 'text') {
    require400(typeof rest.text === 'string', `Missing required parameter: '${at}.text'.`, { param: at });
  }
  if (type === 'image_url') {
    const url = asText(asObject(rest.image_url).url);
    const valid = /^https?:\/\//.test(url) || /^data:image\/[a-z+.-]+;base64,/.test(url);
    require400(valid, `Invalid '${at}.image_url.url': expected an http(s) URL or base64 data.`, {
      param: at,
    });
  }
  if (type === 'input_audio') {
    const { data, format } = asObject(rest.input_audio);
    const valid = asText(data) !== '' && ['wav', 'mp3'].includes(asText(format));
    require400(valid, `Invalid '${at}.input_audio'.`, { param: at });
  }
  if (type === 'file') {
    const { file_id, file_data, filename } = asObject(rest.file);
    const inline = /^data:[\w/+.-]+;base64,/.test(asText(file_data)) && asText(filename) !== '';
    require400(
      asText(file_id) !== '' || inline,
      `Invalid '${at}.file': needs file_id, or file_data and filename.`,
      {
        param: at,
      },
    );
  }
}
