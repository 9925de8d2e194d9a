import fc from 'fast-check';
import type { SoundFrames } from './sound-frames.js';
import { UnansweredSound } from './unanswered-sound.js';

const MOST_BYTES = 512 * 1024;
const MARK = Buffer.from('{"type":"mark"}');

/** The same, of frames that are kept themselves. */
class Model {
  isCut = false;
  frames: Buffer[] = [];

  add(frame: Buffer): void {
    this.frames.push(frame);
    while (this.frames.reduce((sum, { length }) => sum + length, 0) > MOST_BYTES) {
      this.frames.shift();
      this.isCut = true;
    }
  }

  take(last?: Buffer): readonly Buffer[] {
    const end = last ? this.frames.indexOf(last) : -1;
    this.isCut = false;
    return this.frames.splice(0, end < 0 ? this.frames.length : end + 1);
  }
}

const STEPS = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('add'), length: fc.integer({ min: 0, max: 200_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('add'), length: fc.constant(MOST_BYTES + 1) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('mark', 'take', 'takeMarked', 'clear'),
        length: fc.constant(0),
      }),
    },
  ),
  { maxLength: 40 },
);

/** Whether two lists hold the same bytes, marks as themselves. */
function expectSame(told: readonly Buffer[], wanted: readonly Buffer[]): void {
  expect(told.map(({ length }) => length)).toEqual(wanted.map(({ length }) => length));
  told.forEach((frame, at) => {
    const other = wanted[at];
    expect(frame === MARK).toBe(other === MARK);
    expect(other && frame.equals(other)).toBe(true);
  });
}

describe('UnansweredSound', () => {
  it('keeps the latest frames as they came, and marks between them, whatever the order of steps', () => {
    fc.assert(
      fc.property(STEPS, steps => {
        const [sound, model] = [new UnansweredSound(), new Model()];
        const others: { taken: SoundFrames; wanted: Buffer[] }[] = [];
        let sum = 0;
        for (const { kind, length } of steps) {
          if (kind === 'add') {
            const frame = Buffer.alloc(length, (sum += 1));
            sound.add(frame);
            model.add(Buffer.from(frame));
            frame.fill(0); // it is its owner's again
          } else if (kind === 'mark') {
            sound.mark(MARK);
            model.add(MARK);
          } else if (kind === 'clear') {
            sound.clear();
            model.take();
          } else {
            const last = kind === 'take' ? undefined : MARK;
            const taken = sound.take(last);
            const wanted = model.take(last).filter(frame => frame !== last);
            expectSame(taken.list, wanted);
            others.push({ taken, wanted });
          }
          expect([sound.isCut, sound.isEmpty, sound.has(MARK)]).toEqual([
            model.isCut,
            model.frames.length === 0,
            model.frames.includes(MARK),
          ]);
        }
        expectSame(sound.list, model.frames);
        for (const { taken, wanted } of others) {
          expectSame(taken.list, wanted); // whatever came since
          taken.clear();
        }
        sound.add(Buffer.alloc(100_000, 255)); // in memory that others have used
        model.add(Buffer.alloc(100_000, 255));
        expectSame(sound.list, model.frames);
      }),
    );
  });
});
