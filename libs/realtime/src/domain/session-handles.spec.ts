import { ProjectStamp, RingKey, Secrets } from '@app/shared';
import { ForeignHandleError } from './realtime.errors.js';
import { SessionHandles } from './session-handles.js';

const OLD = new RingKey(Buffer.alloc(32, 1), 'old');
const NEW = new RingKey(Buffer.alloc(32, 2), 'new');
const secrets = new Secrets([NEW, OLD]);
const handles = new SessionHandles(secrets, 'p');

describe('the handles of a project', () => {
  it('are good at each gateway that has the key, and as long as it has it', () => {
    expect(new SessionHandles(secrets, 'p').own(handles.shown('h'))).toBe('h');
    expect(handles.own(new SessionHandles(new Secrets([OLD]), 'p').shown('h'))).toBe('h');
  });

  it.each([
    ["another project's", new SessionHandles(secrets, 'q').shown('h')],
    ["a vendor's", 'h'],
    ['of a key that is gone', new SessionHandles(new Secrets([OLD]), 'p').shown('h')],
    ['signatures of the project', new ProjectStamp(new Secrets([NEW]), 'p').stamp('h')],
    ['altered ones', `${handles.shown('h')}x`],
    ['made up', 'gw1.aA.'],
  ])('are not %s', (_, handle) => {
    expect(() => new SessionHandles(new Secrets([NEW]), 'p').own(handle)).toThrow(ForeignHandleError);
  });

  it('are refused with a message that has room in a close', () => {
    expect(Buffer.byteLength(new ForeignHandleError().message)).toBeLessThanOrEqual(123);
  });
});
