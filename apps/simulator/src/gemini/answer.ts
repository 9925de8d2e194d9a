import type { Plan, PlannedCall } from '../answering/script.js';
import { argumentsOf, CITED } from '../answering/script.js';
import { sign } from '../answering/signatures.js';
import type { Answer, Usage } from '../chat-dialect.js';
import { pictureOf } from '../images/png.js';
import type { JsonObject } from '../json.js';
import { asList, asObject } from '../json.js';
import { secondsOf, soundOf } from '../speech/sound.js';
import { callPayload, isSigningModel, TEXT_PAYLOAD } from './check-signatures.js';
import { field } from './fields.js';

const FINISH_REASONS: Readonly<Record<Plan['finish'], string>> = {
  end: 'STOP',
  stop: 'STOP',
  length: 'MAX_TOKENS',
  calls: 'STOP',
  refusal: 'SAFETY',
  filter: 'PROHIBITED_CONTENT',
};

export function wholeAnswer(answer: Answer): unknown {
  const spent = { output: answer.usage.output, reasoning: answer.usage.reasoning };
  if (isBlocked(answer)) {
    return response(answer, BLOCKED, spent);
  }
  const candidates = answer.plans.map((plan, index) => candidate(index, partsOf(plan, answer), plan));
  return response(answer, { candidates }, spent);
}

export const BLOCKED = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } };

/** A prompt that was filtered gets no candidates at all. */
export function isBlocked(answer: Answer): boolean {
  return answer.plans[0]?.finish === 'filter';
}

interface Spent {
  readonly output: number;
  readonly reasoning: number;
}

/** One GenerateContentResponse; `spent` is how much has been generated up to it. */
export function response(answer: Answer, fields: object, spent: Spent): object {
  const identity = { modelVersion: answer.model, responseId: `sim-${answer.id}` };
  return answer.withUsage
    ? { ...fields, usageMetadata: usageOf(answer, spent), ...identity }
    : { ...fields, ...identity };
}

function usageOf({ usage, request }: Answer, { output, reasoning }: Spent) {
  const modality = modalityOf(request.body);
  const made = modality && [{ modality, tokenCount: output - reasoning }];
  return {
    promptTokenCount: usage.input,
    ...(usage.cached > 0 ? { cachedContentTokenCount: usage.cached } : {}),
    ...(output > reasoning ? { candidatesTokenCount: output - reasoning } : {}),
    ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
    ...(output > reasoning && made ? { candidatesTokensDetails: made } : {}),
    totalTokenCount: usage.input + output,
    promptTokensDetails: modalities(usage),
  };
}

function modalities({ input, audioInput = 0, imageInput = 0 }: Usage) {
  const counts = { TEXT: input - audioInput - imageInput, AUDIO: audioInput, IMAGE: imageInput };
  return Object.entries(counts).flatMap(([modality, tokenCount]) =>
    tokenCount > 0 ? [{ modality, tokenCount }] : [],
  );
}

/** A candidate; with its plan, one that has ended. */
export function candidate(index: number, parts: readonly unknown[], ended?: Plan): object {
  return {
    content: { ...(parts.length > 0 ? { parts } : {}), role: 'model' },
    ...(ended ? { finishReason: FINISH_REASONS[ended.finish] } : {}),
    index,
    ...(ended?.cited ? { groundingMetadata: groundingOf(ended.text) } : {}),
  };
}

function groundingOf(text: string) {
  return {
    webSearchQueries: ['sim'],
    groundingChunks: [{ web: { uri: CITED.url, title: CITED.title } }],
    groundingSupports: [
      { segment: { startIndex: 0, endIndex: Buffer.byteLength(text), text }, groundingChunkIndices: [0] },
    ],
  };
}

function partsOf(plan: Plan, answer: Answer): readonly unknown[] {
  if (plan.finish === 'refusal') {
    return [];
  }
  if (modalityOf(answer.request.body)) {
    return [shownPart(plan.text, answer)];
  }
  const shown = plan.reasoning !== '' && includesThoughts(answer.request.body);
  return [
    ...(shown ? [{ text: plan.reasoning, thought: true }] : []),
    ...(plan.text === '' ? [] : [{ text: plan.text, ...textSignature(plan, answer.model) }]),
    ...plan.calls.map((call, index) => callPart(call, index, answer)),
  ];
}

/** One that no stream cuts into pieces. */
export function isPicture({ request }: Answer): boolean {
  return modalityOf(request.body) === 'IMAGE';
}

/** A text, or the picture or sound that stands for it. */
export function shownPart(text: string, { request }: Answer): object {
  switch (modalityOf(request.body)) {
    case 'IMAGE':
      return inline('image/png', pictureOf(text));
    case 'AUDIO':
      return inline('audio/L16;codec=pcm;rate=24000', Buffer.concat([...soundOf('pcm', secondsOf(text, 1))]));
    default:
      return { text };
  }
}

function inline(mimeType: string, bytes: Buffer): object {
  return { inlineData: { mimeType, data: bytes.toString('base64') } };
}

/** A picture, or a sound, stands for the text, and costs as much. Undefined when it is told as text. */
function modalityOf(body: JsonObject): 'IMAGE' | 'AUDIO' | undefined {
  const wanted = asList(field(field(body, 'generationConfig'), 'responseModalities'));
  return (['IMAGE', 'AUDIO'] as const).find(modality => wanted.includes(modality));
}

export function includesThoughts(body: JsonObject): boolean {
  const thinking = asObject(field(field(body, 'generationConfig'), 'thinkingConfig'));
  return field(thinking, 'includeThoughts') === true;
}

/** What a text part carries after thinking, when no call follows to carry it. */
export function textSignature(plan: Plan, model: string): { thoughtSignature?: string } {
  return plan.reasoning === '' || plan.calls.length > 0
    ? {}
    : { thoughtSignature: sign(model, TEXT_PAYLOAD) };
}

/** Of parallel calls only the first is signed. Models before Gemini 3 give calls no id. */
export function callPart(call: PlannedCall, index: number, { id, model }: Answer): unknown {
  const signed = index === 0 && isSigningModel(model);
  return {
    functionCall: {
      name: call.name,
      args: argumentsOf(call),
      ...(isSigningModel(model) ? { id: `call_${id}_${index}` } : {}),
    },
    ...(signed ? { thoughtSignature: sign(model, callPayload(call.name)) } : {}),
  };
}
