import type { AnswerCache, ForgottenAnswers } from '@app/optimization';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { CacheCirculars } from './cache-circulars.js';
import type { Circular } from './flight-mail.js';
import type { GatewayMail } from './gateway-mail.js';

const FORGET: ForgottenAnswers = { projectId: 'project', purged: {} };
const MINUTE_MS = 60_000;

/** All that gateways have sent to each other. */
let sent: Circular[];
let clock: TestClock;

beforeEach(() => {
  sent = [];
  clock = new TestClock();
});

/** A gateway that is started now; what it does to its cache, and what that hears. */
function aGateway(address: string): {
  circulars: CacheCirculars;
  tell: (forgotten: ForgottenAnswers) => Promise<void>;
  heard: ForgottenAnswers[];
} {
  const heard: ForgottenAnswers[] = [];
  const tellers: Parameters<AnswerCache['onForget']>[0][] = [];
  const cache = {
    onForget: (tell: (typeof tellers)[0]) => tellers.push(tell),
    hear: (forgotten: ForgottenAnswers) => heard.push(forgotten),
  };
  const mail = { address, sendToAll: async (circular: Circular) => void sent.push(circular) };
  const circulars = new CacheCirculars(
    mail as unknown as GatewayMail,
    cache as unknown as AnswerCache,
    clock,
  );
  return { circulars, tell: async forgotten => tellers[0]?.(forgotten), heard };
}

describe('CacheCirculars', () => {
  it('are heard once, and not by their sender', async () => {
    const [one, two] = [aGateway('one'), aGateway('two')];
    await one.tell(FORGET);
    await one.tell({ ...FORGET, projectId: 'other' });
    for (const circular of [...sent, ...sent]) {
      one.circulars.hear(circular);
      two.circulars.hear(circular);
    }

    expect(one.heard).toEqual([]);
    expect(two.heard.map(({ projectId }) => projectId)).toEqual(['project', 'other']);
  });

  it('are heard of each sender, also where its clock goes back, or is behind', async () => {
    const one = aGateway('one');
    await one.tell(FORGET);
    clock.advance(-MINUTE_MS + 1);
    await one.tell(FORGET);
    await aGateway('two').tell(FORGET);
    clock.advance(MINUTE_MS - 1);
    const three = aGateway('three');
    sent.forEach(circular => three.circulars.hear(circular));

    expect(three.heard).toEqual([FORGET, FORGET, FORGET]);
  });

  it('that somebody has recorded are not heard by who was started since', async () => {
    await aGateway('one').tell(FORGET);
    clock.advance(MINUTE_MS);
    const two = aGateway('two');
    sent.forEach(circular => two.circulars.hear(circular));

    expect(two.heard).toEqual([]);
  });
});
