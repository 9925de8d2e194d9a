import type { JsonObject } from '../json.js';
import { asList, asObject, asText, isObject } from '../json.js';
import { require400 } from '../refusal.js';
import { refuseUnknown } from './check-request.js';
import { field } from './fields.js';

const CONTENT = new Set(['role', 'parts']);
const DATA = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
];
const PART = new Set([
  ...DATA,
  'thought',
  'thoughtSignature',
  'videoMetadata',
  'partMetadata',
  'mediaResolution',
]);

export function checkContents(body: JsonObject): void {
  const contents = asList(body.contents).map(asObject);
  require400(contents.length > 0, '* GenerateContentRequest.contents: contents is not specified');
  let calls = 0;
  for (const [index, content] of contents.entries()) {
    const at = `contents[${index}]`;
    refuseUnknown(content, CONTENT, at);
    const role = content.role ?? 'user';
    require400(role === 'user' || role === 'model', 'Please use a valid role: user, model.');
    const parts = asList(content.parts).map(asObject);
    require400(parts.length > 0, `* GenerateContentRequest.${at}.parts: must not be empty.`);
    parts.forEach((part, position) => checkPart(part, `${at}.parts[${position}]`));
    // Model turns that follow each other count as one.
    if (role === 'user' || contents[index - 1]?.role !== 'model') {
      require400(
        count(parts, 'functionResponse') === calls,
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
      calls = 0;
    }
    calls += role === 'model' ? count(parts, 'functionCall') : 0;
  }
  const instruction = field(body, 'systemInstruction');
  if (isObject(instruction)) {
    refuseUnknown(instruction, CONTENT, 'system_instruction');
    asList(instruction.parts).forEach((part, index) =>
      checkPart(asObject(part), `system_instruction.parts[${index}]`),
    );
  }
}

function count(parts: readonly JsonObject[], name: string): number {
  return parts.filter(part => field(part, name) !== undefined).length;
}

function checkPart(part: JsonObject, at: string): void {
  refuseUnknown(part, PART, at);
  const data = DATA.filter(name => field(part, name) !== undefined);
  require400(data.length <= 1, `Invalid value at '${at}' (oneof), oneof field 'data' is already set.`);
  const alone = field(part, 'thoughtSignature') !== undefined;
  require400(
    data.length === 1 || alone,
    `* ${at}.data: required oneof field 'data' must have one initialized field`,
  );
  const call = field(part, 'functionCall');
  if (call !== undefined) {
    require400(asText(field(call, 'name')) !== '', `* ${at}.function_call.name: Name cannot be empty.`);
    const args = field(call, 'args');
    require400(args === undefined || isObject(args), `Invalid value at '${at}.function_call.args' (Struct)`);
  }
  const response = field(part, 'functionResponse');
  if (response !== undefined) {
    require400(
      asText(field(response, 'name')) !== '',
      `* ${at}.function_response.name: Name cannot be empty.`,
    );
    const given = field(response, 'response');
    require400(isObject(given), `Invalid value at '${at}.function_response.response' (Struct)`);
  }
  const inline = field(part, 'inlineData');
  if (inline !== undefined) {
    require400(asText(field(inline, 'mimeType')) !== '', `* ${at}.inline_data: mime_type must be set.`);
    const data = asText(field(inline, 'data'));
    require400(/^[\w+/-]+={0,2}$/.test(data), `Invalid value at '${at}.inline_data.data' (TYPE_BYTES)`);
  }
}
