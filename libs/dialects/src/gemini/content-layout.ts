import type { Content, Part as WirePart } from '@google/genai';

/** One content before its final place is known. */
export interface Draft {
  readonly role: 'user' | 'model';
  readonly parts: WirePart[];
  /** A model's tool calls, in order. */
  readonly calls: DraftCall[];
  /** A call of it has its result, so the model's next words are another content. */
  answered: boolean;
}

export interface DraftCall {
  readonly id: string;
  readonly name: string;
  response?: WirePart;
  /** Media of the result that stand beside it. */
  readonly media: WirePart[];
}

/**
 * Stands in for a signature that is lost or another vendor's.
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const SKIP_VALIDATION = 'skip_thought_signature_validator';

export function newDraft(role: Draft['role']): Draft {
  return { role, parts: [], calls: [], answered: false };
}

/** Roles alternate, and the results of a model's calls are the first parts of the content after it. */
export function layOut(drafts: readonly Draft[], demandsSignatures: boolean): Content[] {
  const contents: Required<Content>[] = [];
  let results: WirePart[] = [];
  for (const draft of drafts) {
    if (draft.role === 'model') {
      append(contents, 'user', results);
      append(contents, 'model', draft.parts);
      results = resultsOf(draft);
    } else {
      append(contents, 'user', results);
      append(contents, 'user', draft.parts);
      results = [];
    }
  }
  append(contents, 'user', results);
  if (demandsSignatures) {
    signSteps(contents);
  }
  return contents;
}

function append(contents: Required<Content>[], role: Draft['role'], parts: WirePart[]): void {
  const last = contents.at(-1);
  if (parts.length === 0) {
    return;
  }
  if (last?.role === role) {
    // One by one: a spread call ends at some 100,000 arguments.
    for (const part of parts) {
      last.parts.push(part);
    }
  } else {
    contents.push({ role, parts });
  }
}

function resultsOf({ calls }: Draft): WirePart[] {
  const responses = calls.flatMap(({ response }) => response ?? []);
  return [...responses, ...calls.flatMap(({ media }) => media)];
}

/**
 * Gemini 3 refuses the first call of each step of the current turn without its signature (PROTOCOLS 0, row 18). The
 * turn began at the last content of the user that holds no result.
 */
function signSteps(contents: readonly Required<Content>[]): void {
  for (const { role, parts } of contents.toReversed()) {
    if (role === 'user' && !parts.some(part => part.functionResponse)) {
      return;
    }
    const call = parts.find(part => part.functionCall);
    if (call) {
      call.thoughtSignature ??= SKIP_VALIDATION;
    }
  }
}
