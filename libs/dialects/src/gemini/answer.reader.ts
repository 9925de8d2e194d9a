import { UpstreamError } from '@app/shared';
import type { Answer, Choice } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Citation, Part } from '../domain/part.js';
import { readPart } from './content.reader.js';
import { errorFromBody, findError } from './error.reader.js';
import { mapBlock, mapFinish } from './finish-reason.js';
import { readCitations } from './grounding.js';
import { readLogprobs } from './logprobs.js';
import { readUsage, serviceTier } from './usage.js';
import { meantUsage } from '../domain/usage.js';
import { isObject, numberOr, recordOr, recordsOf, stringOr, type Wire } from '../domain/wire.js';

/** @throws UpstreamError when the body is an error or no answer, though its status was 200 */
export function readAnswer(body: unknown, target: Target): Answer {
  if (findError(body)) {
    throw errorFromBody(body, target.vendor);
  }
  const wire = recordOr(body);
  const choices = readChoices(wire, target);
  const meta = wire['usageMetadata'];
  const tier = isObject(meta) ? serviceTier(meta) : undefined;
  return {
    ...readHead(wire),
    choices,
    usage: isObject(meta)
      ? meantUsage(readUsage(meta, { any: choices.some(({ parts }) => parts.some(isOutput)), tokens: 0 }))
      : null,
    ...(tier !== undefined && { serviceTier: tier }),
  };
}

/** Id, model and time, the same in whole answers and in each chunk. */
export function readHead(body: Wire): Pick<Answer, 'id' | 'model' | 'created'> {
  const time = Date.parse(stringOr(body['createTime'], ''));
  return {
    id: stringOr(body['responseId'], ''),
    model: stringOr(body['modelVersion'], ''),
    ...(!Number.isNaN(time) && { created: Math.floor(time / 1000) }),
  };
}

/** What `candidatesTokenCount` counts; thoughts have a count of their own. */
export function isOutput({ kind }: Part): boolean {
  return kind !== 'reasoning';
}

function readChoices(body: Wire, target: Target): Choice[] {
  const candidates = recordsOf(body['candidates']);
  if (candidates.length > 0) {
    return candidates.map((candidate, position) => readChoice(candidate, position, target));
  }
  const finish = mapBlock(body);
  if (!finish) {
    throw new UpstreamError({
      vendor: target.vendor,
      upstreamStatus: 502,
      code: 'malformed_answer',
      message: `The vendor '${target.vendor}' answered without a candidate.`,
    });
  }
  return [{ index: 0, parts: [], finish }];
}

function readChoice(candidate: Wire, position: number, target: Target): Choice {
  const wire = recordsOf(recordOr(candidate['content'])['parts']);
  const read = wire.map(part => readPart(part, target));
  const logprobs = readLogprobs(candidate);
  const parts = cite(candidate, read);
  return {
    index: numberOr(candidate['index'], position),
    parts,
    finish: mapFinish(
      candidate,
      parts.some(({ kind }) => kind === 'tool-call'),
    ),
    ...(logprobs && { logprobs }),
  };
}

/** Puts citations on the texts they belong to: the part that Google names, else the first text. */
function cite(candidate: Wire, read: readonly Part[][]): Part[] {
  const first = read.findIndex(parts => parts.some(({ kind }) => kind === 'text'));
  const at = (index: number | undefined): number =>
    index !== undefined && read[index]?.some(({ kind }) => kind === 'text') ? index : first;
  const textOf = (index: number | undefined): string => {
    const part = read[at(index)]?.find(({ kind }) => kind === 'text');
    return part?.kind === 'text' ? part.text : '';
  };
  const placed = readCitations(candidate, textOf);
  return read.flatMap((parts, index) => {
    const citations = placed
      .filter(({ partIndex }) => at(partIndex) === index)
      .map(({ citation }): Citation => citation);
    return citations.length === 0
      ? parts
      : parts.map(part => (part.kind === 'text' ? { ...part, citations } : part));
  });
}
