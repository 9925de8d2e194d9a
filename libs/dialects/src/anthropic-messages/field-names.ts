import type { FieldNames } from '../domain/field-names.js';

const MARKED = [
  'cache_control',
  'system.cache_control',
  'messages.content.cache_control',
  'messages.content.content.cache_control',
  'tools.cache_control',
];

/** What this dialect calls the fields that writers report lost in the words of chat. */
export const FIELD_NAMES: FieldNames = new Map<string, string | readonly string[]>([
  ['max_completion_tokens', 'max_tokens'],
  ['messages.content.file', 'messages.content.document'],
  ['messages.content.image_url', 'messages.content.image'],
  ['messages.reasoning_content', 'messages.content.thinking'],
  ['messages.tool.content', 'messages.content.tool_result'],
  ['messages.tool.is_error', 'messages.content.is_error'],
  ['messages.tool_call_id', 'messages.content.tool_use_id'],
  ['messages.tool_calls.function.arguments', 'messages.content.input'],
  ['parallel_tool_calls', 'tool_choice.disable_parallel_tool_use'],
  ['prompt_cache_breakpoint', MARKED],
  ['prompt_cache_breakpoint.ttl', MARKED.map(path => `${path}.ttl`)],
  ['reasoning_effort', ['output_config.effort', 'thinking.budget_tokens', 'thinking']],
  ['response_format', ['output_config.format', 'output_format']],
  ['stop', 'stop_sequences'],
  ['user', 'metadata.user_id'],
]);
