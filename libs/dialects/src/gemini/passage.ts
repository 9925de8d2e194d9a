import { InvalidRequestError, type SseEvent } from '@app/shared';
import { annotated } from '../domain/annotated.js';
import { asksTooMuch } from '../domain/demands.js';
import type { Passage, Passing, Quirks } from '../domain/dialect.js';
import { objectAt, type Wire } from '../domain/wire.js';
import { geminiDemands } from './demands.js';
import { camelNames } from './member-names.js';
import { lacksSignature } from './missing-signature.js';

const USAGE_MEMBER = 'usageMetadata';
const LAST = /"finishReason"\s*:|"blockReason"\s*:/;

/** The model stands in the URL, and usage comes unasked, so that hardly a byte has to change. */
export const geminiPassage: Passage = {
  fits,
  asksTooMuch: asksTooMuch(geminiDemands),
  lacks: lacksSignature,
  members,
  answersPass: true,
  usageMember: USAGE_MEMBER,
  notable: [
    /"usageMetadata"\s*:/g,
    /"finishReason"\s*:/g,
    /"blockReason"\s*:/g,
    /"functionCall"\s*:/g,
    /"error"\s*:/g,
  ],
  sentinel: '',
  rewrite,
};

function fits(given: Wire, { unsupported = [] }: Quirks): boolean {
  if (unsupported.length === 0) {
    return true;
  }
  const body = camelNames(given);
  const config = camelNames(objectAt(body, 'generationConfig') ?? {});
  return !unsupported.some(field => body[field] !== undefined || config[field] !== undefined);
}

/** Some clients repeat in the body what the URL says. */
function members(body: Wire, model: string): Record<string, string> {
  const { contents } = body;
  if (contents === undefined || contents === null || (Array.isArray(contents) && contents.length === 0)) {
    throw new InvalidRequestError("Send 'contents', a list of at least one content.", 'contents');
  }
  return body['model'] === undefined
    ? {}
    : { model: JSON.stringify(`models/${model.replace(/^models\//, '')}`) };
}

/** Google's SDKs skip members of an answer that they do not know. */
function rewrite({ data }: SseEvent, passing: Passing): string | null {
  return LAST.test(data) ? annotated(data, passing, USAGE_MEMBER) : null;
}
