import type { GenerationRequest, Tool } from '@app/dialects';
import type { Cutting, Shortened } from './cutting.js';
import { rewriteTexts } from './said-texts.js';

/**
 * Tools by which a model may change files. It quotes what it read to say what is to be changed, so that the text has to be as it
 * is in the file.
 */
const EDITS = /edit|write|patch|replace|notebook|bash|shell|terminal|command|exec|computer/i;
/**
 * Measured with cl100k and o200k: each line of indented JSON is 2 to 2.5 tokens more than it has to be, and every second blank of
 * JSON in one line is a token. We say less rather than more.
 */
const TOKENS_OF_LINE = 2;
const TOKENS_OF_BLANK = 0.5;

/**
 * Takes the whitespace between the tokens out of texts that are JSON as a whole, an object or a list. Strings, numbers and the
 * order of members stay to the last byte. Where the model has tools that may edit files, all texts stay.
 */
export function compactJson(request: GenerationRequest, { after, dialect, placed }: Cutting): Shortened {
  if (request.tools.list.some(tool => EDITS.test(nameOf(tool)))) {
    return { request, tokens: 0 };
  }
  let tokens = 0;
  const shorter = rewriteTexts(
    request,
    after,
    ({ text, result, isFree }) => {
      // Gemini gets the results of tools as objects, whatever their spelling was.
      const compact = isFree && !(result && dialect === 'gemini') ? withoutWhitespace(text) : text;
      tokens += compact === text ? 0 : savedTokens(text, compact);
      return compact;
    },
    placed,
  );
  return { request: shorter, tokens };
}

function nameOf(tool: Tool): string {
  return tool.kind === 'hosted' ? tool.type : tool.name;
}

/** The text itself when it is anything but a JSON object or list. */
export function withoutWhitespace(text: string): string {
  if (!/^\s*[{[]/.test(text)) {
    return text;
  }
  const compact = compacted(text);
  return compact.length < text.length && isJson(text) ? compact : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // it stays as it is: nothing is wrong with a text that is no JSON
  }
}

const QUOTE = 0x22;

/** In one pass, whatever the text is. */
function compacted(text: string): string {
  let compact = '';
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
    } else if (isWhite(code)) {
      compact += text.slice(from, at);
      do {
        at += 1;
      } while (isWhite(text.charCodeAt(at)));
      from = at;
    } else {
      at += 1;
    }
  }
  return from === 0 ? text : compact + text.slice(from);
}

/** Space, tab, line feed, carriage return. */
function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Behind the quotation mark that closes it; the end of the text where none does. */
function endOfString(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text[escapes - 1] === '\\') {
      escapes -= 1;
    }
    if ((at - escapes) % 2 === 0) {
      return at + 1;
    }
  }
  return text.length;
}

/** A string of JSON holds no bare line break, so that every one that is left out is one between tokens. */
function savedTokens(text: string, compact: string): number {
  const lines = text.split('\n').length - 1;
  const indented = lines * TOKENS_OF_LINE;
  return Math.floor(indented > 0 ? indented : (text.length - compact.length) * TOKENS_OF_BLANK);
}
