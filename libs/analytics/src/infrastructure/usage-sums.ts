import { AMOUNTS, COUNTS, type UsageSums } from '../domain/rollups/usage-hour.js';
import type { AliasedExpression, ExpressionBuilder } from 'kysely';

/** Sums of money may be beyond 2⁵³, which drivers refuse or round: they come in two parts. Written out, since SQLite binds numbers as reals. */
const PART = 1_000_000_000;

// oxlint-disable-next-line typescript/no-explicit-any -- of several tables
type AnyBuilder = ExpressionBuilder<any, any>;

export function countSums(eb: AnyBuilder): AliasedExpression<unknown, string>[] {
  return COUNTS.map(name => eb.fn.sum(name).as(name));
}

/** @param name of a column of nano-USD */
export function amountSum(eb: AnyBuilder, name: string, as = name): AliasedExpression<unknown, string>[] {
  return [
    eb.fn.sum(eb(eb.ref(name), '/', eb.lit(PART))).as(`${as}Parts`),
    eb.fn.sum(eb(eb.ref(name), '%', eb.lit(PART))).as(`${as}Rest`),
  ];
}

/** What these gave; absent ones are 0. */
export function sumsIn(row: Readonly<Record<string, unknown>>): UsageSums {
  return Object.fromEntries([
    ...COUNTS.map(name => [name, Number(row[name] ?? 0)] as const),
    ...AMOUNTS.map(name => {
      const parts = whole(row[`${name}Parts`]) * BigInt(PART);
      return [name, parts + whole(row[`${name}Rest`])] as const;
    }),
  ]) as unknown as UsageSums;
}

function whole(value: unknown): bigint {
  return BigInt(String(value ?? 0));
}
