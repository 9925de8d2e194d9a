// A budget of a minute, and gateways that do not agree when a minute is over.
import { setTimeout as delay } from 'node:timers/promises';
import { paidFor } from './paid.mjs';

export const MINUTE_MS = 60_000;
/** Enough to use it up, before the first gateway is in the next minute. */
const USE_UP_MS = 20_000;
const AT_ONCE = 24;
const PAUSE_MS = 250;
const NOW_AND_THEN_MS = 500;
const AFTERWARDS_MS = 1000;

/**
 * Calm callers use the budget up while all gateways are in the same minute, and go on until the last is in the next one: as many as can be where something is left of
 * the old one, a few where it is over.
 *
 * @returns the end of that minute, Unix ms: see `checkMinutes`
 */
export async function crossMinute({ gateways, projects }, callers) {
  const project = projects.find(({ budget }) => budget?.period === 'minute');
  const skews = gateways.map(({ skewMs }) => skewMs);
  const [first, last] = [Math.max(...skews), Math.min(...skews)];
  const end = Math.ceil((Date.now() + first + USE_UP_MS) / MINUTE_MS) * MINUTE_MS;
  await delay(Math.max(0, end - MINUTE_MS - last - Date.now()));
  const over = end - last + AFTERWARDS_MS;
  await Promise.all(gateways.map(gateway => callAcross({ project, gateway, end, over }, callers)));
  return end;
}

async function callAcross({ project, gateway, end, over }, callers) {
  const call = () => callers.call(project, gateway, { pace: '' });
  for (let isLeft = true; gateway.now < end;) {
    const round = await Promise.all(Array.from({ length: isLeft ? AT_ONCE : 1 }, call));
    isLeft = round.some(({ status }) => status === 200);
    await delay(isLeft ? 0 : PAUSE_MS);
  }
  while (Date.now() < over) {
    await call();
    await delay(NOW_AND_THEN_MS);
  }
}

/**
 * Whatever gateways take the time for, no minute cost more than the budget; who was refused was told when it begins anew, and then it does.
 *
 * @param about `{ project, calls, receipts, ledger, end }`: its own calls and records, `end` of `crossMinute`
 * @returns the dearest minute by the bill, and what of the budget could be used in the one before `end`, both in nano-USD
 */
export function checkMinutes(findings, { project, calls, receipts, ledger, end }) {
  const limit = Math.round(project.budget.limitUsd * 1e9);
  const records = new Map(ledger.map(record => [record.id, record]));
  const minutes = new Map();
  for (const call of calls) {
    const [from, to] = minutesOf(call);
    if (from === to) {
      const sum = minutes.get(from) ?? { billed: 0, ledger: 0 };
      sum.billed += (receipts.get(call.name) ?? []).reduce((all, { costNanoUsd }) => all + costNanoUsd, 0);
      sum.ledger += records.get(call.id)?.costNanoUsd ?? 0;
      minutes.set(from, sum);
    }
    checkReset(findings, call, [from, to]);
    const isAnew = from >= end;
    findings.expect(!isAnew || call.status !== 402, 'a budget did not begin anew when it should', () => call);
  }
  for (const [minute, sum] of minutes) {
    const about = () => [project.name, new Date(minute), { limit, ...sum }];
    findings.expect(sum.billed <= limit, 'a budget was EXCEEDED in a minute', about);
    findings.expect(sum.ledger <= limit, 'a budget was exceeded in a minute in the ledger', about);
  }
  const received = ledger.filter(({ receivedAt }) => {
    const ms = Date.parse(receivedAt);
    return ms >= end - MINUTE_MS && ms < end;
  });
  const used = received.reduce((all, record) => all + paidFor(record), 0);
  return { dearest: Math.max(...[...minutes.values()].map(({ billed }) => billed)), used };
}

/** In which minutes, by its gateway's clock, the call may have been counted: the first and the last. */
function minutesOf({ at, heardAt, until, skewMs }) {
  return [at, heardAt ?? until].map(ms => Math.floor((ms + skewMs) / MINUTE_MS) * MINUTE_MS);
}

function checkReset(findings, call, [from, to]) {
  if (call.status === 402) {
    const [, told] = /wait for (\S+Z)/.exec(call.text) ?? [];
    const reset = Date.parse(told);
    const isNext = reset === from + MINUTE_MS || reset === to + MINUTE_MS;
    findings.expect(isNext, 'a refused call was not told when the budget begins anew', () => call);
  }
}
