import { randomUUIDv7 } from 'node:crypto';
import { parseExact } from '@app/dialects';
import { Keeping, PROJECT, type Services, TTL_MS } from '../../../../test/support/keeping.js';
import { LEASE_MS, type NewResponse } from './kept-responses.service.js';
import {
  ContextTooLargeError,
  PreviousResponseNotFoundError,
  PreviousResponseUnfinishedError,
  ResponseNotFoundError,
  TooLargeToKeepError,
  UnreadableRecordError,
} from './responses.errors.js';

let keeping: Keeping;
let opened: Services;

beforeEach(async () => {
  keeping = Keeping.open();
  opened = await keeping.services();
});

afterEach(async () => {
  await keeping.database.close();
});

function aResponse(fields: Partial<NewResponse> & { said?: string } = {}): NewResponse {
  const { said = 'Hello', ...rest } = fields;
  return {
    id: `resp_${randomUUIDv7()}`,
    projectId: PROJECT,
    createdAt: keeping.clock.now(),
    status: 'completed',
    provider: 'anthropic',
    model: 'claude-sonnet-5',
    ancestors: [],
    conversationId: null,
    background: false,
    contextBytes: 0,
    response: { status: 'completed', output: [{ id: 'out', text: `You said ${said}` }] },
    input: [{ id: 'in', text: said }],
    ...rest,
  };
}

describe('a kept response', () => {
  it('comes back as it was, also its long numbers, and lies in the store in cipher', async () => {
    const long = '{"id":"out","n":18446744073709551615}';
    const response = aResponse({
      said: 'the secret of Ada',
      response: { output: [parseExact(long)] },
    });
    await opened.kept.keep(response);
    const { id } = await opened.conversations.create({ projectId: PROJECT }, { topic: 'secret' });
    await opened.conversations.append({ projectId: PROJECT }, id, [{ id: 'msg_1', text: 'secret' }]);

    const kept = await opened.kept.get(PROJECT, response.id);
    expect(kept).toMatchObject({ input: response.input, provider: 'anthropic', status: 'completed' });
    expect(JSON.stringify(kept.response)).toBe(`{"output":[${long}]}`);
    expect(await keeping.stored()).not.toMatch(/secret|Hello|topic/);
  });

  it('is nobody else’s', async () => {
    const response = aResponse();
    await opened.kept.keep(response);

    await expect(opened.kept.get('other', response.id)).rejects.toThrow(ResponseNotFoundError);
    await expect(opened.kept.delete('other', response.id)).rejects.toThrow(ResponseNotFoundError);
    await expect(opened.earlier.of('other', response.id)).rejects.toThrow(PreviousResponseNotFoundError);
  });

  it('does not open under another record’s name, nor with another key', async () => {
    const [one, other] = [aResponse(), aResponse()];
    await opened.kept.keep(one);
    await opened.kept.keep(other);
    const stranger = await keeping.services({}, 2);
    await expect(stranger.kept.get(PROJECT, one.id)).rejects.toThrow(UnreadableRecordError);

    const { envelope } = await keeping.database.sql
      .selectFrom('responses')
      .select('envelope')
      .where('id', '=', other.id)
      .executeTakeFirstOrThrow();
    await keeping.database.sql.updateTable('responses').set({ envelope }).where('id', '=', one.id).execute();
    await expect(opened.kept.get(PROJECT, one.id)).rejects.toThrow(UnreadableRecordError);
  });

  it('is gone when its time is over, and then deleted', async () => {
    const response = aResponse();
    await opened.kept.keep(response);
    keeping.clock.advance(TTL_MS);

    await expect(opened.kept.get(PROJECT, response.id)).rejects.toThrow(ResponseNotFoundError);
    await expect(opened.expired.deleteSome()).resolves.toBe(false);
    expect(await keeping.stored()).toBe('[[],[],[]]');
  });

  it('is refused when it is too large', async () => {
    const { kept } = await keeping.services({ AI_GATEWAY_RESPONSES_LIMIT_BYTES: '1024' });

    await expect(kept.keep(aResponse({ said: 'a'.repeat(1024) }))).rejects.toThrow(TooLargeToKeepError);
    await expect(kept.keep(aResponse())).resolves.toBeUndefined();
  });

  it('that just has room tells of its end all the same', async () => {
    const running = aResponse({ status: 'in_progress', background: true, said: 'a'.repeat(1024) });
    const bytes = Buffer.byteLength(JSON.stringify({ response: running.response, input: running.input }));
    const { kept } = await keeping.services({ AI_GATEWAY_RESPONSES_LIMIT_BYTES: String(bytes) });
    await kept.keep(running);
    const answer = { response: { ...running.response, more: 'x' }, input: running.input };
    await expect(kept.finish(running, 'completed', answer)).rejects.toThrow(TooLargeToKeepError);
    keeping.clock.advance(LEASE_MS + 1);

    await expect(kept.get(PROJECT, running.id)).resolves.toMatchObject({ status: 'failed' });
  });

  it('has failed when its gateway shows no life any more', async () => {
    const running = aResponse({ status: 'in_progress', background: true });
    await opened.kept.keep(running);
    keeping.clock.advance(LEASE_MS - 1);
    await opened.kept.renewLease(running.id);
    keeping.clock.advance(LEASE_MS);
    await expect(opened.kept.get(PROJECT, running.id)).resolves.toMatchObject({ status: 'in_progress' });

    keeping.clock.advance(1);
    const failed = { status: 'failed', response: { status: 'failed', error: { code: 'server_error' } } };
    await expect(opened.kept.get(PROJECT, running.id)).resolves.toMatchObject(failed);
    await expect(opened.kept.renewLease(running.id)).resolves.toBe(false);
    await expect(opened.kept.get(PROJECT, running.id)).resolves.toMatchObject(failed);
  });
});

