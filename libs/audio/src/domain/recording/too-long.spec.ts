import { catalog, openAiCompatible } from '@app/providers';
import { InvalidRequestError } from '@app/shared';
import { tooLong, widest } from './too-long.js';

const OWN = openAiCompatible({ id: 'own', name: 'Own', baseUrl: 'http://localhost/v1', apiKeyEnv: [] });
const MIB = 1024 * 1024;

interface Sound {
  readonly bytes?: number;
  readonly seconds?: number | null;
  readonly isExact?: boolean;
}

function refusalOf(name: string, { bytes = 1000, seconds = 1, isExact = true }: Sound) {
  const [id = '', ...model] = name.split('/');
  const vendor = catalog.find(each => each.id === id) ?? OWN;
  const target = { vendor: id, model: model.join('/'), traits: {}, quirks: {} };
  return tooLong({ seconds, isExact, mime: 'audio/wav' }, bytes, { vendor, target });
}

describe('a recording', () => {
  it.each([
    ['openai/whisper-1', 25 * MIB],
    ['azure-openai/our-ears', 25 * MIB],
    ['cohere/cohere-transcribe-03-2026', 25 * MIB],
    ['groq/whisper-large-v3', 100 * MIB],
    ['google/gemini-2.5-flash', 14 * MIB],
    ['deepgram/nova-3', 2048 * MIB],
    ['elevenlabs/scribe_v1', 3072 * MIB],
  ])('has too many bytes for %s beyond %d', (name, bytes) => {
    expect(refusalOf(name, { bytes })).toBeNull();
    expect(refusalOf(name, { bytes: bytes + 1 })).toMatchObject({
      status: 413,
      message: expect.stringContaining(
        `has ${bytes + 1} bytes; '${name}' hears ${bytes} bytes at once`,
      ) as unknown,
    });
  });

  it.each([
    ['openai/gpt-4o-mini-transcribe', 1500],
    ['google/gemini-2.5-flash', 34_200],
    ['mistral/voxtral-mini-latest', 10_800],
    ['elevenlabs/scribe_v1', 36_000],
  ])('lasts too long for %s beyond %d s', (name, seconds) => {
    expect(refusalOf(name, { seconds })).toBeNull();
    expect(refusalOf(name, { seconds: seconds + 1 })?.message).toContain(`hears ${seconds} s at once`);
  });

  it('may be of any length where nobody knows a limit, and where nobody knows its length', () => {
    expect(refusalOf('own/whisper', { bytes: 1e12, seconds: 1e9 })).toBeNull();
    expect(refusalOf('openai/whisper-1', { seconds: 1e9 })).toBeNull();
    expect(refusalOf('openai/gpt-4o-transcribe', { seconds: null })).toBeNull();
    expect(refusalOf('openai/gpt-4o-transcribe', { seconds: 1e9, isExact: false })).toBeNull();
  });
});

it('of several who hear too little the caller is told who hears most', () => {
  const long = { bytes: 30 * MIB, seconds: 2000 };
  const names = ['google/gemini-2.5-flash', 'openai/whisper-1', 'own/whisper'];
  const errors = [new InvalidRequestError('No.'), ...names.flatMap(name => refusalOf(name, long) ?? [])];

  expect(errors).toHaveLength(3);
  expect(widest(errors)?.message).toBe(
    `The recording has ${30 * MIB} bytes; 'openai/whisper-1' hears ${25 * MIB} bytes at once, the most of all targets. Send it in parts, or choose another model.`,
  );
  expect(widest(errors.slice(0, 1))).toBeNull();
});
