import { InvalidRequestError } from '@app/shared';
import type { GenerationRequest, Settings } from '../domain/conversation.js';
import { invalid, optionalFlag, optionalNumber, optionalObject } from '../domain/fields.js';
import { KNOWN_FIELDS } from '../openai-chat/setting-fields.js';
import { readSettings, type Remainder } from '../openai-chat/settings.reader.js';
import { isAbsent, isObject, leftover, type Wire } from '../domain/wire.js';

/** `best_of` stays native, for writers to report. */
const KNOWN: ReadonlySet<string> = new Set([...KNOWN_FIELDS, 'prompt', 'suffix', 'echo']);
const ONE_TEXT = 'one text: several, or tokens, are for models that take the legacy completions themselves';

/**
 * Reads the body of POST /v1/completions for a model that is asked by chat: the prompt is what the user says. What cannot
 * be put that way is refused. Source: https://platform.openai.com/docs/api-reference/completions/create
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readRequest(body: unknown): GenerationRequest {
  if (!isObject(body)) {
    throw new InvalidRequestError('The body must be a JSON object.', null, 'invalid_json');
  }
  refuseUnsayable(body);
  const remainder: Remainder = { native: { ...leftover(body, KNOWN) }, spelling: {} };
  const { logprobs, ...others } = body;
  const settings = { ...readSettings(others, remainder), ...readLogprobs({ logprobs }) };
  const options = optionalObject(body, 'stream_options', '') ?? {};
  return {
    model: typeof body['model'] === 'string' ? body['model'] : '',
    turns: [{ role: 'user', parts: [{ kind: 'text', text: readPrompt(body['prompt']) }] }],
    tools: { list: [] },
    settings,
    stream: optionalFlag(body, 'stream', '') ?? false,
    streamUsage: optionalFlag(options, 'include_usage', 'stream_options') ?? false,
    native: { dialect: 'openai-completions', fields: remainder.native },
  };
}

function refuseUnsayable(body: Wire): void {
  if (!isAbsent(body['suffix']) && body['suffix'] !== '') {
    throw invalid('suffix', 'nothing: this model answers, and does not fill in what comes before a suffix');
  }
  if (optionalFlag(body, 'echo', '')) {
    throw invalid('echo', 'false: this model answers, and does not repeat the prompt');
  }
}

function readPrompt(prompt: unknown): string {
  const only: unknown = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (isAbsent(only)) {
    throw new InvalidRequestError("Send 'prompt', a text.", 'prompt');
  }
  if (typeof only !== 'string' || only === '') {
    throw invalid('prompt', ONE_TEXT);
  }
  return only;
}

/** A number here: how many alternatives to each token are told. */
function readLogprobs(body: Wire): Pick<Settings, 'logprobs' | 'topLogprobs'> {
  const topLogprobs = optionalNumber(body, 'logprobs', '');
  if (topLogprobs === undefined) {
    return {};
  }
  return topLogprobs === 0 ? { logprobs: true } : { logprobs: true, topLogprobs };
}
