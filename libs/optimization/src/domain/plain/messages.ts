import { anyObject, either, flag, listOf, number, object, oneOf, someText, text } from './check.js';

const cache_control = object({ ttl: text }, { type: oneOf('ephemeral') });
const said = object({ cache_control }, { type: oneOf('text'), text });

const image = object(
  { cache_control },
  {
    type: oneOf('image'),
    source: either(
      object({}, { type: oneOf('base64'), media_type: text, data: text }),
      object({}, { type: oneOf('url'), url: text }),
    ),
  },
);

const call = object({ cache_control }, { type: oneOf('tool_use'), id: text, name: text, input: anyObject });
const result = object(
  { cache_control, content: either(text, listOf(said)), is_error: flag },
  { type: oneOf('tool_result'), tool_use_id: text },
);

const message = object(
  {},
  {
    role: oneOf('user', 'assistant'),
    content: either(text, listOf(either(said, image, call, result))),
  },
);

const tool = object(
  { type: oneOf('custom'), description: text, strict: flag, cache_control },
  { name: text, input_schema: anyObject },
);

/** https://docs.claude.com/en/api/messages */
export const plainMessages = object({
  model: text,
  system: either(someText, listOf(said)),
  messages: listOf(message),
  tools: listOf(tool),
  tool_choice: either(
    object({ disable_parallel_tool_use: flag }, { type: oneOf('auto', 'any', 'none') }),
    object({ disable_parallel_tool_use: flag }, { type: oneOf('tool'), name: someText }),
  ),
  max_tokens: number,
  temperature: number,
  top_p: number,
  top_k: number,
  stop_sequences: listOf(text),
  metadata: object({ user_id: text }),
  stream: flag,
});
