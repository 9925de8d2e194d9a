import { anyObject, either, flag, listOf, number, object, oneOf, someText, text } from './check.js';

const part = either(
  object({}, { type: oneOf('text'), text }),
  object({}, { type: oneOf('image_url'), image_url: object({ detail: text }, { url: text }) }),
);

const call = object(
  {},
  { id: text, type: oneOf('function'), function: object({}, { name: text, arguments: text }) },
);

const message = either(
  object({ name: text }, { role: oneOf('system', 'developer', 'user'), content: either(text, listOf(part)) }),
  object({ content: either(text, listOf(part)), tool_calls: listOf(call) }, { role: oneOf('assistant') }),
  object({}, { role: oneOf('tool'), tool_call_id: text, content: either(text, listOf(part)) }),
);

const tool = object(
  {},
  {
    type: oneOf('function'),
    function: object({ description: text, parameters: anyObject, strict: flag }, { name: text }),
  },
);

const format = either(
  object({}, { type: oneOf('text', 'json_object') }),
  object(
    {},
    {
      type: oneOf('json_schema'),
      json_schema: object({ strict: flag, description: text }, { name: text, schema: anyObject }),
    },
  ),
);

/** https://platform.openai.com/docs/api-reference/chat/create */
export const plainChat = object({
  model: text,
  messages: listOf(message),
  tools: listOf(tool),
  tool_choice: either(
    oneOf('auto', 'none', 'required'),
    object({}, { type: oneOf('function'), function: object({}, { name: someText }) }),
  ),
  parallel_tool_calls: flag,
  max_completion_tokens: number,
  max_tokens: number,
  temperature: number,
  top_p: number,
  frequency_penalty: number,
  presence_penalty: number,
  seed: number,
  n: number,
  stop: either(text, listOf(text)),
  response_format: format,
  reasoning_effort: text,
  verbosity: text,
  service_tier: text,
  user: text,
  store: flag,
  stream: flag,
  stream_options: object({ include_usage: flag }),
});