async function chain(...texts: string[]): Promise<NewResponse[]> {
  const responses: NewResponse[] = [];
  for (const said of texts) {
    const last = responses.at(-1);
    const before = last && (await opened.earlier.of(PROJECT, last.id));
    const response = aResponse({
      said,
      ancestors: before?.ancestors ?? [],
      contextBytes: before?.contextBytes ?? 0,
    });
    await opened.kept.keep(response);
    responses.push(response);
  }
  return responses;
}

describe('what was said before', () => {
  it('is the input and output of every response, in order', async () => {
    const [, , last] = await chain('one', 'two', 'three');
    const { items, ancestors } = await opened.earlier.of(PROJECT, last?.id ?? '');

    expect(items.map(({ text }) => text)).toEqual([
      'one',
      'You said one',
      'two',
      'You said two',
      'three',
      'You said three',
    ]);
    expect(ancestors).toHaveLength(3);
  });

  it('is not told without the one that was deleted', async () => {
    const [, middle, last] = await chain('one', 'two', 'three');
    await opened.kept.delete(PROJECT, middle?.id ?? '');

    await expect(opened.earlier.of(PROJECT, last?.id ?? '')).rejects.toThrow(middle?.id);
  });

  it('ends where no request could carry it', async () => {
    const [, last] = await chain('a'.repeat(600), 'b'.repeat(600));
    const small = await keeping.services({ AI_GATEWAY_SERVER_BODY_LIMIT_BYTES: '1500' });

    await expect(small.earlier.of(PROJECT, last?.id ?? '')).rejects.toThrow(ContextTooLargeError);
  });

  it('is not gathered from more responses than can be opened at once', async () => {
    const ids = Array.from({ length: 101 }, (_id, index) => `resp_${index}`);

    await expect(opened.earlier.together(PROJECT, ids)).rejects.toThrow(ContextTooLargeError);
    await expect(opened.earlier.together(PROJECT, ids.slice(1))).resolves.toEqual({ items: [], routes: [] });
  });

  it.each(['in_progress', 'failed', 'cancelled'] as const)('of one that is %s is nothing', async status => {
    const response = aResponse({ status });
    await opened.kept.keep(response);

    await expect(opened.earlier.of(PROJECT, response.id)).rejects.toThrow(PreviousResponseUnfinishedError);
  });
});
