import type { Losses } from '../domain/losses.js';
import type { EmbeddingRequest } from './embedding.js';

/** The inputs for a vendor that takes no tokens; those of OpenAI's tokenizers mean nothing to other models. */
export function onlyTexts({ inputs }: EmbeddingRequest, vendor: string, losses: Losses): string[] {
  const texts = inputs.filter(input => typeof input === 'string');
  if (texts.length < inputs.length) {
    losses.refused('input', `'${vendor}' takes texts only. Send them as text, not as tokens.`);
  }
  return texts;
}

/** Titles have a place of their own at Google only. */
export function dropTitles({ titles }: EmbeddingRequest, vendor: string, losses: Losses): void {
  if (titles) {
    losses.dropped('title', `'${vendor}' reads no titles.`);
  }
}
