import { fitsGlob } from '@app/projects';
import type { Budget, Division } from './budget.entity.js';

/** Who spends, on what. */
export interface Spender {
  readonly projectId: string;
  readonly keyId: string;
  /** Null when the call names none; undefined when nobody can tell. */
  readonly endUser: string | null | undefined;
  readonly tags: readonly string[];
  /** Vendor id. */
  readonly vendor: string;
  /** The vendor's own name of it; null when nobody can tell. */
  readonly model: string | null;
}

/** Whose accounts below a budget pay for a call, as `BudgetAccount.subject` has it; none when it does not count there. */
export function subjectsOf(budget: Budget, spender: Spender): readonly string[] {
  if (!counts(budget, spender)) {
    return [];
  }
  const { each } = budget;
  if (each.length === 0) {
    return WHOLE;
  }
  const tags = each.includes('tag') && budget.tag === null ? spender.tags : [];
  return (tags.length === 0 ? [budget.tag] : tags).map(tag =>
    JSON.stringify(each.map(division => valueOf(division, spender, tag))),
  );
}

const WHOLE = ['[]'];

/** Whose account below a budget pays for all calls of a key; null when that is not for the key alone to say. */
export function subjectOfKey({ each }: Pick<Budget, 'each'>, keyId: string): string | null {
  return each.every(division => division === 'key') ? JSON.stringify(each.map(() => keyId)) : null;
}

function counts({ keyId, endUser, tag, model }: Budget, spender: Spender): boolean {
  return (
    (keyId === null || keyId === spender.keyId) &&
    (endUser === null || endUser === spender.endUser || spender.endUser === undefined) &&
    (tag === null || spender.tags.includes(tag)) &&
    (model === null || isModel(model, spender))
  );
}

/** A model that nobody can tell may be any of its vendor's. Capitals are as good as others: some vendors take them so. */
function isModel(pattern: string, { vendor, model }: Spender): boolean {
  const [glob, name] = [pattern.toLowerCase(), model?.toLowerCase()];
  return name === undefined
    ? !glob.includes('/') || glob.startsWith(`${vendor}/`)
    : fitsGlob(glob, `${vendor}/${name}`) || fitsGlob(glob, name);
}

function valueOf(division: Division, spender: Spender, tag: string | null): string | null {
  switch (division) {
    case 'key':
      return spender.keyId;
    case 'endUser':
      return spender.endUser ?? null;
    case 'tag':
      return tag;
    case 'model':
      return spender.model === null ? null : `${spender.vendor}/${spender.model}`;
  }
}
