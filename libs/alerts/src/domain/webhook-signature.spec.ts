import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, signedHeaders } from './webhook-signature.js';

describe('the signature of a webhook', () => {
  const body = JSON.stringify({ type: 'alert.firing', text: 'Tee für 5 €' });
  const message = { id: 'msg_1', at: Date.now(), body };

  it('is what the library of Standard Webhooks verifies', () => {
    const secret = newWebhookSecret();

    expect(new Webhook(secret).verify(body, signedHeaders(secret, message))).toEqual(JSON.parse(body));
  });

  it('fits no other body, id, time or secret', () => {
    const secret = newWebhookSecret();
    const headers = signedHeaders(secret, message);
    const refused = 'No matching signature found';

    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow(refused);
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'msg_2' })).toThrow(refused);
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-timestamp': later })).toThrow(
      refused,
    );
    expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow(refused);
  });
});
