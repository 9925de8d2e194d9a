/** What this dialect calls the fields that writers report lost in the words of chat. */
export const FIELD_NAMES: ReadonlyMap<string, string> = new Map([
  ['max_completion_tokens', 'max_tokens'],
  ['messages.content.file', 'messages.content.document'],
  ['messages.content.image_url', 'messages.content.image'],
  ['messages.reasoning_content', 'messages.content.thinking'],
  ['messages.tool.content', 'messages.content.tool_result'],
  ['messages.tool.is_error', 'messages.content.is_error'],
  ['messages.tool_calls.function.arguments', 'messages.content.input'],
  ['parallel_tool_calls', 'tool_choice.disable_parallel_tool_use'],
  ['prompt_cache_breakpoint', 'cache_control'],
  ['prompt_cache_breakpoint.ttl', 'cache_control.ttl'],
  ['reasoning_effort', 'thinking'],
  ['response_format', 'output_config.format'],
  ['stop', 'stop_sequences'],
  ['user', 'metadata.user_id'],
]);
