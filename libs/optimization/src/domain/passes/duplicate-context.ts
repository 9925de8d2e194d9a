import { estimateTokens, type GenerationRequest } from '@app/dialects';
import type { Cutting, Shortened } from './cutting.js';
import { rewriteTexts } from './said-texts.js';

/** Shorter texts are hardly longer than the words that stand for them. */
const LEAST_CHARACTERS = 2000;

/** With these the vendor may take out of the prompt what the reference speaks of: Anthropic's and OpenAI's, and two of OpenRouter. */
const FORGETTING = ['context_management', 'truncation', 'transforms', 'plugins'] as const;

/**
 * Puts a reference in the place of what a tool returned, where the very same text stands earlier in the prompt: an agent that reads
 * a file again which has not changed. The earlier one stays, and so does the prefix before the later one; and since the reference
 * says nothing of where that one is, it is the same in every later call. What a user says stays as well: to leave it out at once
 * would take away what the model was just shown, and to do so later would break the vendor's prefix cache.
 */
export function leaveOutDuplicates(request: GenerationRequest, { after, placed }: Cutting): Shortened {
  const { fields } = request.native;
  if (FORGETTING.some(name => fields[name] != null && fields[name] !== 'disabled')) {
    return { request, tokens: 0 };
  }
  const seen = new Set<string>();
  let tokens = 0;
  const shorter = rewriteTexts(
    request,
    after,
    ({ text, result, isFree }) => {
      if (text.length < LEAST_CHARACTERS) {
        return text;
      }
      if (!isFree || !result || !seen.has(text)) {
        seen.add(text);
        return text;
      }
      const reference = referenceTo(text);
      tokens += estimateTokens(text.length - reference.length);
      return reference;
    },
    placed,
  );
  return { request: shorter, tokens };
}

/** In words that a model takes for what they are. Both ends of the text tell it from others. */
function referenceTo(text: string): string {
  // Longer than sixty characters of two units each, so that none that is quoted is cut in two.
  const start = /^.{1,60}/u.exec(text.trimStart().slice(0, 400))?.[0] ?? '';
  const end = /.{1,60}$/u.exec(text.trimEnd().slice(-400))?.[0] ?? '';
  return (
    `[Unchanged: this result is word for word the text of ${text.length} characters that stands earlier in this ` +
    `conversation, from "${start.trim()}" to "${end.trim()}". It is still current; use it from there.]`
  );
}
