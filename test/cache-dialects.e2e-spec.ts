import { APIS, type Asked, type Heard } from './support/cache.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { VENDORS } from './support/messages.js';

const NAMES = Object.keys(APIS) as (keyof typeof APIS)[];
/** The first answer from the cache is translated, the others are told again. */
const HITS = NAMES.flatMap(name => [name, name, name]);
const WAYS = ['whole', 'streamed'] as const;

let gateway: TestGateway;
let prompts = 0;

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin('PATCH', `/admin/projects/${gateway.projectId}`, { cache: 'all' });
});

afterAll(() => gateway?.stop());

describe.each(VENDORS)('an answer of %s', (_vendor, model) => {
  describe.each(WAYS)('that came %s', way => {
    it.each(NAMES)(
      'once asked for in %s serves all four APIs, by ids of its own, for nothing',
      async first => {
        prompts += 1;
        const asked: Asked = { model, prompt: `[[sim:count ${20 + prompts}]]` };
        const paid = await APIS[first][way](gateway, asked);
        const before = gateway.simulator.requests().length;
        const heard: Heard[] = [];
        for (const name of HITS) {
          heard.push(await APIS[name][way](gateway, asked));
        }

        expect(paid.text).toContain(`${20 + prompts}`);
        expect(paid.tokens[1]).toBeGreaterThan(0);
        expect(heard.map(({ text }) => text)).toEqual(HITS.map(() => paid.text));
        expect(heard.flatMap(({ tokens }) => tokens)).toEqual(HITS.flatMap(() => [0, 0]));
        expect(new Set([paid, ...heard].map(({ id }) => id)).size).toBe(HITS.length + 1);
        expect(gateway.simulator.requests()).toHaveLength(before);
      },
    );
  });
});
