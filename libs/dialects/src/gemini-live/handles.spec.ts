import { geminiLive } from './gemini-live.dialect.js';
import { handlesOfSetup } from './handles.js';

const names = {
  own: (model: string) => model,
  other: (model: string) => model,
  handle: (shown: string) => `own ${shown}`,
  shown: (handle: string) => `shown ${handle}`,
};

describe('the handle of a setup', () => {
  it.each([
    [
      { sessionResumption: { handle: 'h', transparent: true } },
      { sessionResumption: { handle: 'own h', transparent: true } },
    ],
    [{ session_resumption: { handle: 'h' } }, { session_resumption: { handle: 'own h' } }],
    [
      { sessionResumption: { handle: 'h' }, session_resumption: { handle: 'i' } },
      { sessionResumption: { handle: 'own h' }, session_resumption: { handle: 'own i' } },
    ],
    [{ sessionResumption: { handle: ['h'] } }, { sessionResumption: { handle: 'own h' } }],
  ])('is exchanged in %j', (setup, admitted) => {
    const message = { setup: { ...setup, model: 'models/m' } };
    expect(geminiLive.admit(message, names)).toEqual({ setup: { ...admitted, model: 'models/m' } });
    expect(handlesOfSetup(message)).toEqual(Object.values(setup).map(({ handle }) => String(handle)));
  });

  it.each([
    [{}],
    [{ sessionResumption: {} }],
    [{ sessionResumption: { handle: '' } }],
    [{ sessionResumption: null }],
  ])('is missed in %j', setup => {
    const message = { setup: { ...setup, model: 'models/m' } };
    expect(geminiLive.admit(message, names)).toEqual(message);
    expect(handlesOfSetup(message)).toEqual([]);
  });
});

describe("a vendor's new handle", () => {
  it.each([
    [{ sessionResumptionUpdate: { newHandle: 'h', resumable: true } }],
    [{ session_resumption_update: { new_handle: 'h', resumable: true } }],
    [{ session_resumption_update: { newHandle: 'h' }, serverContent: { turnComplete: true } }],
  ])('is exchanged in %j', message => {
    const written = JSON.stringify(message).replace('"h"', '"shown h"');
    expect(JSON.stringify(geminiLive.show(message, names))).toBe(written);
  });

  it('is missed, and the message is the same', () => {
    const message = { serverContent: { turnComplete: true } };
    expect(geminiLive.show(message, names)).toBe(message);
  });
});
