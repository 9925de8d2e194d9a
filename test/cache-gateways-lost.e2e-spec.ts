import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis as Client } from 'ioredis';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';
import { GatewayProcess } from './support/gateway-process.js';
import { SharedGround } from './support/shared-ground.js';
import { contentOf } from './support/streamed.js';

const MODEL = 'openai/gpt-4.1-mini';
let questions = 0;

function question(directives: string, more: object = {}): object {
  questions += 1;
  return { model: MODEL, messages: [{ role: 'user', content: `q ${questions} ${directives}` }], ...more };
}

/** A stream that is read all the time. */
class Reading {
  text = '';
  /** All of it. */
  readonly end: Promise<string>;

  private readonly reader: ReadableStreamDefaultReader<Uint8Array> | undefined;

  constructor({ body }: Response) {
    this.reader = body?.getReader();
    this.end = this.read().then(
      () => this.text,
      () => this.text,
    );
  }

  /** Resolves when so many characters have come. */
  async reaches(length: number): Promise<void> {
    await eventually(() => expect(this.text.length).toBeGreaterThanOrEqual(length));
  }

  async leave(): Promise<void> {
    await this.reader?.cancel();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    for (let piece = await this.reader?.read(); piece?.done === false; piece = await this.reader?.read()) {
      this.text += decoder.decode(piece.value, { stream: true });
    }
  }
}

const both = SharedGround.isThere ? describe : describe.skip;

