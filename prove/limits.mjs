// Limits of requests a minute and of open calls: calm callers use them up, and the clocks of all callers tell how many were let in.
import { setTimeout as delay } from 'node:timers/promises';
import { GRACE_MS } from './answers.mjs';
import { MINUTE_MS } from './minute.mjs';
import { OPEN_MS } from './projects.mjs';

/** So much more than may be is asked for. */
const TIMES = 3;
const AT_ONCE = 24;
/** What happened counts for a minute, and for a quarter of a second more at most. */
const FORGOTTEN_MS = MINUTE_MS + 500;
/** Until all gateways know that calls are over. */
const KNOWN_MS = 1000;
/** Between clocks, and until what happened is noticed. */
const OVER_MS = 500;

/** Uses the limits up, now that nothing else happens. @param since Unix ms when they were used up before, or 0 */
export async function useLimits({ projects, limits }, callers, since = 0) {
  await delay(Math.max(0, since + FORGOTTEN_MS - Date.now()));
  const [burst, crowd] = ['burst', 'crowd'].map(name => projects.find(one => one.name === name));
  const { requestsPerMinute: count } = burst.limits;
  note(limits, burst, await callers.calls(burst, { count: TIMES * count, atOnce: AT_ONCE }));
  for (let time = 0; time < 2; time += 1) {
    const { concurrentCalls } = crowd.limits;
    const all = TIMES * concurrentCalls;
    note(limits, crowd, await callers.calls(crowd, { count: all, atOnce: all, pace: crowd.pace }));
    await delay(KNOWN_MS);
  }
  return Date.now();
}

function note(limits, project, calls) {
  const letIn = calls.filter(({ status }) => status === 200).length;
  limits.push({ project, limit: limitOf(project), letIn });
}

function limitOf({ limits }) {
  return limits.requestsPerMinute ?? limits.concurrentCalls;
}

/**
 * Exactly the limit while nothing else happens, over all gateways together, and never more; each gateway for itself while what counts for all is away.
 *
 * @param run with `limits` of `useLimits`
 * @param receipts by the names of calls
 */
export function checkLimits(findings, run, receipts) {
  for (const { project, limit, letIn } of run.limits) {
    findings.expect(letIn === limit, 'a limit is not exact', () => [project.name, { limit, letIn }]);
  }
  for (const project of run.projects.filter(({ limits }) => limits)) {
    const calls = run.calls.filter(call => call.project === project);
    const letIn = calls.filter(call => call.status === 200 || receipts.has(call.name));
    const check = project.limits.requestsPerMinute ? checkRequests : checkOpen;
    check(findings, { project, letIn, times: timesOf(run) });
    checkClosed(findings, run, calls);
  }
}

/**
 * How many times a limit may be used up between two moments. No gateway passes it alone, whatever is away or forgets; but one that is
 * killed forgets what it let in alone, of which nobody else has heard.
 *
 * @param forgets whether that matters: what it had open is over
 */
function timesOf({ gateways, settings, troubles }) {
  return (from, to, forgets) => {
    const during = troubles.filter(trouble => trouble.from <= to && trouble.to + GRACE_MS >= from);
    const cuts = during.filter(({ of }) => of === 'redis').length;
    const isAlone = settings.redis === 'none' || (settings.redis === 'open' && cuts > 0);
    const kills = forgets ? during.filter(({ of }) => of.startsWith('gateway')).length : 0;
    const together = isAlone ? Number.POSITIVE_INFINITY : 1 + cuts; // Redis comes back and has forgotten all
    return Math.min(together, gateways.length + kills);
  };
}

/** In no minute, whenever it begins. Who had an answer was let in before it. */
function checkRequests(findings, { project, letIn, times }) {
  const limit = limitOf(project);
  const calls = letIn.map(({ at, heardAt, until }) => ({ at, to: heardAt ?? until + OVER_MS }));
  for (const { at: from } of calls) {
    const to = from + MINUTE_MS;
    const certain = calls.filter(call => call.at >= from && call.to <= to).length;
    findings.expect(certain <= limit * times(from, to, true), 'too many requests were let in', () => [
      project.name,
      { limit, certain, from, to },
    ]);
  }
}

/** A call that waits at its vendor is open; when that begins is known as exactly as it lasts longer than that. */
function checkOpen(findings, { project, letIn, times }) {
  const limit = limitOf(project);
  const open = letIn
    .filter(({ end }) => end === 'whole')
    .map(({ at, until }) => ({ from: until - OPEN_MS, to: at + OPEN_MS }));
  for (const { from } of open.filter(call => call.from < call.to)) {
    const certain = open.filter(call => call.from <= from && call.to > from).length;
    findings.expect(certain <= limit * times(from, from, false), 'too many calls were open', () => [
      project.name,
      { limit, certain, at: from },
    ]);
  }
}

/** While it cannot be known how many were let in, nobody is, where the operator wants that. */
function checkClosed(findings, { settings, troubles }, calls) {
  for (const cut of troubles.filter(({ of }) => of === 'redis' && settings.redis === 'closed')) {
    const meanwhile = calls.filter(({ at, until }) => at > cut.from + OVER_MS && until < cut.to);
    for (const call of meanwhile) {
      findings.expect(call.status !== 200, 'a call was let in that nobody has counted', () => call);
    }
  }
}
