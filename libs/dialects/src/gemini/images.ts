import type { ImageDialect } from '../domain/dialect.js';
import type { ImageRequest } from '../domain/images.js';
import type { Losses } from '../domain/losses.js';
import { readAnswer } from './answer.reader.js';
import { modelPath } from './model-path.js';

/** https://ai.google.dev/gemini-api/docs/image-generation */
const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
/** Nobody could tell the difference. */
const SAME_RATIO = 0.01;
/** What a picture of the ratio 1:1 has. */
const USUAL_SIDE = 1024;

type Rule = (value: unknown, field: string, losses: Losses) => void;

const ignored: Rule = () => undefined;
const dropped: Rule = (_, field, losses) => losses.dropped(field, 'Gemini has no such setting.');
const refused =
  (detail: string, fine: (value: unknown) => boolean = () => false): Rule =>
  (value, field, losses) => {
    if (!fine(value)) {
      losses.refused(field, detail);
    }
  };
const oneOf =
  (...values: readonly string[]) =>
  (value: unknown): boolean =>
    values.includes(plain(value));

/** Numbers of forms are texts. */
function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

/** What becomes of the fields that Gemini has no word for (PROTOCOLS 2.2); an unknown one is dropped with a warning. */
const RULES: ReadonlyMap<string, Rule> = new Map(
  Object.entries({
    n: refused('Gemini makes one picture a call. Send several calls.', oneOf('1')),
    response_format: refused('Gemini gives no URL. Ask for b64_json.', oneOf('b64_json')),
    output_format: refused('Gemini chooses the format, which is PNG. Ask for png.', oneOf('png')),
    background: refused('Gemini makes no transparent pictures.', oneOf('opaque', 'auto')),
    mask: refused('Gemini takes no mask. Say in the prompt what to change.'),
    markup: refused('Gemini takes no markup. Say in the prompt what to change.'),
    svg: refused('Gemini makes no SVG.'),
    frame_count: refused('Gemini makes no animations.', oneOf('1')),
    moderation: (value, field, losses) => (value === 'auto' ? undefined : dropped(value, field, losses)),
    quality: (value, field, losses) => (value === 'auto' ? undefined : dropped(value, field, losses)),
    partial_images: (value, field, losses) => {
      if (Number(plain(value)) > 0) {
        losses.dropped(field, 'Gemini shows no picture before it is done.');
      }
    },
    user: ignored,
    safety_identifier: ignored,
    metadata: ignored,
  } satisfies Record<string, Rule>),
);

/** Pictures from Gemini's own generateContent: models such as gemini-2.5-flash-image. */
export const geminiImages: ImageDialect = {
  path: model => `/v1beta/${modelPath(model)}:generateContent`,
  writeRequest(request, _target, losses) {
    for (const [field, value] of Object.entries(request.others)) {
      (RULES.get(field) ?? dropped)(value, field, losses);
    }
    const aspectRatio = ratioOf(request.size, losses);
    return {
      contents: [{ role: 'user', parts: partsOf(request) }],
      generationConfig: {
        responseModalities: ['IMAGE'],
        ...(aspectRatio && { imageConfig: { aspectRatio } }),
      },
    };
  },
  readAnswer(body, target) {
    const { id, model, choices, usage } = readAnswer(body, target);
    const images = choices
      .flatMap(({ parts }) => parts)
      .flatMap(part =>
        part.kind === 'media' && part.source.kind === 'base64' && part.media === 'image'
          ? [{ mime: part.mime ?? 'image/png', base64: part.source.data }]
          : [],
      );
    const finish = choices[0]?.finish;
    return { id, model, images, usage, finish: finish?.reason ?? 'stop', native: finish?.native ?? null };
  },
};

function partsOf({ task, prompt, images }: ImageRequest): object[] {
  const text = task === 'variations' ? prompt || 'Make a variation of this picture.' : prompt;
  return [...images.map(({ mime, base64 }) => ({ inlineData: { mimeType: mime, data: base64 } })), { text }];
}

/** Gemini is told the ratio, and chooses how many pixels. */
function ratioOf(size: ImageRequest['size'], losses: Losses): string | null {
  if (!size) {
    return null;
  }
  const wanted = Math.log(size.width / size.height);
  const off = (ratio: string): number => {
    const [width = 1, height = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log(width / height) - wanted);
  };
  const nearest = RATIOS.reduce((best, ratio) => (off(ratio) < off(best) ? ratio : best));
  if (off(nearest) > SAME_RATIO || size.width !== USUAL_SIDE || size.height !== USUAL_SIDE) {
    losses.approximated('size', `Gemini was asked for a picture of ${nearest}, and chooses how many pixels.`);
  }
  return nearest;
}
