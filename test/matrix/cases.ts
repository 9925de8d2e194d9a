import { PDF, PERSON, PIXEL, WEATHER } from '../support/responses.js';
import type { Ask, Called, Tool, Way } from './client.js';
import { type Cell, WAYS } from './cell.js';

const UNICODE = 'Příliš 🐎👩‍👩‍👧 漢字 עברית \u2028 e\u0301 "quoted" \\ \t end';
const TOOLS: readonly Tool[] = ['get_weather', 'get_time'].map(name => ({
  name,
  schema: WEATHER.parameters ?? {},
}));
/** Of characters that break what is cut or escaped wrongly. */
const ARGUMENTS = { city: 'Zü"ri\\ch 🐎\n', unit: 'celsius' };

type Case = <Turn>(cell: Cell<Turn>) => Promise<void>;

async function both(run: (way: Way) => Promise<void>): Promise<void> {
  for (const way of WAYS) {
    await run(way);
  }
}

function expectCalls(calls: readonly Called[], names: readonly string[]): void {
  expect(calls.map(({ name, args }) => ({ name, args }))).toEqual(
    names.map(name => ({ name, args: ARGUMENTS })),
  );
  expect(new Set(calls.map(({ id }) => id)).size).toBe(names.length);
}

/** Refused with a 400 that names the field, before the vendor was asked or by itself. */
async function expectRefusal<Turn>(
  cell: Cell<Turn>,
  what: 'schema' | 'image' | 'pdf',
  ask: Omit<Ask<Turn>, 'model'>,
): Promise<void> {
  const { words } = cell.sdk;
  await both(async way => {
    const error = await cell.failure(ask, way);
    expect(error).toBeInstanceOf(words.errorClass(400));
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining(words.fields[what]) });
  });
}

/** The API has no stop sequences: OpenAI says so itself, for others it is a loss. */
async function expectNoSuchField<Turn>(cell: Cell<Turn>, ask: Omit<Ask<Turn>, 'model'>): Promise<void> {
  if (cell.column.vendor === 'openai') {
    expect(await cell.failure(ask, 'whole')).toMatchObject({
      status: 400,
      message: expect.stringContaining("'stop'"),
    });
  } else {
    expect((await cell.answer(ask, 'whole')).text).toMatch(/50$/);
    expect(cell.losses()).toBe('dropped=stop');
  }
}

