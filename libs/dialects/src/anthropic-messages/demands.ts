import type { Demands, Medium } from '../domain/demands.js';
import { recordOr, recordsOf, type Wire } from '../domain/wire.js';

/** Messages' body: https://platform.claude.com/docs/en/api/messages. It has no setting for audio, in or out. */
export const anthropicMessagesDemands: Demands = {
  tools: body => recordsOf(body['tools']).length > 0,
  schema: body => recordOr(recordOr(body['output_config'])['format'])['type'] === 'json_schema',
  maxTokens: body => body['max_tokens'],
  parallel: body => typeof recordOr(body['tool_choice'])['disable_parallel_tool_use'] === 'boolean',
  *media(body) {
    for (const { content } of recordsOf(body['messages'])) {
      yield* mediaIn(recordsOf(content));
    }
  },
};

/** Results of tools hold blocks of their own. */
function* mediaIn(blocks: readonly Wire[]): Generator<Medium> {
  for (const { type, content } of blocks) {
    if (type === 'image' || type === 'document') {
      yield type;
    } else if (type === 'tool_result') {
      yield* mediaIn(recordsOf(content));
    }
  }
}
