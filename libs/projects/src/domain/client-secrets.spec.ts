import { InvalidRequestError, RingKey, Secrets } from '@app/shared';
import { TestClock } from '../../../../test/support/test-clock.js';
import { type ClientSecret, ClientSecrets, isClientSecret } from './client-secrets.js';

const OLD = new RingKey(Buffer.alloc(32, 1));
const NEW = new RingKey(Buffer.alloc(32, 2));
const clock = new TestClock();
const by = (...ring: RingKey[]): ClientSecrets => new ClientSecrets(new Secrets(ring), clock);
const secretOf = (config: object = {}, seconds = 60): ClientSecret => ({
  projectId: 'p',
  keyId: 'k',
  expiresAt: Math.floor(clock.now() / 1000) + seconds,
  config: { type: 'realtime', ...config },
});
const withInstructions = (length: number): ClientSecret => secretOf({ instructions: 'a'.repeat(length) });

describe('ClientSecrets', () => {
  it('opens what any gateway with the same encryption keys has sealed', () => {
    const secret = secretOf({ model: 'm', instructions: 'Grüße' });
    const sealed = by(OLD).seal(secret);

    expect(isClientSecret(sealed)).toBe(true);
    expect(sealed).not.toContain('Gr');
    expect(by(OLD).open(sealed)).toEqual(secret);
    expect(by(NEW, OLD).open(sealed)).toEqual(secret);
    expect(by(NEW).open(sealed)).toBeNull();
  });

  it('can be said in the name of a WebSocket protocol', () => {
    expect(by(OLD).seal(secretOf())).toMatch(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/);
  });

  it('opens nothing that was cut, wherever', () => {
    const sealed = by(OLD).seal(secretOf());
    for (let end = 0; end < sealed.length; end += 1) {
      expect(by(OLD).open(sealed.slice(0, end))).toBeNull();
    }
  });

  it('opens nothing that was altered, wherever', () => {
    const sealed = by(OLD).seal(secretOf());
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      expect(by(OLD).open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBeNull();
    }
  });

  it.each(['.', '.x', '.AA', 'A', 'AA==', '=', ' ', '!', '/'])('opens nothing with %j behind it', junk => {
    expect(by(OLD).open(by(OLD).seal(secretOf()) + junk)).toBeNull();
  });

  it('opens nothing that was sealed for something else', () => {
    const secrets = new Secrets([OLD]);
    const text = JSON.stringify(secretOf());
    const others = ['', 'k', 'p', '01936f5a-7c1e-7a1b-8f00-0123456789ab'];

    expect(others.map(record => by(OLD).open(`ek_${secrets.encrypt(text, record)}`))).toEqual(
      others.map(() => null),
    );
    expect(() => secrets.decrypt(by(OLD).seal(secretOf()).slice('ek_'.length), 'k')).toThrow();
  });

  it.each([
    '',
    'ek_',
    'ek_v1',
    'ek_v1..',
    'pk_1',
    'ek_68af296e8e408191a1120ab6383263c2',
    `ek_v1.${OLD.id}.AAAA`,
  ])('opens no %j', presented => {
    expect(by(OLD).open(presented)).toBeNull();
  });

  it('is as long as 8,192 characters, and no longer', () => {
    const room = 6144 - 200;

    expect(by(OLD).seal(withInstructions(room)).length).toBeLessThanOrEqual(8192);
    expect(() => by(OLD).seal(withInstructions(room + 200))).toThrow(InvalidRequestError);
  });

  it('expires at its second', () => {
    const secret = secretOf({}, 10);
    clock.advance(9_000);
    expect(by(OLD).isExpired(secret)).toBe(false);
    clock.advance(1_000);
    expect(by(OLD).isExpired(secret)).toBe(true);
  });
});