const answers: Readonly<Record<string, Case>> = {
  text: async cell => {
    const said = await cell.answer({ text: 'Good morning', system: 'Be brief.' }, 'whole');

    expect(said.text).toBe('You said: Good morning (2 words).');
    expect(said.finish).toBe(cell.sdk.words.finish.end);
    expect(cell.sent()).toContain('Be brief.');
    expect(cell.losses()).toBeUndefined();
  },

  stream: async cell => {
    const text = '[[sim:count 200]]';
    const whole = await cell.answer({ text }, 'whole');
    const streamed = await cell.answer({ text }, 'streamed');
    const pieces: string[] = [];
    await cell.client.ask({ model: cell.model, text }, 'streamed', { onText: piece => pieces.push(piece) });

    expect({ ...streamed, turn: null }).toEqual({ ...whole, turn: null });
    expect(pieces.join('')).toBe(whole.text);
    expect(pieces.length).toBeGreaterThan(20);
    expect(cell.losses()).toBeUndefined();
  },

  tools: cell =>
    both(async way => {
      const text = `Weather? [[sim:tool get_time]] [[sim:arguments ${JSON.stringify(ARGUMENTS)}]]`;
      const said = await cell.answer({ text, tools: TOOLS }, way);

      expectCalls(said.calls, ['get_time']);
      expect(said.finish).toBe(cell.sdk.words.finish.calls);
      expect(cell.losses()).toBeUndefined();
    }),

  'parallel tools': cell =>
    both(async way => {
      const text = `Weather? [[sim:parallel]] [[sim:arguments ${JSON.stringify(ARGUMENTS)}]]`;
      const said = await cell.answer({ text, tools: TOOLS }, way);

      expectCalls(said.calls, ['get_weather', 'get_time']);
      expect(said.finish).toBe(cell.sdk.words.finish.calls);
    }),

  'multi-turn tool loop': async cell => {
    const ask = {
      text: `Weather? [[sim:parallel]] [[sim:arguments ${JSON.stringify(ARGUMENTS)}]]`,
      tools: TOOLS,
    };
    const called = await cell.answer(ask, 'streamed');
    const first = { said: called, results: [UNICODE, 'noon'] };
    const told = await cell.answer({ ...ask, rounds: [first] }, 'whole');
    const again = { said: told, next: 'And in Rome? [[sim:tool get_time]]' };
    const calledAgain = await cell.answer({ ...ask, rounds: [first, again] }, 'streamed');
    const last = { said: calledAgain, results: ['midnight'] };
    const end = await cell.answer({ ...ask, rounds: [first, again, last] }, 'streamed');

    expect(told.text).toBe(`Tool get_weather said: ${UNICODE} Tool get_time said: noon`);
    expect(calledAgain.calls.map(({ name }) => name)).toEqual(['get_time']);
    expect(end.text).toBe('Tool get_time said: midnight');
    expect(cell.losses()).toBeUndefined();
  },

  'structured output': async cell => {
    const ask = { text: 'Describe Ada', schema: PERSON.schema };
    if (cell.lacks('schema')) {
      return expectRefusal(cell, 'schema', ask);
    }
    await both(async way => {
      const { text } = await cell.answer(ask, way);

      expect(JSON.parse(text)).toEqual({ name: expect.any(String), age: expect.any(Number) });
      expect(cell.losses()).toBeUndefined();
    });
  },

  image: async cell => {
    const ask = { text: 'What is this?', image: PIXEL };
    if (cell.lacks('image')) {
      return expectRefusal(cell, 'image', ask);
    }
    await both(async way => {
      const { text } = await cell.answer(ask, way);

      expect(text).toContain(`I see an image of ${Buffer.from(PIXEL, 'base64').length} bytes.`);
      expect(cell.sent()).toContain(PIXEL);
      expect(cell.losses()).toBeUndefined();
    });
  },

  PDF: async cell => {
    const ask = { text: 'What is this?', pdf: PDF };
    if (cell.lacks('pdf')) {
      return expectRefusal(cell, 'pdf', ask);
    }
    await both(async way => {
      const { text } = await cell.answer(ask, way);

      expect(text).toContain(`I see a document of ${Buffer.from(PDF, 'base64').length} bytes.`);
      expect(cell.sent()).toContain(PDF);
      const { pdfName } = cell.sdk.words.fields;
      expect(cell.losses()).toBe(cell.lacks('pdf-name') && pdfName ? `dropped=${pdfName}` : undefined);
    });
  },

  reasoning: cell =>
    both(async way => {
      const ask = { model: cell.thinker, text: 'Weather in Oslo?', tools: TOOLS, reasoning: true };
      const said = await cell.answer(ask, way);
      const next = await cell.answer({ ...ask, rounds: [{ said, results: ['rain'] }] }, way);
      const back = cell.column.reasoningBack ?? cell.sdk.words.reasoningAtOpenAi;

      expect(said.reasoning).toMatch(/Think.*Oslo/);
      expect(next.text).toContain('rain');
      expect(cell.sent()).toMatch(back ?? /Oslo/);
      expect(cell.sent()).not.toContain('gw1.');
      expect(cell.losses()).toBeUndefined();
    }),

  stop: async cell => {
    const ask = { text: '[[sim:count 50]]', stop: ['7'] };
    const { finish, fields } = cell.sdk.words;
    if (fields.stop === null) {
      return expectNoSuchField(cell, ask);
    }
    const isLost = cell.lacks('stop');
    await both(async way => {
      const said = await cell.answer(ask, way);

      // Only Anthropic says that a sequence was why.
      expect(said.finish).toBe(cell.column.vendor === 'anthropic' ? finish.stop : finish.end);
      expect(said.text.startsWith('1 2 3 4 5 6')).toBe(true);
      expect(said.text.includes('8')).toBe(isLost);
      expect(cell.losses()).toBe(isLost ? `dropped=${fields.stop}` : undefined);
    });
  },

  length: cell =>
    both(async way => {
      const said = await cell.answer({ text: '[[sim:count 200]]', maxTokens: 16 }, way);

      expect(said.finish).toBe(cell.sdk.words.finish.length);
      expect(said.text).toMatch(/^1 2 3 /);
      expect(said.text).not.toContain('200');
    }),

  refusal: cell =>
    both(async way => {
      const refused = await cell.answer({ text: '[[sim:refuse]]' }, way);
      const filtered = await cell.answer({ text: '[[sim:filter]]' }, way);

      expect(refused.refused).toBe(!cell.lacks('refusal'));
      expect(refused.text).toMatch(cell.lacks('refusal') ? /can't help/ : /^$|can't help/);
      expect(filtered.refused).toBe(true);
    }),

  unicode: cell =>
    both(async way => {
      expect((await cell.answer({ text: `[[sim:say ${UNICODE}]]` }, way)).text).toBe(UNICODE);
    }),
};

