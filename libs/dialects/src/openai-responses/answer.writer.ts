import type { Answer } from '../domain/answer.js';
import type { AnswerMeta } from '../domain/dialect.js';
import { costMember, type LlmHub } from '../domain/llmhub.js';
import type { Usage } from '../domain/usage.js';
import { objectAt, type Wire } from '../domain/wire.js';
import { secondsOf } from '../openai-chat/answer.writer.js';
import { groupsOf } from './namespaces.js';
import { echoOf, responseObject, ResponseIds } from './response-object.js';
import { writeOutput } from './output.writer.js';
import { writeStatus } from './status.js';

/** A whole response; one that came in this dialect goes on as it is. */
export function writeAnswer(answer: Answer, meta: AnswerMeta): Record<string, unknown> {
  if (answer.native?.dialect === 'openai-responses') {
    return withLlmHub(answer.native.fields, answer.usage, meta.llmhub);
  }
  const ids = new ResponseIds(meta.requestId);
  const created = answer.created ?? secondsOf(meta);
  const [choice] = answer.choices;
  const { parts = [], finish = { reason: 'stop', native: null }, logprobs } = choice ?? {};
  const status = writeStatus(
    finish,
    parts.some(part => part.kind === 'refusal'),
  );
  const groups = groupsOf(meta.request?.tools.list ?? []);
  const output = writeOutput(parts, logprobs, { ids, seal: meta.seal, groups });
  if (status.status === 'incomplete' && output.at(-1)?.['type'] === 'message') {
    Object.assign(output.at(-1) ?? {}, { status: status.status });
  }
  const response = responseObject(
    { id: ids.response, created, model: answer.model || meta.model, echo: echoOf(meta.request, meta.echo) },
    {
      status,
      output,
      usage: answer.usage,
      llmhub: meta.llmhub,
      serviceTier: answer.serviceTier,
    },
  );
  return { ...response, completed_at: secondsOf(meta) };
}

function withLlmHub(response: Wire, usage: Usage | null, llmhub: LlmHub | null): Record<string, unknown> {
  if (!llmhub) {
    return { ...response };
  }
  const told = usage && { usage: { ...objectAt(response, 'usage'), ...costMember(usage, llmhub) } };
  return { ...response, ...told, x_llmhub: llmhub };
}
