import { openAiChatClient } from '@app/dialects';
import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { catalog } from './catalog.js';

interface Recorded extends RecordedCall {
  readonly name: string;
}

const accepted: Recorded[] = recordings('openai-chat').flatMap(([name, calls]) =>
  calls.map(call => ({ ...call, name })).filter(({ status }) => status === 200),
);
const ofVendor = (id: string) => accepted.filter(({ vendor }) => vendor === id);
const vendors = catalog.filter(({ id }) => ofVendor(id).length > 0);
/** Recordings are absent on a stranger's machine, and `it.each` of nothing is an error. */
const each =
  vendors.length > 0 ? it.each(vendors.map(vendor => [vendor.id, vendor] as const)) : it.skip.each([]);

/** Sent by a client of the time, and no more than the one thing a vendor is not asked for: a single choice. */
function withoutOneChoice(request: unknown): Record<string, unknown> {
  const { n, ...rest } = request as Record<string, unknown>;
  return n === undefined || n === 1 ? rest : { n, ...rest };
}

describe('what a vendor took, and what its file says that it takes', () => {
  each('agree for %s', (id, vendor) => {
    // Bodies go to some as they are and are translated all the same, for the sake of the answers.
    const quirks = { ...vendor.quirks, reasoningIn: undefined, reasoningOutsideCompletion: undefined };
    const refused = ofVendor(id).filter(
      ({ request }) => !openAiChatClient.passage.fits(withoutOneChoice(request), quirks),
    );

    expect(refused.map(({ name }) => name)).toEqual([]);
  });

  each('lead to %s, path by path', (id, { baseUrl, dialect }) => {
    const paths = new Set(ofVendor(id).map(({ url }) => new URL(url).pathname));
    const ours = new URL(baseUrl + dialect.path('m', false)).pathname;

    // The router of Hugging Face has a path for each vendor behind it, too.
    expect([...paths].filter(path => !path.endsWith(ours))).toEqual([]);
  });
});