const failures: Readonly<Record<string, Case>> = {
  'error 400': cell => expectFailure(cell, 'status=400', 400),
  // The key at fault is the gateway's, not the caller's.
  'error 401 of the vendor': cell => expectFailure(cell, 'status=401', 502),
  'error 401 of the caller': async cell => {
    const stranger = cell.sdk.connect(cell.gateway, 'pk_nobody');
    const error = await stranger
      .ask({ model: cell.model, text: 'Hi' }, 'whole')
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(cell.sdk.words.errorClass(401));
    expect(error).toMatchObject({ status: 401 });
  },
  'error 404': cell => expectFailure(cell, 'status=404', 404),
  'error 429': cell => expectFailure(cell, 'status=429,retry-after=7', 429, '7'),
  'error 500': cell => expectFailure(cell, 'status=500', 502),
  'error 529': cell => expectFailure(cell, 'status=529', cell.sdk.words.overloaded),

  'mid-stream error': async cell => {
    const pieces: string[] = [];
    const text = '[[sim:words 200]] [[sim:fault error-event=20]]';
    const asking = cell.client.ask({ model: cell.model, text }, 'streamed', {
      onText: piece => pieces.push(piece),
    });

    await expect(asking).rejects.toBeInstanceOf(cell.sdk.words.errorClass(0));
    expect(pieces.length).toBeGreaterThan(0);
    expect(await cell.record()).toMatchObject({ outcome: 'cut', provider: cell.column.vendor });
  },

  abort: async cell => {
    cell.gateway.simulator.reset();
    const leaving = new AbortController();
    const text = '[[sim:words 5000]] [[sim:fault pace=5]]';
    const asking = cell.client.ask({ model: cell.model, text }, 'streamed', {
      signal: leaving.signal,
      onText: () => leaving.abort(),
    });

    await expect(asking).rejects.toThrow();
    await cell.gateway.simulator.untilAborted(1);
    await cell.untilIdle();
    expect(await cell.record()).toMatchObject({ outcome: 'aborted', status: 499, errorCode: 'caller_left' });
  },
};

async function expectFailure<Turn>(
  cell: Cell<Turn>,
  fault: string,
  status: number,
  retryAfter?: string,
): Promise<void> {
  const { words } = cell.sdk;
  await both(async way => {
    const error = await cell.failure({ text: `[[sim:fault ${fault}]]` }, way);

    expect(error).toBeInstanceOf(words.errorClass(status));
    expect(error).toMatchObject({ status, message: expect.stringMatching(/\w{3}/) });
    expect(words.retryAfter(error)).toBe(retryAfter);
    expect(await cell.record()).toMatchObject({ outcome: 'failed', status, provider: cell.column.vendor });
  });
}

export const CASES: Readonly<Record<string, Case>> = { ...answers, ...failures };
