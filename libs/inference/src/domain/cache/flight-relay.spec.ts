import { Tape } from '@app/providers';
import { UpstreamError } from '@app/shared';
import { eventually } from '../../../../../test/support/eventually.js';
import { fc } from '../../../../../test/support/properties.js';
import { type AnswerFacts, AwaitedAnswer, type LiveAnswer } from './awaited-answer.js';
import type { News } from './flight-mail.js';
import { FlightRelay } from './flight-relay.js';
import { RemoteFlight } from './remote-flight.js';

/** What becomes of a message, and what its sender is told. */
type Fate = 'heard' | 'lost' | 'heard unnoticed' | 'swallowed';

const LIMIT_BYTES = 1_000_000;
const FACTS: AnswerFacts = {
  vendor: 'openai',
  model: 'gpt-5',
  dialect: 'openai-chat',
  contentType: 'text/event-stream',
  callId: 'call-1',
  simulated: true,
};
const NOTHING = Buffer.alloc(0);
const reached = (): Promise<boolean> => Promise.resolve(true);
const NOBODY_LEFT = new AbortController().signal;

class Led extends AwaitedAnswer {
  readers = 0;

  override join(): void {
    this.readers += 1;
  }

  override leave(): void {
    this.readers -= 1;
  }

  answer(limitBytes = LIMIT_BYTES): Tape {
    const tape = new Tape(limitBytes);
    this.isAnsweredBy({ ...FACTS, tape, costNanoUsd: () => 17 });
    return tape;
  }
}

/** A call here, and one who follows it there. */
class Line {
  readonly led = new Led();
  readonly remote: RemoteFlight;
  readonly relay: FlightRelay;
  readonly run: Promise<void>;
  /** Whether the other gateway knew, once the remote call is over. */
  isKnown: boolean | null = null;

  /** @param fates of the messages, one after another; later ones are heard */
  constructor(private readonly fates: Fate[] = []) {
    this.remote = new RemoteFlight(LIMIT_BYTES, isKnown => (this.isKnown = isKnown), reached);
    this.remote.join();
    this.relay = new FlightRelay(this.led, async (news, body) => this.carry({ ...news, id: '1' }, body));
    this.run = this.relay.run();
  }

  /** The answer there, all of it. */
  async heard(): Promise<LiveAnswer | null> {
    const answer = await this.remote.answering(NOBODY_LEFT);
    await eventually(() => expect(this.remote.isOver).toBe(true), 5000);
    return answer;
  }

  private async carry(news: News, body: Buffer): Promise<boolean> {
    const fate = news.isBeat ? 'heard' : (this.fates.shift() ?? 'heard');
    if (fate === 'heard' || fate === 'heard unnoticed') {
      this.remote.hear(news, body);
    }
    return fate === 'heard' || fate === 'swallowed';
  }
}

describe('a call that is followed from another gateway', () => {
  it('is heard there piece by piece, whatever was lost on the way or sent twice', async () => {
    const pieces = fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 12 });
    const fates = fc.array(fc.constantFrom<Fate>('heard', 'heard', 'heard', 'lost', 'heard unnoticed'), {
      maxLength: 6,
    });
    const runs = fc.sample(fc.tuple(pieces, fates), 100);

    await Promise.all(
      runs.map(async ([texts, fate]) => {
        const line = new Line([...fate]);
        const tape = line.led.answer();
        for (const text of texts) {
          tape.push(Buffer.from(text));
          await new Promise(setImmediate);
        }
        tape.close('ended');
        const heard = await line.heard();
        await line.run;

        expect(heard?.tape.pieces.map(String)).toEqual(texts);
        expect([heard?.tape.over, heard?.costNanoUsd(), line.isKnown]).toEqual(['ended', 17, true]);
        expect(line.led.readers).toBe(0);
      }),
    );
  }, 20_000);

  it('goes in large pieces as in small ones, and many at once in one message', async () => {
    const line = new Line();
    const tape = line.led.answer();
    const sizes = [200_000, ...Array<number>(5000).fill(100), 70_000];
    sizes.forEach((size, at) => tape.push(Buffer.alloc(size, at)));
    tape.close('ended');
    const heard = await line.heard();

    expect(heard?.tape.pieces.map(({ length }) => length)).toEqual(sizes);
    expect(Buffer.concat(heard?.tape.pieces ?? []).equals(Buffer.concat(tape.pieces))).toBe(true);
  });

  it.each([1, 2, 3])('never seems whole when message %d is missing', async missing => {
    const line = new Line([...Array<Fate>(missing - 1).fill('heard'), 'swallowed']);
    const tape = line.led.answer();
    tape.push(Buffer.from('one'));
    await new Promise(setImmediate);
    tape.push(Buffer.from('two'));
    tape.close('ended');
    for (let round = 0; round < 12; round += 1) {
      await new Promise(setImmediate);
      line.remote.pass(true);
    }

    const heard = await line.remote.answering(NOBODY_LEFT);
    expect(heard).toBeNull(); // there is none, or it broke off
    expect([line.remote.isOver, line.remote.failure, line.isKnown]).toEqual([true, null, false]);
  });

  it('fails there as it fails here', async () => {
    const line = new Line();
    const failure = new UpstreamError({
      vendor: 'openai',
      upstreamStatus: 429,
      message: 'Slow down.',
      retryAfterMs: 9,
    });
    line.led.land(failure);

    await expect(line.heard()).resolves.toBeNull();
    const { failure: told } = line.remote;
    expect(told).toMatchObject({ message: 'Slow down.', status: 429, retryAfterMs: 9, retryable: true });
  });

  it('that failed for its caller alone is asked anew there', async () => {
    const line = new Line();
    line.led.land(new Error('no budget'));

    await expect(line.heard()).resolves.toBeNull();
    expect(line.remote.failure).toBeNull();
  });

  it('goes on there with the answer of another vendor when the first broke off', async () => {
    const line = new Line();
    const broken = line.led.answer();
    broken.push(Buffer.from('no'));
    const first = await line.remote.answering(NOBODY_LEFT);
    const failure = new UpstreamError({ vendor: 'openai', upstreamStatus: null, message: 'It broke off.' });
    broken.close(failure);
    await eventually(() => expect(first?.tape.over).toEqual(failure));
    const tape = line.led.answer();
    tape.push(Buffer.from('yes'));
    tape.close('ended');

    expect((await line.heard())?.tape.pieces.map(String)).toEqual(['yes']);
  });

  it('whose beginning nobody has any more is not followed', async () => {
    const line = new Line();
    const lost = new Tape(1);
    lost.push(Buffer.from('more than that'));
    line.led.isAnsweredBy({ ...FACTS, tape: lost, costNanoUsd: () => null });

    expect((await line.heard())?.tape.isLost).toBe(true);
    await line.run;
    expect(line.led.readers).toBe(0);
  });

  it('is left when nobody follows it there any more, or says so', async () => {
    const [one, other] = [new Line(), new Line(Array<Fate>(20).fill('lost'))];
    one.led.answer();
    other.led.answer();
    one.remote.leave();
    expect(one.isKnown).toBe(false);
    one.relay.leave();
    await one.run;
    for (let round = 0; round < 11; round += 1) {
      other.relay.pass();
    }
    await other.run;

    expect([one.led.readers, other.led.readers]).toEqual([0, 0]);
  });
});

