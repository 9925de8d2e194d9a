import { RingKey, Secrets } from '@app/shared';
import { type Mail, openMail, sealMail } from './flight-mail.js';

const OLD = new RingKey(Buffer.alloc(32, 1), 'old');
const NEW = new RingKey(Buffer.alloc(32, 2), 'new');
const SECRETS = new Secrets([OLD]);
const MAIL: Mail = {
  key: 'a'.repeat(64),
  said: { id: 'one', number: 3, pieces: [2, 3], end: 'ended', costNanoUsd: null },
  body: Buffer.from([10, 0, 255, 10, 10]),
};

describe('mail between gateways', () => {
  it('arrives byte by byte, and says nothing on its way', () => {
    const message = sealMail({ ...MAIL, body: Buffer.from('a secret answer') }, SECRETS);

    expect(openMail(sealMail(MAIL, SECRETS), SECRETS)).toEqual(MAIL);
    expect(message).toMatch(/^a{64} v1\.old\.[\w-]+$/);
    const sealed = Buffer.from(message.split('.')[2] ?? '', 'base64url');
    expect(sealed.includes('secret')).toBe(false);
  });

  it('opens with an older encryption key of the ring', () => {
    expect(openMail(sealMail(MAIL, SECRETS), new Secrets([NEW, OLD]))).toEqual(MAIL);
  });

  it.each<[string, string]>([
    ['of another request', sealMail(MAIL, SECRETS).replace(/^a+/, 'b'.repeat(64))],
    ['altered', sealMail(MAIL, SECRETS).replace(/..$/, end => (end === 'AA' ? 'BB' : 'AA'))],
    ['of another encryption key', sealMail(MAIL, new Secrets([NEW]))],
    ['no mail', 'hello'],
    ['empty', ''],
  ])('that is %s does not open', (_, message) => {
    expect(() => openMail(message, SECRETS)).toThrow();
  });
});
