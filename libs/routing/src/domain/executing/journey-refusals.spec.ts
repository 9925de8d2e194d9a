import { A, B, C, failing, routeTo, Travels } from '../../../../../test/support/scripted-errand.js';

let travels: Travels;

beforeEach(() => {
  travels = new Travels();
});

describe('a call that is refused', () => {
  const tooLong = failing(400, { code: 'context_length_exceeded' });
  const fallbacks = (target: string) =>
    travels.go(
      { [A]: [tooLong], [B]: [], [C]: [] },
      {
        planned: 2,
        fallbacks: { contextWindow: [routeTo(target)], contentPolicy: [] },
      },
    );

  it('goes to the model that the policy names for that', async () => {
    expect((await fallbacks(C)).errand.sent).toEqual([A, C]);
  });

  it('goes on to the next of them when one refuses it, too', async () => {
    const { error, errand } = await travels.go(
      { [A]: [tooLong], [B]: [tooLong], [C]: [] },
      { planned: 1, fallbacks: { contextWindow: [routeTo(B), routeTo(C)], contentPolicy: [] } },
    );
    expect([error, errand.sent]).toEqual([null, [A, B, C]]);
  });

  it('ends with the refusal when all of them refuse it', async () => {
    const { error, errand } = await travels.go(
      { [A]: [tooLong], [B]: [tooLong], [C]: [tooLong] },
      { planned: 1, fallbacks: { contextWindow: [routeTo(B), routeTo(C)], contentPolicy: [] } },
    );
    expect([error, errand.sent]).toEqual([tooLong, [A, B, C]]);
  });

  it('ends there when the policy names none', async () => {
    const { error, errand } = await travels.go({ [A]: [tooLong], [B]: [] });

    expect(error).toBe(tooLong);
    expect(errand.sent).toEqual([A]);
  });
});
