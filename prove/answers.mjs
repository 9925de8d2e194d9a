// Whether callers were answered as they should be, whatever happened around them.

/** That a store is back, or a gateway, is not noticed at once. */
export const GRACE_MS = 5000;

/** On a busy machine a store may take longer to answer than a gateway waits: to so few callers this may happen. */
const STORE_IS_LATE = 0.05;

/** @param run `{ calls, troubles, settings }`; a trouble is `{ of, from, to }` in Unix ms, `of` the name of a gateway, `store` or `redis` */
export function checkAnswers(findings, { calls, troubles, settings }) {
  const during = (call, of) =>
    troubles.some(one => one.of === of && call.at <= one.to + GRACE_MS && call.until >= one.from);
  let late = 0;
  for (const call of calls) {
    if (isLate(call) && !during(call, 'store')) {
      late += 1;
    } else if (call.end === 'whole') {
      findings.expect(isDue(call, during, settings), `an answer with status ${call.status}`, () => call);
    } else if (call.end !== 'left') {
      const isKilled = call.end !== 'hung' && during(call, call.gateway);
      findings.expect(isKilled, `a call that is ${call.end}`, () => call);
    }
  }
  findings.expect(
    late <= calls.length * STORE_IS_LATE,
    'the store does not answer, and is not away',
    () => late,
  );
}

function isLate({ status, text }) {
  return status === 503 && /store_unavailable/i.test(text);
}

function isDue(call, during, { redis }) {
  switch (call.status) {
    case 200:
      return true;
    case 402:
      return call.project.budget?.hard === true && call.text.includes('udget');
    case 429:
      return call.project.limits !== null && call.text.includes(' may ');
    case 503:
      return call.text.includes('cannot count the calls')
        ? redis === 'closed' && call.project.limits !== null && during(call, 'redis')
        : during(call, 'store');
    default:
      return false;
  }
}
