import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { geminiClient, type GenerationRequest, Losses } from '@app/dialects';
import { ModelRouter, type Route } from '@app/routing';
import { type Call, explainDepth, Secrets } from '@app/shared';
import { estimateUsage } from './estimate.js';
import type { Warned } from './models.service.js';
import { type ParsedBody, parseBody } from './parse-body.js';
import { admitBody } from './scoped-fields.js';
import { holdsSealed, ProjectSeal } from './signature-seal.js';
import { UpstreamService } from './upstream.service.js';
import { malformed } from './vendor-answer.js';

type Json = Readonly<Record<string, unknown>>;

export interface CountInput {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly model: string;
  readonly bytes: Buffer;
}

const ANSWER_LIMIT_BYTES = 1024 * 1024;
const ESTIMATED = 'approximated=totalTokens (estimated from the length of the texts; media are not counted)';

/** Tokens of a prompt in Google's Gemini format. Google counts for its own models, at no cost; for others it is reckoned. */
@Injectable()
export class ContentCountService {
  constructor(
    private readonly router: ModelRouter,
    private readonly secrets: Secrets,
    private readonly upstream: UpstreamService,
  ) {}

  /** @throws GatewayError (400, 403, 404, 502) naming what is wrong */
  async count({ call, meter, model, bytes }: CountInput): Promise<Warned<Json>> {
    const body = parseBody(bytes, null, { model, stream: false });
    meter.modelAsked = model;
    const route = this.router.resolve(model);
    admitBody({ call, meter }, route, body);
    const asked = promptOf(body.json);
    const request = this.read(asked, call);
    if (route.dialect.id !== 'gemini') {
      return { body: { totalTokens: estimateUsage(asked, 0).inputTokens }, warnings: [ESTIMATED] };
    }
    meter.usage = { inputTokens: 0, outputTokens: 0 };
    const wire = bodyFor(route, request, body);
    return { body: await this.ask({ call, meter, route, wire }), warnings: [] };
  }

  private read(asked: unknown, { projectId }: Call): GenerationRequest {
    try {
      return geminiClient.readRequest(asked, new ProjectSeal(this.secrets, projectId));
    } catch (error) {
      throw explainDepth(error);
    }
  }

  private async ask({
    wire,
    ...sent
  }: Pick<CountInput, 'call' | 'meter'> & { route: Route; wire: Buffer | string }): Promise<Json> {
    const { vendor, dialect, target } = sent.route;
    const { response } = await this.upstream.send({
      ...sent,
      path: dialect.path(target.model, false).replace(/:generateContent$/, ':countTokens'),
      headers: { 'content-type': 'application/json', ...dialect.headers },
      body: wire,
    });
    const bytes = await response.collect(vendor.id, ANSWER_LIMIT_BYTES);
    return readCount(bytes, vendor.id);
  }
}

/** What is to be counted may be a whole request, or its contents alone. */
function promptOf(json: Json): Json {
  const whole = json['generateContentRequest'] ?? json['generate_content_request'];
  return typeof whole === 'object' && whole !== null ? (whole as Json) : json;
}

/** Contents alone pass as they came; a whole request names its model, and what this gateway sealed must be opened. */
function bodyFor(
  { dialect, target }: Route,
  request: GenerationRequest,
  { bytes, json }: ParsedBody,
): Buffer | string {
  if (promptOf(json) === json && !holdsSealed(bytes)) {
    return bytes;
  }
  const written = dialect.writeRequest(request, target, new Losses());
  const model = `models/${target.model.replace(/^models\//, '')}`;
  return JSON.stringify({ generateContentRequest: { model, ...written } });
}

/** @throws UpstreamError (502) when it is none */
function readCount(bytes: Buffer, vendor: string): Json {
  try {
    const count = JSON.parse(bytes.toString()) as Json | null;
    if (typeof count?.['totalTokens'] === 'number') {
      return count;
    }
  } catch {
    // Said below.
  }
  throw malformed(vendor, 'was asked for a count of tokens and gave none');
}
