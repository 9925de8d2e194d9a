import type { ServerResponse } from 'node:http';
import { type ListeningVendor, startListeningVendor } from './listening-vendor.js';

type Encode = (texts: readonly string[]) => number[][] | Promise<number[][]>;

/** A vendor of embeddings, as OpenAI's API takes them, whose vectors are what the test says. */
export class Encoder {
  /** In the place of vectors. */
  instead: ((response: ServerResponse) => void) | null = null;

  private constructor(
    private readonly vendor: ListeningVendor,
    public encode: Encode,
  ) {
    vendor.answer((response, { body }) => {
      if (this.instead) {
        this.instead(response);
        return;
      }
      const { input } = JSON.parse(body) as { input: string | string[] };
      void this.answer(response, [input].flat());
    });
  }

  static async start(encode: Encode = texts => texts.map(bagOfLetters)): Promise<Encoder> {
    return new Encoder(await startListeningVendor(), encode);
  }

  /** What makes it the vendor `encoder` of a gateway. */
  get env(): Record<string, string> {
    return {
      AI_GATEWAY_PROVIDERS_ENCODER_BASE_URL: `${this.vendor.url}/v1`,
      AI_GATEWAY_PROVIDERS_ENCODER_API_KEY: 'encoder-key-0123456789',
    };
  }

  /** Texts of each request so far. */
  get asked(): string[][] {
    return this.vendor.heard.map(({ body }) =>
      [(JSON.parse(body) as { input: string | string[] }).input].flat(),
    );
  }

  close(): Promise<void> {
    return this.vendor.close();
  }

  private async answer(response: ServerResponse, texts: readonly string[]): Promise<void> {
    const vectors = await this.encode(texts);
    const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
    const usage = { prompt_tokens: texts.length * 8, total_tokens: texts.length * 8 };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data, model: 'tiny', usage }));
  }
}

const LETTERS = 26;

/** Texts of nearly the same letters are near. */
export function bagOfLetters(text: string): number[] {
  const vector = Array.from({ length: LETTERS }, () => 0.1);
  for (const letter of text.toLowerCase().matchAll(/[a-z]/g)) {
    const at = letter[0].charCodeAt(0) - 97;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  return vector;
}
