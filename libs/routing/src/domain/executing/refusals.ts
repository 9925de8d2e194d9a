import type { UpstreamError } from '@app/shared';

/** Refusals of the request itself, for which policies may name other models. */
export type Refusal = 'contextWindow' | 'contentPolicy';

/** How vendors say that a prompt is too long for the model. */
const TOO_LONG = [
  /context[_ ](length|limit|window)/i, // OpenAI and its like, Anthropic for what the answer may add
  /maximum context/i,
  /prompt is too long/i, // Anthropic
  /exceeds? the maximum number of (input )?tokens/i, // Gemini
  /too (many tokens|large for model)/i, // Mistral
  /input (is )?too long/i, // Bedrock
  /reduce the length/i,
];
/** How they say that they do not want to answer it. */
const AGAINST_POLICY = [
  /content[_ ]?(policy|filter|management policy)/i, // OpenAI, Azure
  /ResponsibleAIPolicyViolation/,
  /(safety|usage) (system|policy|policies)/i,
  /SensitiveContent|moderation[_ ]blocked/i,
  /prohibited[_ ]content/i,
  /data_?inspection_?failed|inappropriate content/i, // Alibaba
  /content exists risk/i, // DeepSeek
];

/** Which of the refusals that policies have fallbacks for an error of a vendor is. */
export function refusalOf({ message, code, type }: UpstreamError): Refusal | null {
  const told = `${code ?? ''}\n${type}\n${message}`;
  if (TOO_LONG.some(words => words.test(told))) {
    return 'contextWindow';
  }
  return AGAINST_POLICY.some(words => words.test(told)) ? 'contentPolicy' : null;
}
