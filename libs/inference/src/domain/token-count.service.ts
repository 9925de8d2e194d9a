import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import { estimateInput, Losses, parseExact, type ToldCount } from '@app/dialects';
import type { Route } from '@app/routing';
import { annotated, answerHeaders, type Exchange } from './exchange.js';
import { closeBroken } from './failed-call.js';
import type { GenerationInput } from './generation-input.js';
import { headerText } from './header-text.js';
import type { ParsedBody } from './parse-body.js';
import { type Prepared, RequestPreparer, type Routed } from './request-preparer.js';
import { assertMayAsk, UpstreamService } from './upstream.service.js';
import { malformed, parseVendorJson } from './vendor-answer.js';
import type { VendorBody } from './vendor-body.js';

const ANSWER_LIMIT_BYTES = 1024 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';
const NONE: ReadonlySet<string> = new Set();
/** Counting costs nothing. */
const NOTHING = { inputTokens: 0, outputTokens: 0 };

/** What is to change of a request once its vendor is known. */
export type Amend = (routed: Routed) => Promise<ParsedBody>;

/** A caller who has tokens counted, and how it hears of it. */
export interface CountInput extends GenerationInput {
  readonly told: ToldCount;
  readonly amend?: Amend;
}

/** Tells how many tokens a request has: the vendor counts where it can and speaks the caller's dialect, else we guess. */
@Injectable()
export class TokenCountService {
  constructor(
    private readonly metering: Metering,
    private readonly preparer: RequestPreparer,
    private readonly upstream: UpstreamService,
  ) {}

  /** @throws GatewayError what is wrong with the request, or with the vendor; a record is written all the same */
  async run(input: CountInput): Promise<void> {
    const meter = this.metering.open(input.call, input.endpoint);
    try {
      assertMayAsk(input.call); // whoever counts
      const routed = await this.preparer.first(input, meter);
      const body = (await input.amend?.(routed)) ?? routed.body;
      const prepared = this.preparer.write({ ...routed, body }, input);
      const { dialect } = prepared.route;
      const path = dialect.id === input.dialect.id && dialect.tokenCount?.path(prepared.route.target.model);
      await (path ? this.ask(input, prepared, { meter, path }) : guess(input, prepared, meter));
    } catch (error) {
      throw await closeBroken(input, meter, error, null);
    }
  }

  private async ask(
    { call, dialect, reply, told }: CountInput,
    { body, route, vendorBody }: Prepared,
    { meter, path }: { readonly meter: CallMeter; readonly path: string },
  ): Promise<void> {
    const { endpoint, response } = await this.upstream.send({
      call,
      meter,
      route,
      path,
      headers: { 'content-type': 'application/json', ...vendorBody.headers },
      body: countable(vendorBody, route),
    });
    const { losses } = vendorBody;
    const asked = body.json;
    const exchange: Exchange = { call, dialect, meter, reply, route, endpoint, losses, asked, response };
    const bytes = await response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
    assertCount(bytes, told, route.vendor.id);
    const counted = told.annotated ? annotated(exchange, bytes, NOTHING) : bytes;
    await send(exchange, answerHeaders(exchange, JSON_TYPE), counted);
  }
}

/** What the caller wrote goes as it is, for the vendor to judge; what we wrote is only what can be counted. */
function countable({ wire, request }: VendorBody, { dialect, target }: Route): Buffer | string {
  const { tokenCount } = dialect;
  const refused = request === null ? NONE : (tokenCount?.refused ?? NONE);
  if (refused.size === 0 && !tokenCount?.body) {
    return wire;
  }
  const fields = Object.entries(parseExact(wire.toString()) as Record<string, unknown>);
  const body = Object.fromEntries(fields.filter(([field]) => !refused.has(field)));
  return JSON.stringify(tokenCount?.body?.(body, target.model) ?? body);
}

/** @throws UpstreamError (502) when the vendor told no number */
function assertCount(bytes: Buffer, { field }: ToldCount, vendor: string): void {
  const answer = parseVendorJson(vendor, bytes) as Readonly<Record<string, unknown>> | null;
  if (typeof answer?.[field] !== 'number') {
    throw malformed(vendor, 'was asked for a count of tokens and gave none');
  }
}

/** @throws UnsupportedFieldsError (400) in strict mode: a guess is no count */
async function guess(
  { call, dialect, reply, told }: CountInput,
  { body, route }: Prepared,
  meter: CallMeter,
): Promise<void> {
  const losses = new Losses();
  losses.approximated(
    told.field,
    `Reckoned by the length of the text: the vendor '${route.vendor.id}' was not asked. Media are left out.`,
  );
  losses.assertAcceptable(route.vendor.id, call.strict);
  const inputTokens = estimateInput(body.json);
  const headers = {
    'x-request-id': call.id,
    ...(dialect.requestIdHeader !== undefined && { [dialect.requestIdHeader]: call.id }),
    'content-type': JSON_TYPE,
    'x-llmhub-provider': route.vendor.id,
    'x-llmhub-model': headerText(route.target.model),
    'x-llmhub-warnings': `approximated=${told.field}`,
  };
  const llmhub = {
    provider: route.vendor.id,
    model: route.target.model,
    usage_estimated: true,
    warnings: losses.list,
  };
  const isAnnotated = told.annotated && call.annotate;
  const counted = { ...told.write(inputTokens), ...(isAnnotated && { x_llmhub: llmhub }) };
  await send({ meter, reply }, headers, Buffer.from(JSON.stringify(counted)));
}

async function send(
  { meter, reply }: Pick<Exchange, 'meter' | 'reply'>,
  headers: Record<string, string | number>,
  body: Buffer,
): Promise<void> {
  meter.usage = NOTHING;
  await meter.close({ status: 200, outcome: 'completed' });
  reply.writeHead(200, { ...headers, 'content-length': body.length });
  reply.end(body);
}