both('a gateway that follows the call of another one', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-lost-'));
  let ground: SharedGround;
  let client: Client;
  let gateway: TestGateway;
  let leader: GatewayProcess;
  let apiKey: string;

  beforeAll(async () => {
    ground = await SharedGround.start();
    gateway = await startGateway(ground.env);
    leader = await another();
    const created = { name: 'p', cache: 'all' };
    apiKey = (await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', created)).body.apiKey;
    client = new Client(ground.redis.url);
  }, 90_000);
  afterEach(() => ground.redis.thaw());
  afterAll(async () => {
    client?.disconnect();
    await leader?.end('SIGKILL');
    await gateway?.stop();
    await ground?.remove();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** A gateway that can be killed, with the same vendors. */
  async function another(): Promise<GatewayProcess> {
    const ports = [await freePort(), await freePort()] as const;
    const started = await GatewayProcess.start(dataDir, ports, {
      ...ground.env,
      AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${gateway.simulator.url}/v1`,
      AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: 'sk-simulated-openai',
    });
    return started.ready();
  }

  /** How many messages gateways have sent to each other; a subscriber of their channels would hear for the dead. */
  async function messages(): Promise<number> {
    const [, count] = /cmdstat_publish:calls=(\d+)/.exec(await client.info('commandstats')) ?? [];
    return Number(count ?? 0);
  }

  /** Resolves when they have sent more than so many of them. */
  async function areSent(before: number, more: number): Promise<void> {
    await eventually(async () => expect((await messages()) - before).toBeGreaterThan(more));
  }

  function calls(): number {
    return gateway.simulator.requests().length;
  }

  function ask(url: string, body: object): Promise<Response> {
    return fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** A stream of which the other gateway has sent the first piece, and of which this one has, too. */
  async function followed(
    directives: string,
  ): Promise<Record<'leading' | 'following', Reading> & { body: object }> {
    const body = question(directives, { stream: true });
    const leading = new Reading(await ask(leader.url, body));
    const response = await ask(gateway.url, body);
    expect(response.headers.get('x-llmhub-cache')).toBe('hit; age=0; shared');
    const following = new Reading(response);
    await following.reaches(1);
    return { body, leading, following };
  }

  it('gives the whole answer when Redis stands still for a moment meanwhile', async () => {
    const before = calls();
    const { leading, following } = await followed('[[sim:count 100]] [[sim:fault pace=20]]');
    ground.redis.freeze();
    await leading.reaches(leading.text.length + 1000);
    ground.redis.thaw();
    const [told, toldHere] = await Promise.all([leading.end, following.end]);

    expect(toldHere).toContain('[DONE]');
    expect(contentOf(toldHere)).toBe(contentOf(told));
    expect(calls() - before).toBe(1);
  }, 20_000);

  it('says that the answer broke off when Redis does not come back', async () => {
    const { leading, following } = await followed('[[sim:count 450]] [[sim:fault pace=20]]');
    ground.redis.freeze();
    const told = await following.end;

    expect(told).toContain('"error"');
    expect(told).not.toContain('[DONE]');
    ground.redis.thaw();
    expect(await leading.end).toContain('[DONE]');
    await eventually(async () => {
      const response = await ask(leader.url, question(''));
      expect(response.headers.get('x-llmhub-cache')).toBe('miss');
    });
  }, 40_000);

  it('has nobody new follow it when that stands still: who comes has the next answer once its claim is over', async () => {
    const before = calls();
    const { body, leading, following } = await followed('[[sim:count 450]] [[sim:fault pace=20]]');
    leader.child.kill('SIGSTOP');
    const heard = await messages();
    await areSent(heard, 4); // rounds, in which it says nothing
    const late = await ask(gateway.url, body);
    leader.child.kill('SIGCONT');

    expect(late.headers.get('x-llmhub-cache')).toBe('miss');
    expect(await late.text()).toContain('[DONE]');
    expect(calls() - before).toBe(2);
    await Promise.all([leading.end, following.end]); // which has all of it, or is cut: that is woken at the very last
  }, 40_000);

  it('asks anew when that is killed, once for all who have nothing yet, and tells who has something', async () => {
    const before = calls();
    const body = question('[[sim:fault delay=2000]]');
    const lost = ask(leader.url, body).catch(() => null);
    await eventually(() => expect(calls() - before).toBe(1));
    const { leading, following } = await followed('[[sim:count 450]] [[sim:fault pace=20]]');
    const heard = await messages();
    const waiting = Array.from({ length: 20 }, () => ask(gateway.url, body));
    await areSent(heard, 0);
    await leader.end('SIGKILL');
    const answers = await Promise.all(waiting);

    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(calls() - before).toBe(3); // two that were lost, and the new one
    const told = answers.map(({ headers }) => headers.get('x-llmhub-cache'));
    expect(told.filter(cache => cache === 'miss')).toHaveLength(1);
    expect(told.filter(cache => cache === 'hit; age=0; shared')).toHaveLength(19);
    const text = await following.end;
    expect(text).toContain('"error"');
    expect(text).not.toContain('[DONE]');
    await Promise.all([lost, leading.end]);
  }, 40_000);

  it('asks anew for who waits for a whole answer that has begun, and for who comes when that is killed', async () => {
    leader = await another();
    const before = calls();
    const whole = question('[[sim:count 60]] [[sim:fault drip=40]]');
    const lost = ask(leader.url, whole).then(
      answer => answer.text().catch(() => null),
      () => null,
    );
    await eventually(() => expect(calls() - before).toBe(1));
    const heard = await messages();
    const waiting = ask(gateway.url, whole);
    await areSent(heard, 6); // pieces, beside what they say of themselves
    const { body, leading, following } = await followed('[[sim:count 450]] [[sim:fault pace=20]]');
    await leader.end('SIGKILL');
    const late = await ask(gateway.url, body);
    expect(late.headers.get('x-llmhub-cache')).toBe('miss');
    const answer = await waiting;

    expect([answer.status, answer.headers.get('x-llmhub-cache')]).toEqual([200, 'miss']);
    expect(await answer.json()).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    const texts = await Promise.all([late.text(), following.end]);
    expect(texts.map(text => text.includes('[DONE]'))).toEqual([true, false]);
    expect(calls() - before).toBe(4); // two that were lost, and two new ones
    await Promise.all([lost, leading.end]);
  }, 60_000);

  it('has the whole answer when that is stopped, which goes on until then, though its own caller has left', async () => {
    leader = await another();
    const before = calls();
    const { leading, following } = await followed('[[sim:count 150]] [[sim:fault pace=20]]');
    await leading.leave();
    const stopped = leader.end('SIGTERM');
    const text = await following.end;

    expect(text).toContain('[DONE]');
    expect(contentOf(text)).toContain('150');
    expect(calls() - before).toBe(1);
    expect(await stopped).toBe(0);
  }, 40_000);
});
