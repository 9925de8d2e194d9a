import type { FieldNames } from '../domain/field-names.js';

const CONFIG = 'generationConfig';
const THINKING = `${CONFIG}.thinkingConfig`;
const MEDIUM = ['contents.parts.inlineData', 'contents.parts.fileData', 'contents.parts'];
const SCHEMA = [`${CONFIG}.responseJsonSchema`, `${CONFIG}.responseSchema`, `${CONFIG}.responseMimeType`];

/** What Google calls the fields that writers report lost in the words of chat. */
export const FIELD_NAMES: FieldNames = new Map<string, string | readonly string[]>([
  ['frequency_penalty', `${CONFIG}.frequencyPenalty`],
  ['image_url.detail', [`${CONFIG}.mediaResolution`, 'contents.parts.mediaResolution']],
  ['logprobs', [`${CONFIG}.responseLogprobs`, `${CONFIG}.logprobs`]],
  ['max_completion_tokens', `${CONFIG}.maxOutputTokens`],
  ['max_tokens', `${CONFIG}.maxOutputTokens`],
  ['messages', 'contents'],
  ['messages.content', 'contents.parts'],
  ['messages.content.audio', MEDIUM],
  ['messages.content.document', MEDIUM],
  ['messages.content.file', MEDIUM],
  ['messages.content.image', MEDIUM],
  ['messages.content.image_url', MEDIUM],
  ['messages.content.input_audio', MEDIUM],
  ['messages.content.video', MEDIUM],
  ['messages.reasoning_content', ['contents.parts.thought', 'contents.parts.thoughtSignature']],
  ['messages.tool.content', 'contents.parts.functionResponse'],
  ['messages.tool.is_error', 'contents.parts.functionResponse.response.error'],
  ['messages.tool_call_id', 'contents.parts.functionResponse'],
  ['messages.tool_calls.function.arguments', 'contents.parts.functionCall.args'],
  ['modalities', `${CONFIG}.responseModalities`],
  ['n', `${CONFIG}.candidateCount`],
  ['presence_penalty', `${CONFIG}.presencePenalty`],
  ['reasoning_effort', [`${THINKING}.thinkingLevel`, `${THINKING}.thinkingBudget`, THINKING]],
  ['response_format', SCHEMA],
  ['seed', `${CONFIG}.seed`],
  ['service_tier', 'serviceTier'],
  ['stop', `${CONFIG}.stopSequences`],
  ['temperature', `${CONFIG}.temperature`],
  ['thinking.budget_tokens', [`${THINKING}.thinkingBudget`, THINKING]],
  ['tool_choice', 'toolConfig.functionCallingConfig'],
  ['top_k', `${CONFIG}.topK`],
  ['top_logprobs', `${CONFIG}.logprobs`],
  ['top_p', `${CONFIG}.topP`],
]);
