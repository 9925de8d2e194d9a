// What an answer tells its caller that it cost.

/** Where it stands, by the names of the members that hold it; Responses have them in the response. */
const MEMBERS = ['usage', 'usageMetadata', 'x_llmhub'];

/**
 * By place, in nano-USD, of a stream what came last: `header` (of whole answers), `usage` and `x_llmhub`.
 *
 * @returns null in a place that says it is not known; a place that tells nothing is not there
 */
export function toldCosts(headers, text) {
  const told = {};
  const header = headers['x-llmhub-cost-usd'];
  if (header !== undefined) {
    told.header = nanoUsd(Number(header));
  }
  for (const answer of isStream(headers) ? eventsIn(text) : [JSON.parse(text)]) {
    for (const member of MEMBERS) {
      const cost = (answer.response ?? answer)[member]?.cost;
      if (cost !== undefined) {
        told[member === 'usageMetadata' ? 'usage' : member] = nanoUsd(cost);
      }
    }
  }
  return told;
}

/** Whoever has a whole answer was told in all places, and the same as the ledger says. */
export function checkTold(findings, { call, record }) {
  const places = [...(call.streamed ? [] : ['header']), 'usage', 'x_llmhub'];
  for (const place of places) {
    findings.expect(
      call.told?.[place] === record?.costNanoUsd,
      `an answer does not tell what the ledger says it cost (${place})`,
      () => [call, record],
    );
  }
}

export function isStream(headers) {
  return headers['content-type']?.startsWith('text/event-stream') ?? false;
}

function eventsIn(text) {
  const lines = text.split('\n').filter(line => line.startsWith('data: {'));
  return lines.map(line => JSON.parse(line.slice('data: '.length)));
}

function nanoUsd(usd) {
  return usd === null ? null : Math.round(usd * 1e9);
}
