import { fc } from '../../../../test/support/properties.js';
import { UpstreamError } from '@app/shared';
import type { ImageRequest } from '../domain/images.js';
import { Losses } from '../domain/losses.js';
import { geminiImages } from './images.js';

const TARGET = { vendor: 'google', model: 'gemini-2.5-flash-image', traits: {}, quirks: {} };
const REQUEST: ImageRequest = { task: 'generations', prompt: 'A cat.', images: [], size: null, others: {} };

function write(some: Partial<ImageRequest>): { body: Record<string, unknown>; losses: Losses } {
  const losses = new Losses();
  return { body: geminiImages.writeRequest({ ...REQUEST, ...some }, TARGET, losses), losses };
}

describe('a request for a picture in Gemini’s words', () => {
  it('says the pictures before the text, and the text as it is', () => {
    const images = [{ mime: 'image/jpeg', base64: 'aGk=' }];

    expect(write({ images }).body).toEqual({
      contents: [
        {
          role: 'user',
          parts: [{ inlineData: { mimeType: 'image/jpeg', data: 'aGk=' } }, { text: 'A cat.' }],
        },
      ],
      generationConfig: { responseModalities: ['IMAGE'] },
    });
    expect(write({ images, task: 'variations', prompt: '' }).body).toMatchObject({
      contents: [{ parts: [{}, { text: 'Make a variation of this picture.' }] }],
    });
  });

  it.each([
    [1024, 1024, '1:1', []],
    [512, 512, '1:1', ['approximated']],
    [1536, 1024, '3:2', ['approximated']],
    [1024, 1536, '2:3', ['approximated']],
    [1792, 1024, '16:9', ['approximated']],
    [99_999, 1, '21:9', ['approximated']],
  ])('asks for the ratio of %dx%d', (width, height, aspectRatio, actions) => {
    const { body, losses } = write({ size: { width, height } });

    expect(body['generationConfig']).toMatchObject({ imageConfig: { aspectRatio } });
    expect(losses.list.map(({ action }) => action)).toEqual(actions);
  });

  it.each([
    ['n', 1, 2],
    ['response_format', 'b64_json', 'url'],
    ['output_format', 'png', 'jpeg'],
    ['background', 'opaque', 'transparent'],
  ])('takes %s where it changes nothing, and refuses it where it does', (field, fine, other) => {
    expect(write({ others: { [field]: fine } }).losses.list).toEqual([]);
    expect(write({ others: { [field]: other } }).losses.list).toMatchObject([{ field, action: 'refused' }]);
  });

  it('says so of every field that it does not carry, but of those that only keep books', () => {
    const quiet = new Set(['user', 'safety_identifier', 'metadata']);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_]{1,12}$/), fc.constantFrom('high', 3), (field, value) => {
        const named = write({ others: { [field]: value } }).losses.list.map(loss => loss.field);

        expect(named).toEqual(quiet.has(field) ? [] : [field]);
      }),
    );
  });
});

describe('Gemini’s answer with a picture', () => {
  it('is its pictures, its usage and how it ended', () => {
    const answer = geminiImages.readAnswer(
      {
        responseId: 'r1',
        modelVersion: 'gemini-x',
        candidates: [
          {
            content: { parts: [{ text: 'Here.' }, { inlineData: { mimeType: 'image/png', data: 'aGk=' } }] },
            finishReason: 'STOP',
          },
        ],
        usageMetadata: {
          promptTokenCount: 5,
          candidatesTokenCount: 1290,
          candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }],
        },
      },
      TARGET,
    );

    expect(answer).toMatchObject({
      id: 'r1',
      model: 'gemini-x',
      images: [{ mime: 'image/png', base64: 'aGk=' }],
      finish: 'stop',
      usage: { inputTokens: 5, outputTokens: 1290, imageOutputTokens: 1290 },
    });
  });

  it('may be none, for a reason', () => {
    const blocked = {
      candidates: [{ finishReason: 'IMAGE_SAFETY' }],
      usageMetadata: { promptTokenCount: 5 },
    };

    expect(geminiImages.readAnswer(blocked, TARGET)).toMatchObject({
      images: [],
      finish: 'content-filter',
      native: 'IMAGE_SAFETY',
      usage: { inputTokens: 5 },
    });
    expect(() => geminiImages.readAnswer({}, TARGET)).toThrow(UpstreamError);
  });
});
