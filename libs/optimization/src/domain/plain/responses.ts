import {
  anyObject,
  type Check,
  either,
  flag,
  listOf,
  number,
  object,
  oneOf,
  someText,
  text,
} from './check.js';

const content = either(text, listOf(object({}, { type: oneOf('input_text'), text })));

const item = either(
  object({ type: oneOf('message') }, { role: oneOf('system', 'developer', 'user', 'assistant'), content }),
  object({}, { type: oneOf('function_call'), call_id: text, name: text, arguments: text }),
  object({}, { type: oneOf('function_call_output'), call_id: text, output: text }),
);

/** Without a word about `strict`, OpenAI's models keep to the schema here and not in chat. */
const tool = object(
  { description: text },
  { type: oneOf('function'), name: text, parameters: anyObject, strict: flag },
);

/** Of two with one name, the second is not heard. */
const tools: Check = value => listOf(tool)(value) && areNamedApart(value as readonly { name: string }[]);

function areNamedApart(named: readonly { readonly name: string }[]): boolean {
  return new Set(named.map(({ name }) => name)).size === named.length;
}

const format = either(
  object({}, { type: oneOf('text', 'json_object') }),
  object({ strict: flag, description: text }, { type: oneOf('json_schema'), name: text, schema: anyObject }),
);

/** https://platform.openai.com/docs/api-reference/responses/create */
export const plainResponses = object({
  model: text,
  instructions: someText,
  input: either(text, listOf(item)),
  tools,
  tool_choice: either(
    oneOf('auto', 'none', 'required'),
    object({}, { type: oneOf('function'), name: someText }),
  ),
  parallel_tool_calls: flag,
  max_output_tokens: number,
  temperature: number,
  top_p: number,
  text: object({ format, verbosity: text }),
  reasoning: object({ effort: text }),
  service_tier: text,
  user: text,
  store: flag,
  stream: flag,
});
