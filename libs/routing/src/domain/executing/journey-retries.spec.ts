import { setTimeout } from 'node:timers/promises';
import {
  A,
  B,
  C,
  failing,
  hangs,
  type Step,
  type Travelled,
  Travels,
} from '../../../../../test/support/scripted-errand.js';
import { NoTargetLeftError } from './failed-attempts.js';

let travels: Travels;

beforeEach(() => {
  travels = new Travels();
});

/** By other calls. @returns how many there were */
function useUp(): number {
  let used = 0;
  for (let paid; (paid = travels.retries.withdraw('project', 'fast')); used += 1) {
    paid.wasted();
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

  it('pay for the first attempt, too, where an answered call is to go on', async () => {
    const { errand, attempts } = await travels.go({ [A]: [] }, { goesOn: true, plain: true });
    expect(errand.answered).toHaveLength(1);
    expect(attempts).toEqual([expect.objectContaining({ target: A, error: null, resumed: true })]);
    useUp();
    const { error } = await travels.go({ [A]: [] }, { goesOn: true, plain: true });
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

  it('let a crowd through whose first target is dead, while the second answers', async () => {
    const crowd = Array.from({ length: 100 }, () => travels.go({ [A]: [409], [B]: [takesTime] }));
    const errors = (await Promise.all(crowd)).map(({ error }) => error);

    expect(errors.filter(error => error !== null)).toHaveLength(0);
  });

  it('find the target that is well behind one that is not, however few there are', async () => {
    const dead = Array<number>(500).fill(404);
    for (let call = 0; call < 30; call += 1) {
      await travels.go({ [A]: dead, [B]: dead, [C]: dead });
    }
    let answered = 0;
    for (let call = 0; call < 100; call += 1) {
      const { error } = await travels.go({ [A]: dead, [B]: dead, [C]: [] });
      answered += error === null ? 1 : 0;
    }
    expect(answered).toBeGreaterThan(80);
  });

  it('are not all spent on a second target that nobody knows yet', async () => {
    const script = { [A]: [404], [B]: [fails404], [C]: [takesTime] };
    const errors = await Promise.all(
      Array.from({ length: 120 }, async () => (await travels.go(script)).error),
    );
    expect(errors.filter(error => error !== null)).toHaveLength(0);
  });

  it('are not paid back by answers that only go on with a stream, while it is not known how they end', async () => {
    const others = Array.from({ length: 7 }, () => travels.retries.withdraw('project', 'fast'));
    const { errand } = await travels.go({ [A]: [409], [B]: [] }, { stream: true, resuming: true });
    expect(errand.answered).toEqual([B]);
    others.forEach(paid => paid?.wasted());
    expect(useUp()).toBe(1);
  });

  it('let no crowd make a storm of attempts when all targets are dead', async () => {
    const travelled = await Promise.all(Array.from({ length: 100 }, goInVain));
    const sent = travelled.reduce((sum, { errand }) => sum + errand.sent.length, 0);

    expect(travelled.every(({ error }) => error instanceof NoTargetLeftError)).toBe(true);
    expect(sent).toBeLessThanOrEqual(1.2 * 100 + 10);
  });

  it('are not waited for when the caller leaves', async () => {
    const leaving = new AbortController();
    const others = Array.from({ length: 8 }, () => travels.retries.withdraw('project', 'fast'));
    expect(others).not.toContain(null);
    const left = travels.go({ [A]: [409], [B]: [] }, { signal: leaving.signal });
    setImmediate(() => leaving.abort());
    const { error, errand } = await left;

    expect(error).toBe(leaving.signal.reason);
    expect(errand.sent).toEqual([A]);
  });
});

const takesTime: Step = () => setTimeout(1);
const fails404: Step = async () => {
  await setTimeout(1);
  throw failing(404);
};
const fails: Step = async () => {
  await setTimeout(1);
  throw failing(409);
};

function goInVain(): Promise<Travelled> {
  return travels.go({ [A]: [409], [B]: [fails], [C]: [fails] });
}