/** A call elsewhere that somebody here waits for. @param facts of its answer, once it has begun */
function followed(facts: AnswerFacts | null, text = '', ask = reached): RemoteFlight {
  const flight = new RemoteFlight(LIMIT_BYTES, () => undefined, ask);
  flight.join();
  if (facts) {
    flight.hear({ id: '1', number: 1, answer: facts }, NOTHING);
  }
  if (text) {
    flight.hear({ id: '1', number: 2, pieces: [text.length] }, Buffer.from(text));
  }
  return flight;
}

/** Whether it is given up after so many rounds without a word. */
function isGivenUp(flight: RemoteFlight, rounds: number, isReached: boolean): boolean {
  Array.from({ length: rounds }, () => flight.pass(isReached));
  return flight.isOver;
}

describe('a call of a gateway that says nothing', () => {
  const whole = { ...FACTS, contentType: 'application/json' };

  it('is given up soon when it never said anything, and later when it began', () => {
    expect([4, 5].map(rounds => isGivenUp(followed(null), rounds, true))).toEqual([false, true]);
    expect([10, 11].map(rounds => isGivenUp(followed(FACTS, 'one'), rounds, true))).toEqual([false, true]);
  });

  it.each<[string, () => RemoteFlight, number]>([
    ['soon when it has not begun', () => followed(null), 2],
    ['soon when nothing has come but that it begins', () => followed(FACTS), 2],
    ['soon when it is a whole answer, of which nobody has a byte', () => followed(whole, '{"id":'), 2],
    ['later when callers have a part of it', () => followed(FACTS, 'one'), 11],
  ])('and that nobody reaches is given up %s', (_, begin, rounds) => {
    expect([rounds - 1, rounds].map(count => isGivenUp(begin(), count, false))).toEqual([false, true]);
  });

  it('is not given up when it says something, though it hears nothing for a while', () => {
    const flight = followed(null);
    for (let round = 0; round < 20; round += 1) {
      flight.pass(false);
      flight.hear({ id: '1', number: 0, isBeat: true }, NOTHING);
    }

    expect(flight.isOver).toBe(false);
  });

  it('is doubted for as long as it says nothing', () => {
    const flight = followed(FACTS, 'one');
    const doubts = [true, true].map(isReached => {
      flight.pass(isReached);
      return flight.isDoubted;
    });
    flight.hear({ id: '1', number: 2, isBeat: true }, NOTHING);
    doubts.push(flight.isDoubted);
    flight.pass(false);

    expect([...doubts, flight.isDoubted]).toEqual([false, true, false, true]);
  });
});

describe('who comes when a call elsewhere has begun to be answered', () => {
  it.each([true, false])('follows it if it is still heard there: %s; many ask that once', async isHeard => {
    let questions = 0;
    const flight = followed(FACTS, 'one', () => {
      questions += 1;
      return Promise.resolve(isHeard);
    });
    const answers = await Promise.all(Array.from({ length: 9 }, () => flight.answering(NOBODY_LEFT)));

    expect(answers.map(answer => answer !== null)).toEqual(Array(9).fill(isHeard));
    expect([questions, flight.isDoubted, flight.isOver]).toEqual([1, !isHeard, false]);
  });

  it('is given all of it when it has ended, whatever became of that gateway', async () => {
    const flight = followed(FACTS, 'one', () => Promise.resolve(false));
    flight.hear({ id: '1', number: 3, pieces: [], end: 'ended', isOver: true }, NOTHING);

    expect((await flight.answering(NOBODY_LEFT))?.tape.over).toBe('ended');
  });
});
