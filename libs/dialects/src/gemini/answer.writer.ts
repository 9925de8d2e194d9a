import type { Answer, Choice } from '../domain/answer.js';
import type { AnswerMeta, SignatureSeal } from '../domain/dialect.js';
import { isoTime } from '../domain/iso-time.js';
import type { Part, Signature } from '../domain/part.js';
import type { Wire } from '../domain/wire.js';
import { writeAnswerPart } from './answer-parts.writer.js';
import { writeBlock, writeFinish } from './finish-reason.js';
import { type CitedText, writeGrounding } from './grounding.writer.js';
import { writeLogprobs } from './logprobs.js';
import { sealSignature } from './sealed-signature.js';
import { writeUsage } from './usage.js';

/** A whole GenerateContentResponse. The vendor's id and model name stand where it gave them, in streams alike. */
export function writeAnswer(answer: Answer, meta: AnswerMeta): Record<string, unknown> {
  const { choices, usage } = answer;
  const block = blockOf(choices);
  return {
    ...(block
      ? { promptFeedback: block }
      : { candidates: choices.map(choice => writeChoice(choice, meta.seal)) }),
    ...(usage && { usageMetadata: writeUsage(usage, meta.llmhub) }),
    ...writeHead(answer, meta),
    ...(meta.llmhub && { x_llmhub: meta.llmhub }),
  };
}

/** What stands in whole answers and in each chunk alike. */
export function writeHead(
  { id, model, created }: Pick<Answer, 'id' | 'model' | 'created'>,
  meta: Pick<AnswerMeta, 'requestId' | 'model'>,
): Wire {
  const createTime = created === undefined ? null : isoTime(created);
  return {
    modelVersion: model || meta.model,
    responseId: id || meta.requestId,
    ...(createTime !== null && { createTime }),
  };
}

function blockOf(choices: readonly Choice[]): Wire | null {
  const [choice, ...others] = choices;
  return choice && others.length === 0 && choice.parts.length === 0 ? writeBlock(choice.finish) : null;
}

function writeChoice({ index, parts, finish, logprobs }: Choice, seal: SignatureSeal): Wire {
  const { wire, cited } = writeParts(parts, seal);
  const grounding = writeGrounding(cited);
  const result = logprobs && writeLogprobs(logprobs);
  return {
    content: { parts: wire.length > 0 ? wire : [{ text: '' }], role: 'model' },
    ...writeFinish(
      finish,
      parts.some(({ kind }) => kind === 'refusal'),
    ),
    index,
    ...(grounding && { groundingMetadata: grounding }),
    ...(result && { logprobsResult: result }),
  };
}

/** A signature of no thought stands on the text behind it, as at Google. */
function writeParts(parts: readonly Part[], seal: SignatureSeal): { wire: Wire[]; cited: CitedText[] } {
  const wire: Wire[] = [];
  const cited: CitedText[] = [];
  let waiting: Signature | undefined;
  for (const [position, part] of parts.entries()) {
    const next = parts[position + 1];
    if (part.kind === 'reasoning' && isBare(part) && next?.kind === 'text' && next.text !== '') {
      waiting = part.signature;
      continue;
    }
    const written = writeAnswerPart(part, seal);
    if (!written) {
      continue;
    }
    if (part.kind === 'text') {
      const { text } = part;
      cited.push(...(part.citations ?? []).map(citation => ({ partIndex: wire.length, text, citation })));
    }
    wire.push(waiting ? { ...written, thoughtSignature: sealSignature(waiting, seal) } : written);
    waiting = undefined;
  }
  return { wire, cited };
}

function isBare({ text, redacted }: Extract<Part, { kind: 'reasoning' }>): boolean {
  return text === '' && !redacted;
}
