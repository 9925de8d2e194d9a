import { answerObject, noAnswer, readTaskUsage } from '../domain/task-answer.js';
import { reportForeign } from '../domain/task-fields.js';
import { isObject, recordOr, recordsOf, stringOr, type Wire } from '../domain/wire.js';
import type { ModerationAnswer, ModerationRequest, ModerationVendor, Verdict } from './moderation.js';

const PATH = '/moderations';
const NONE = 'no verdict on each input';
const NOTHING_OWN: ReadonlySet<string> = new Set();

/** OpenAI's names of Mistral's categories that mean the same. https://docs.mistral.ai/capabilities/guardrailing */
const OPENAI_NAMES: Readonly<Record<string, string>> = {
  dangerous_and_criminal_content: 'illicit',
  hate_and_discrimination: 'hate',
  selfharm: 'self-harm',
  violence_and_threats: 'violence',
};

/** Moderation at OpenAI: the caller's bytes pass, and so does the answer. */
export const openAiModeration: ModerationVendor = {
  path: () => PATH,
  fitsAsIs: () => true,
  writeRequest: ({ inputs, native }, { model }) => ({
    ...native,
    model,
    input: inputs.map(({ text }) => text),
  }),
  readAnswer: (body, request, { vendor }) => readAnswer(body, request, vendor),
};

/** At Mistral: texts only, no field beyond them, and an answer without `flagged`. https://docs.mistral.ai/api/ */
export const mistralModeration: ModerationVendor = {
  path: () => PATH,
  fitsAsIs: () => false,
  writeRequest(request, { model, vendor }, losses) {
    reportForeign(request, NOTHING_OWN, vendor, losses);
    if (request.inputs.some(({ others }) => others.length > 0)) {
      losses.refused('input', `'${vendor}' judges texts only.`);
    }
    return { model, input: request.inputs.map(({ text }) => text) };
  },
  readAnswer(body, request, { vendor }) {
    const answer = readAnswer(body, request, vendor);
    return { ...answer, verdicts: answer.verdicts.map(withOpenAiNames), fitsCaller: false };
  },
};

/** @throws UpstreamError when there is not one verdict for each input */
function readAnswer(body: unknown, { inputs }: ModerationRequest, vendor: string): ModerationAnswer {
  const answer = answerObject(body, vendor, NONE);
  const results = recordsOf(answer['results']);
  if (results.length !== inputs.length || !results.every(({ categories }) => isObject(categories))) {
    throw noAnswer(vendor, NONE);
  }
  return {
    id: stringOr(answer['id'], ''),
    model: stringOr(answer['model'], ''),
    verdicts: results.map(readVerdict),
    usage: readTaskUsage(answer['usage']),
    fitsCaller: true,
  };
}

function readVerdict(result: Wire): Verdict {
  const categories = recordOr(result['categories']);
  const { flagged } = result;
  return {
    flagged: typeof flagged === 'boolean' ? flagged : Object.values(categories).includes(true),
    categories,
    scores: recordOr(result['category_scores']),
  };
}

/** OpenAI's clients look for OpenAI's names; the vendor's own stay beside them. */
function withOpenAiNames({ flagged, categories, scores }: Verdict): Verdict {
  return { flagged, categories: renamed(categories), scores: renamed(scores) };
}

function renamed(values: Verdict['categories']): Verdict['categories'] {
  const known = Object.entries(OPENAI_NAMES).filter(([own]) => own in values);
  return { ...values, ...Object.fromEntries(known.map(([own, name]) => [name, values[own]])) };
}
