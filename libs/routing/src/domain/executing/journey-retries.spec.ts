import { hangs, Travels } from '../../../../../test/support/scripted-errand.js';
import { NoTargetLeftError } from './failed-attempts.js';

const A = 'openai/a';
const B = 'anthropic/b';
const C = 'mistral/c';

let travels: Travels;

beforeEach(() => {
  travels = new Travels();
});

/** By other calls. @returns how many there were */
function useUp(): number {
  let used = 0;
  while (travels.retries.withdraw('project', 'fast')) {
    used += 1;
  }
  return used;
}

describe('the retries of a project', () => {
  it('that are used up keep its calls from other targets, which is what they are told', async () => {
    useUp();
    const { error, errand, attempts } = await travels.go({ [A]: [500], [B]: [] });

    expect(errand.sent).toEqual([A]);
    expect(error).toMatchObject({ status: 503, code: 'no_target_left', metadata: { attempts } });
    expect((error as NoTargetLeftError).message).toContain(
      `${B}: not asked (retry_budget). The retries of this project are used up; calls that succeed earn new ones.`,
    );
    expect(attempts).toEqual([
      expect.objectContaining({ target: A, status: 500 }),
      expect.objectContaining({ target: B, status: null, ms: 0, error: 'retry_budget' }),
    ]);
  });

  it('that are used up keep them from other keys, too', async () => {
    travels.giveKeys('openai', 'one', 'two');
    useUp();
    const { error, errand } = await travels.go({ [A]: [401] }, { plain: true });

    expect(errand.sent).toEqual([`${A} secret-one`]);
    expect((error as NoTargetLeftError).message).toContain(`${A}: 401`);
    expect((error as NoTargetLeftError).message).toContain(`${A}: not asked (retry_budget)`);
  });

  it('are not used up by attempts that answer', async () => {
    for (let call = 0; call < 100; call += 1) {
      const { error } = await travels.go({ [A]: [409], [B]: [] }); // which opens no breaker
      expect(error).toBeNull();
    }
  });

  it('are used up by attempts that fail', async () => {
    const { errand } = await travels.go({ [A]: Array<number>(20).fill(409) }, { maxAttempts: 10 });
    expect(errand.sent).toHaveLength(1 + 8);
    const { error } = await travels.go({ [A]: [409], [B]: [] });
    expect(error).toBeInstanceOf(NoTargetLeftError);
  });

  it('are not all used up by one dead policy', async () => {
    await travels.go({ [A]: Array<number>(20).fill(409) }, { maxAttempts: 10, asked: 'dead' });
    for (let call = 0; call < 10; call += 1) {
      const { error } = await travels.go({ [B]: [409], [C]: [] });
      expect(error).toBeNull();
    }
  });

  it('are not paid back for a hedge, though it answers', async () => {
    for (let n = 0; n < 20; n += 1) {
      travels.health.of(A).answered({ ttftMs: 1, size: 4 });
    }
    const { errand } = await travels.go({ [A]: [hangs], [B]: [] }, { hedge: true });

    expect(errand.answered).toEqual([B]);
    expect(travels.hedges.withdraw('project', 'fast')).toBeNull();
    expect(useUp()).toBe(7);
  });
});
