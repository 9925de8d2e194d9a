import type { NativeFields } from './conversation.js';

/** They stand for what only a vendor of their own dialect holds or does; no other writer may leave them out. */
export const IRREPLACEABLE_FIELDS = [
  'background',
  'conversation',
  'input.compaction',
  'input.item_reference',
  'previous_response_id',
  'prompt',
] as const;

/** Bookkeeping: no answer depends on it. */
export const QUIET_FIELDS = [
  'client_metadata',
  'include',
  'labels',
  'prompt_cache_options',
  'prompt_cache_retention',
  'safety_identifier',
  'stream_options',
] as const;

const IDLE: Readonly<Record<string, unknown>> = {
  frequency_penalty: 0,
  logprobs: false,
  n: 1,
  parallel_tool_calls: true,
  presence_penalty: 0,
  service_tier: 'auto',
  store: false,
  top_logprobs: 0,
};

/** Whether a field says what a vendor that does not know it does anyway, so that nothing is lost without it. */
export function isIdle(field: string, value: unknown): boolean {
  return value === null || (field in IDLE && IDLE[field] === value);
}

/**
 * Names of the fields, and of members of messages and tools, that only the caller's own dialect knows and that ask for
 * something: not those that are absent or switched off, not extensions of the caller's own (`x_…`), and none of the
 * bookkeeping in `quiet`.
 */
export function foreignFields(
  { fields, members = [] }: Pick<NativeFields, 'fields' | 'members'>,
  quiet: ReadonlySet<string>,
): string[] {
  const asking = Object.keys(fields).filter(field => {
    const value = fields[field];
    const says = value !== null && value !== undefined && value !== false;
    return says && !quiet.has(field) && !field.startsWith('x_');
  });
  return [...asking, ...members];
}
