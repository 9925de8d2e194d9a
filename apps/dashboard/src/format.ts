const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const DOLLARS = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const CENTS_AND_LESS = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  maximumSignificantDigits: 3,
});
const EXACT = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumFractionDigits: 9 });
const SHARE = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const TIME = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** What is not known. */
export const UNKNOWN = '–';

/** @param nanoUsd null: nobody knows; as text where it may be beyond 2⁵³ */
export function usd(nanoUsd: number | string | null): string {
  if (nanoUsd === null) {
    return UNKNOWN;
  }
  return dollars(`${nanoUsd}e-9` as `${number}`); // as text: a number would round it
}

/** To the nano-USD: $12.345678901. */
export function exactUsd(nanoUsd: number | string): string {
  return EXACT.format(`${nanoUsd}e-9` as `${number}`);
}

/** $0.0123. @param value in US dollars */
export function dollars(value: number | `${number}`): string {
  const size = Math.abs(Number(value));
  return (size >= 1 || size === 0 ? DOLLARS : CENTS_AND_LESS).format(value);
}

export function count(number: number): string {
  return WHOLE.format(number);
}

/** 12.3K. */
export function roughly(number: number): string {
  return SHORT.format(number);
}

/** @param ms null: nobody knows */
export function duration(ms: number | null): string {
  if (ms === null) {
    return UNKNOWN;
  }
  return ms < 10_000 ? `${WHOLE.format(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** 0.31 ms. @param us microseconds */
export function brief(us: number): string {
  return `${(us / 1000).toFixed(2)} ms`;
}

/** @param part from 0 to 1; null: of nothing */
export function share(part: number | null): string {
  return part === null ? UNKNOWN : SHARE.format(part);
}

/** In the browser's time zone. */
export function moment(iso: string): string {
  return MOMENT.format(new Date(iso));
}

/** In UTC, as the gateway adds up. */
export function day(iso: string): string {
  return DAY.format(new Date(iso));
}

/** In the browser's time zone. */
export function time(iso: string): string {
  return TIME.format(new Date(iso));
}
