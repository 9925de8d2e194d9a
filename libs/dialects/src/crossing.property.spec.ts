import { fc } from '../../../test/support/properties.js';
import type { GenerationRequest } from './domain/conversation.js';
import { parseExact } from './domain/exact-json.js';
import { Losses } from './domain/losses.js';
import { factsOf, isToldOf, missingFacts, wordsOf } from './fixtures/facts.js';
import { requests } from './fixtures/requests.js';
import { seal, type Side, SIDES } from './fixtures/sides.js';

const PAIRS = SIDES.flatMap(from =>
  SIDES.filter(to => to !== from).map(to => ({
    names: `${from.name} → ${to.name} → ${from.name}`,
    from,
    to,
  })),
);

/** The request as a vendor of that side gets it, read again as if its caller had sent it. */
function through(
  { client, vendor, target }: Side,
  made: GenerationRequest,
  losses: Losses,
): GenerationRequest {
  const body = vendor.writeRequest(made, target, losses);
  return client.readRequest(parseExact(JSON.stringify(body)), seal);
}

describe.each(PAIRS)('a conversation, $names', ({ from, to }) => {
  it('keeps every part and every setting, or reports it, and every word in its order', () => {
    fc.assert(
      fc.property(requests, made => {
        const asked = through(from, made, new Losses());
        const losses = new Losses();
        const back = through(from, through(to, asked, losses), losses);
        const told = losses.list.map(({ field }) => field);

        const untold = missingFacts(factsOf(asked), factsOf(back)).filter(
          fact => !told.some(field => isToldOf(field, fact)),
        );
        expect({ untold, told: untold.length > 0 && told }).toEqual({ untold: [], told: false });
        expect(wordsOf(back)).toEqual(wordsOf(asked));
      }),
    );
  });
});
