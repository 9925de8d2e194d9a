import type { GenerationRequest } from '@app/dialects';
import type { Cutting, Shortened } from './cutting.js';
import { rewriteTexts } from './said-texts.js';

/**
 * From such a line on, whatever comes may mean something by its blanks: code, a quotation, a table or a tag opens, and nobody can
 * tell for sure where it ends.
 */
const OPENS = /`|~~~|'''|\||^\s*>|<\/?[a-z!?]|[{}[\];]\s*$/i;
/** As do lines that are set in, or hold a tab: they are left as they are, with the empty lines around them. */
const SET_IN = /^[ \t]|\t/;
/** Blanks behind a sentence or a heading are nothing, but that two of them break the line in Markdown. */
const SPOKEN_END = /(?<=[\p{L}\p{N}.!?):])( +)$/u;
const BREAK = '  ';
/** Empty lines in a row are one token to the models that were measured; blanks before a line break are half a one, or more. */
const TOKENS_OF_BLANKS = 0.5;

/**
 * Takes out of what users say what says nothing: more than one empty line in a row, and blanks in empty lines and behind sentences.
 * What tools return stays, since models quote it to the letter.
 */
export function tidyText(request: GenerationRequest, { after }: Cutting): Shortened {
  let tokens = 0;
  const shorter = rewriteTexts(request, after, ({ text, result, isFree }) => {
    const tidy = isFree && !result ? withoutIdleBlanks(text) : text;
    tokens += tidy === text ? 0 : Math.floor((blankEndsOf(text) - blankEndsOf(tidy)) * TOKENS_OF_BLANKS);
    return tidy;
  });
  return { request: shorter, tokens };
}

/** The same words in the same lines. */
export function withoutIdleBlanks(text: string): string {
  if (text.includes('\r')) {
    return text;
  }
  const lines = text.split('\n');
  const opening = lines.findIndex(line => OPENS.test(line) || leavesQuoteOpen(line));
  const prose = opening < 0 ? lines : lines.slice(0, opening);
  const tidy: string[] = [];
  let spoken: string | null = null;
  let empty: string[] = [];
  for (const [at, line] of prose.entries()) {
    if (line.trim() === '') {
      empty.push(line);
      continue;
    }
    const isIdle = spoken !== null && !SET_IN.test(spoken) && !SET_IN.test(line);
    if (isIdle && empty.length > 0) {
      empty = [''];
    }
    empty.forEach(kept => tidy.push(kept));
    tidy.push(at === lines.length - 1 ? line : tidyEnd(line)); // another part may go on behind the last
    spoken = line;
    empty = [];
  }
  return [tidy, empty, lines.slice(prose.length)].flat().join('\n');
}

function tidyEnd(line: string): string {
  return SET_IN.test(line) ? line : line.replace(SPOKEN_END, blanks => (blanks.length > 1 ? BREAK : ''));
}

function leavesQuoteOpen(line: string): boolean {
  return line.includes('"') && line.split('"').length % 2 === 0;
}

function blankEndsOf(text: string): number {
  return text.match(/[ \t](?=\n|$)/g)?.length ?? 0;
}
