import { isSignedBy } from '../answering/signatures.js';
import type { Json, JsonObject } from '../json.js';
import { asList, asObject, asText, isObject } from '../json.js';
import { Refusal, require400 } from '../refusal.js';

const PARTS: Readonly<Record<string, readonly string[]>> = {
  user: ['input_text', 'input_image', 'input_file'],
  system: ['input_text'],
  developer: ['input_text'],
  assistant: ['output_text', 'refusal'],
};
/** Parts of a tool's output. */
const RESULT_PARTS = PARTS['user'];
const MOST_ID_CHARACTERS = 64;
const CALLS: Readonly<Record<string, string>> = {
  function_call: 'function_call_output',
  custom_tool_call: 'custom_tool_call_output',
};
const OTHERS =
  /^(item_reference|compaction|additional_tools|configuration_update|program)$|_call$|_call_output$|_output$|^mcp_/;

/** The items of `input`: every result has its call and every call its result, and reasoning the item that followed it. */
export function checkInput(body: JsonObject): void {
  const { input } = body;
  require400(
    input == null || typeof input === 'string' || Array.isArray(input),
    "Invalid type for 'input': expected one of an array of objects or string.",
    { param: 'input' },
  );
  const saysSomething = [input, body.prompt, body.conversation, body.instructions].some(each => each != null);
  require400(saysSomething, "Missing required parameter: 'input'.", { param: 'input' });
  const items = asList(input);
  const calls: Calls = { waiting: new Map(), elsewhere: body.conversation != null };
  items.forEach((item, index) => {
    require400(isObject(item), `Invalid type for 'input[${index}]': expected an object.`, { param: 'input' });
    checkItem(item, `input[${index}]`, calls);
    if (item.type === 'reasoning') {
      checkReasoning(item, { next: items[index + 1], model: asText(body.model) });
    }
  });
  const [unanswered] = calls.waiting.keys();
  require400(
    calls.elsewhere || unanswered === undefined,
    `No tool output found for function call ${unanswered}.`,
    { param: 'input' },
  );
}

interface Calls {
  /** Type of the result that a call waits for. */
  readonly waiting: Map<string, string>;
  /** Calls may stand in what the vendor keeps. */
  elsewhere: boolean;
}

function checkItem(item: JsonObject, at: string, calls: Calls): void {
  const { waiting } = calls;
  const type = asText(item.type ?? 'message');
  const call = asText(item.call_id);
  if (type === 'message') {
    checkMessage(item, at);
  } else if (CALLS[type]) {
    require400(call !== '' && call.length <= MOST_ID_CHARACTERS, `Invalid '${at}.call_id'.`, { param: at });
    require400(asText(item.name) !== '', `Missing required parameter: '${at}.name'.`, { param: at });
    const said = type === 'function_call' ? item.arguments : item.input;
    require400(typeof said === 'string', `Invalid type for '${at}.arguments': expected a string.`, {
      param: at,
    });
    waiting.set(call, CALLS[type] ?? '');
  } else if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    require400(
      waiting.get(call) === type || calls.elsewhere,
      `No tool call found for function call output with call_id ${call}.`,
      { param: 'input' },
    );
    waiting.delete(call);
    checkParts(item.output, RESULT_PARTS, `${at}.output`);
  } else {
    require400(type === 'reasoning' || OTHERS.test(type), `Invalid value: '${type}'.`, {
      param: `${at}.type`,
    });
    // A search for tools may be answered like a function.
    calls.elsewhere ||= type === 'tool_search_call';
  }
}

function checkMessage(item: JsonObject, at: string): void {
  const role = asText(item.role);
  require400(
    Object.hasOwn(PARTS, role),
    `Invalid value: '${role}'. Supported values are: ${Object.keys(PARTS).join(', ')}.`,
    { param: `${at}.role` },
  );
  checkParts(item.content, PARTS[role], `${at}.content`);
}

function checkParts(content: Json | undefined, allowed: readonly string[] | undefined, at: string): void {
  if (typeof content === 'string') {
    return;
  }
  require400(Array.isArray(content), `Invalid type for '${at}': expected a string or an array.`, {
    param: at,
  });
  asList(content).forEach((value, index) => {
    const part = asObject(value);
    const type = asText(part.type);
    require400(
      allowed?.includes(type) ?? false,
      `Invalid value: '${type}'. Supported values are: ${allowed?.join(', ')}.`,
      { param: `${at}[${index}]` },
    );
    checkPart(part, `${at}[${index}]`);
  });
}

function checkPart(part: JsonObject, at: string): void {
  if (part.type === 'input_text' || part.type === 'output_text') {
    require400(typeof part.text === 'string', `Missing required parameter: '${at}.text'.`, { param: at });
  }
  if (part.type === 'input_image') {
    const url = asText(part.image_url);
    const valid = /^https?:\/\//.test(url) || /^data:image\/[a-z+.-]+;base64,/.test(url);
    require400(valid || asText(part.file_id) !== '', `Invalid '${at}.image_url'.`, { param: at });
  }
  if (part.type === 'input_file') {
    const inline = /^data:[\w/+.-]+;base64,/.test(asText(part.file_data)) && asText(part.filename) !== '';
    const elsewhere = asText(part.file_id) !== '' || /^https?:\/\//.test(asText(part.file_url));
    require400(inline || elsewhere, `Invalid '${at}': needs file_id, file_url, or file_data and filename.`, {
      param: at,
    });
  }
}

function checkReasoning(
  item: JsonObject,
  { next, model }: { readonly next: Json | undefined; readonly model: string },
): void {
  const id = asText(item.id);
  const follower = asObject(next);
  const follows =
    follower.type === 'reasoning' || follower.role === 'assistant' || asText(follower.type).endsWith('_call');
  require400(follows, `Item '${id}' of type 'reasoning' was provided without its required following item.`, {
    param: 'input',
  });
  const cipher = asText(item.encrypted_content);
  const shown = asList(item.summary)
    .map(part => asText(asObject(part).text))
    .join('\n\n');
  if (cipher !== '' && !isSignedBy(model, shown, cipher)) {
    throw new Refusal(400, `The encrypted content for item ${id} could not be verified.`, {
      code: 'invalid_encrypted_content',
      param: 'input',
    });
  }
}
