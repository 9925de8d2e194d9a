import { ProjectStamp } from './project-stamp.js';
import { RingKey } from './ring-key.js';
import { Secrets } from './secrets.js';

const OLD = new RingKey(Buffer.alloc(32, 1), 'old');
const NEW = new RingKey(Buffer.alloc(32, 2), 'new');
const stampWith = (ring: readonly RingKey[], project = 'p'): ProjectStamp =>
  new ProjectStamp(new Secrets(ring), project);

describe('stamps in a text', () => {
  const both = stampWith([NEW, OLD]);
  const alone = stampWith([NEW]);

  it('are renewed with the active key, wherever they stand, and nothing else is', () => {
    const stamped = ['one', 'two'].map(text => stampWith([OLD]).stamp(text));
    const text = `{"a":"${stamped[0]}","b":["gw1.","gw1.x.y","Grüße 🙂","${stamped[1]}"]}`;
    const renewed = both.renewIn(text);

    expect(stamped.map(one => alone.read(one))).toEqual([null, null]);
    expect(renewed).toBe(
      `{"a":"${alone.stamp('one')}","b":["gw1.","gw1.x.y","Grüße 🙂","${alone.stamp('two')}"]}`,
    );
    expect(renewed).toHaveLength(text.length);
    expect(both.renewIn(renewed)).toBe(renewed);
  });

  it('stay as they are when they are altered, of another project, or of a key that is gone', () => {
    const stamped = stampWith([OLD]).stamp('text');
    const foreign = [
      stamped.replace('gw1.d', 'gw1.e'),
      stampWith([OLD], 'other').stamp('text'),
      stampWith([new RingKey(Buffer.alloc(32, 3))]).stamp('text'),
    ];

    expect(foreign.map(one => both.renewIn(one))).toEqual(foreign);
    expect(alone.renewIn(stamped)).toBe(stamped);
  });
});
