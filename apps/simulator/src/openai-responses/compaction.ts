import { sign } from '../answering/signatures.js';
import type { Answer, ChatDialect } from '../chat-dialect.js';
import { asList, asObject, isObject } from '../json.js';
import { nowInSeconds } from '../openai-chat/answer.js';
import { refuseUnknown } from '../tasks/checks.js';
import { words } from '../words.js';
import { usageOf } from './answer.js';
import { openAiResponses } from './dialect.js';

const FIELDS = words(
  'model image input instructions previous_response_id prompt_cache_key prompt_cache_options prompt_cache_retention service_tier',
);

/** OpenAI's `/v1/responses/compact`: what the user said, and a cipher in place of the whole. */
export const compaction: ChatDialect = {
  ...openAiResponses,
  check: request => {
    refuseUnknown(request.body, FIELDS);
    openAiResponses.check(request);
  },
  isStream: () => false,
  whole: compacted,
};

function compacted({ id, model, request, usage, withUsage }: Answer): unknown {
  const { input = '' } = request.body;
  const said = typeof input === 'string' ? [{ role: 'user', content: input }] : asList(input).map(asObject);
  const users = said.filter(item => isObject(item) && item.role === 'user');
  return {
    id: `resp_sim_${id}`,
    object: 'response.compaction',
    created_at: nowInSeconds(),
    output: [
      ...users.map((item, index) => ({ ...item, id: `msg_sim_${id}_${index}`, type: 'message' })),
      { id: `cmp_sim_${id}`, type: 'compaction', encrypted_content: sign(model, JSON.stringify(input)) },
    ],
    ...(withUsage && { usage: usageOf(usage) }),
  };
}
