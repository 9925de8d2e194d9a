import type { GenerationRequest, Target } from '@app/dialects';
import type { PromptPass } from '@app/shared';
import { hasCacheMarks } from './caller-marks.js';
import type { Cutting, Shortened } from './cutting.js';
import { leaveOutDuplicates } from './duplicate-context.js';
import { compactJson } from './json-whitespace.js';
import { leastCached } from './least-cached.js';

/** Passes that leave something out, in the order that they are applied. */
const CUTS = {
  json_whitespace: compactJson,
  duplicate_context: leaveOutDuplicates,
} as const satisfies Partial<Record<PromptPass, (request: GenerationRequest, cutting: Cutting) => Shortened>>;

/** What can be left out: by a pass, or as its caller asked. */
export type Cut = keyof typeof CUTS | 'history';

/** Estimated tokens that were left out; no member for a pass that found nothing. */
export type CutTokens = Readonly<Partial<Record<Cut, number>>>;

const NAMES = Object.keys(CUTS) as (keyof typeof CUTS)[];

/** Does it leave something out? */
export function isCut(pass: PromptPass): boolean {
  return pass in CUTS;
}

const CHARACTERS_PER_TOKEN = 4;
/** Vendors count otherwise than we do. */
const MARGIN = 1.3;

type ShortenOptions = Pick<Cutting, 'dialect' | 'placed'> & { readonly target: Target };

/**
 * Each of these cuts depends on the text, and on what stands before it, alone: the same conversation is cut the same in every later
 * call, so that its prefix stays in the vendor's cache. What the prompt begins with, as much as has to be there before a vendor
 * caches anything, is left alone: a prompt that was cached is never too short for that afterwards.
 *
 * @returns the request itself where nothing is cut, or its caller marked what is to be cached
 */
export function shorten(
  request: GenerationRequest,
  passes: readonly PromptPass[],
  { target, dialect, placed }: ShortenOptions,
): { readonly request: GenerationRequest; readonly cut: CutTokens | null } {
  const wanted = NAMES.filter(name => passes.includes(name));
  if (wanted.length === 0 || hasCacheMarks(request)) {
    return { request, cut: null };
  }
  const after = leastCached(target.model) * CHARACTERS_PER_TOKEN * MARGIN;
  const cut: Partial<Record<Cut, number>> = {};
  let shorter = request;
  for (const name of wanted) {
    const passed = CUTS[name](shorter, { after, dialect, placed });
    if (passed.request !== shorter) {
      cut[name] = passed.tokens;
      shorter = passed.request;
    }
  }
  return { request: shorter, cut: shorter === request ? null : cut };
}
