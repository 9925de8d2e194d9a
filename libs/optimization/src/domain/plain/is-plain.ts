import type { DialectId } from '@app/dialects';
import { plainChat } from './chat.js';
import type { Check } from './check.js';
import { plainGemini } from './gemini.js';
import { plainMessages } from './messages.js';
import { plainResponses } from './responses.js';

const PLAIN: Readonly<Partial<Record<DialectId, Check>>> = {
  'anthropic-messages': plainMessages,
  gemini: plainGemini,
  'openai-chat': plainChat,
  'openai-responses': plainResponses,
};

/**
 * Whether a body says only what the canonical request holds to the last letter, so that another dialect may say the same.
 * That of all else not a trace is lost on the way there, nobody has to believe: such a body counts as it is.
 */
export function isPlain(dialect: DialectId, body: unknown): boolean {
  return PLAIN[dialect]?.(body) ?? false;
}
