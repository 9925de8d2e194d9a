import type { FieldNames } from '../domain/field-names.js';

/** Where chat has two words for one thing, and where writers report by another name what only chat calls so. */
export const FIELD_NAMES: FieldNames = new Map<string, string | readonly string[]>([
  ['image_url.detail', 'messages.content.image_url.detail'],
  ['max_completion_tokens', ['max_completion_tokens', 'max_tokens']],
  ['max_tokens', ['max_tokens', 'max_completion_tokens']],
  ['messages.content.audio', 'messages.content.input_audio'],
  ['messages.content.document', ['messages.content.file', 'messages.content.document_url']],
  ['messages.content.image', 'messages.content.image_url'],
  ['messages.content.video', 'messages.content.video_url'],
  [
    'messages.reasoning_content',
    ['messages.reasoning_content', 'messages.reasoning', 'messages.content.thinking'],
  ],
  [
    'prompt_cache_breakpoint',
    [
      'messages.content.prompt_cache_breakpoint',
      'messages.content.cache_control',
      'tools.prompt_cache_breakpoint',
      'tools.cache_control',
    ],
  ],
  [
    'prompt_cache_breakpoint.ttl',
    ['messages.content.prompt_cache_breakpoint.ttl', 'messages.content.cache_control.ttl'],
  ],
  ['reasoning_effort', ['reasoning_effort', 'reasoning']],
  ['thinking.budget_tokens', ['reasoning_effort', 'reasoning']],
  ['tool_choice', ['tool_choice', 'function_call']],
  ['tools', ['tools', 'functions']],
  ['tools.cache_control', ['tools.cache_control', 'tools.prompt_cache_breakpoint']],
  ['tools.custom', 'tools'],
  ['user', ['user', 'safety_identifier']],
]);
