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
    this.remote = new RemoteFlight(LIMIT_BYTES, isKnown => (this.isKnown = isKnown));
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
    for (let round = 0; round < 10; round += 1) {
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
    for (let round = 0; round < 6; round += 1) {
      other.relay.pass();
    }
    await other.run;

    expect([one.led.readers, other.led.readers]).toEqual([0, 0]);
  });
});

/** Whether it is given up after so many silent rounds. @param hears a first word, before them */
function isGivenUp(hears: boolean, rounds: number): boolean {
  const flight = new RemoteFlight(LIMIT_BYTES, () => undefined);
  flight.join();
  if (hears) {
    flight.hear({ id: '1', number: 0, isBeat: true }, Buffer.alloc(0));
  }
  Array.from({ length: rounds }, () => flight.pass(true));
  return flight.isOver;
}

describe('a call of a gateway that says nothing', () => {
  it('is given up soon when it never said anything, and later when it began', () => {
    expect([2, 3].map(rounds => isGivenUp(false, rounds))).toEqual([false, true]);
    expect([5, 6].map(rounds => isGivenUp(true, rounds))).toEqual([false, true]);
  });

  it('is given up at once when it cannot be reached, unless it has begun to answer', () => {
    const flight = new RemoteFlight(LIMIT_BYTES, () => undefined);
    flight.join();
    flight.hear({ id: '1', number: 1, answer: FACTS }, Buffer.alloc(0));
    flight.pass(false);
    expect(flight.isOver).toBe(false);

    const silent = new RemoteFlight(LIMIT_BYTES, () => undefined);
    silent.join();
    silent.pass(false);
    expect(silent.isOver).toBe(true);
  });
});
