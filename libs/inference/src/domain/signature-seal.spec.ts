import { randomBytes } from 'node:crypto';
import { RingKey, Secrets } from '@app/shared';
import { holdsSealed, ProjectSeal } from './signature-seal.js';

const secrets = new Secrets([new RingKey(randomBytes(32))]);
const signature = { issuer: 'anthropic', model: 'claude-sonnet-5', payload: 'EqQBCg…+/=', id: 'rs_1' };

describe('the seal of signatures', () => {
  const seal = new ProjectSeal(secrets, 'project-a');

  it('gives back what it sealed', () => {
    expect(seal.open(seal.seal(signature))).toEqual(signature);
  });

  it('opens nothing for another project', () => {
    expect(new ProjectSeal(secrets, 'project-b').open(seal.seal(signature))).toBeNull();
  });

  it('opens nothing that was altered, at any byte', () => {
    const sealed = seal.seal(signature);
    for (let at = 0; at < sealed.length; at++) {
      const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(seal.open(altered)).toBeNull();
    }
  });

  it.each(['', 'gw1.', 'gw1..', 'gw1.abc', 'skip_thought_signature_validator', 'gw1.e30.e30'])(
    'opens nothing in %j',
    text => {
      expect(seal.open(text)).toBeNull();
    },
  );

  it('is seen in a body', () => {
    expect(holdsSealed(Buffer.from(JSON.stringify({ signature: seal.seal(signature) })))).toBe(true);
    const inBase64 = Buffer.from(seal.seal(signature)).toString('base64'); // as callers of Gemini have it
    expect(holdsSealed(Buffer.from(JSON.stringify({ thoughtSignature: inBase64 })))).toBe(true);
    expect(holdsSealed(Buffer.from(JSON.stringify({ text: 'about gw1. and so on' })))).toBe(false);
  });
});
