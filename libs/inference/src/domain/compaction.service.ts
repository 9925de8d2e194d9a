import { Injectable } from '@nestjs/common';
import { Metering } from '@app/analytics';
import type { Route } from '@app/routing';
import { concealed, InvalidRequestError } from '@app/shared';
import { estimateTokens } from './estimate.js';
import type { Exchange } from './exchange.js';
import { closeBroken } from './failed-call.js';
import type { GenerationInput } from './generation-input.js';
import { GenerationRoads } from './generation.road.js';
import { mostOfGeneration, type MostUse } from './most-use.js';
import type { Prepared, Routed } from './request-preparer.js';
import { ResponseMemory } from './responses/response-memory.js';
import { passWhole } from './whole-answer.js';

/** Has a vendor make a long conversation short. What comes back is in cipher, so that nobody else can do it for it. */
@Injectable()
export class CompactionService {
  constructor(
    private readonly metering: Metering,
    private readonly roads: GenerationRoads,
    private readonly memory: ResponseMemory,
  ) {}

  /** @throws GatewayError what is wrong with the request, or with the vendor; the call is metered all the same */
  async run(input: GenerationInput): Promise<void> {
    const { call, dialect, reply } = input;
    const meter = this.metering.open(call, input.endpoint);
    let asked: Exchange['asked'] = null;
    try {
      const routed = await this.roads.preparer.first(input, meter);
      const path = compactionPath(routed.route);
      const { body, route, vendorBody, losses } = await this.prepare(routed, input);
      asked = body.json;
      if (!this.roads.spending.isFree(call)) {
        await this.roads.spending.holdTokens(call, meter, estimateTokens(body.bytes.length));
        const use = (): MostUse => mostOfGeneration({ json: body.json, bytes: body.bytes.length });
        await this.roads.spending.reserve({ call, meter, route, fields: body.json, use });
      }
      const { endpoint, response } = await this.roads.upstream.send({
        call,
        meter,
        route,
        path,
        headers: { 'content-type': 'application/json', ...vendorBody.headers },
        body: vendorBody.wire,
      });
      try {
        await passWhole({ call, dialect, meter, reply, route, endpoint, losses, asked, response });
      } catch (error) {
        throw concealed(error, endpoint.apiKey);
      }
    } catch (error) {
      throw await closeBroken(input, meter, error, asked);
    }
  }

  /** With what the gateway keeps of the conversation. */
  private async prepare(
    routed: Routed,
    input: GenerationInput,
  ): Promise<Prepared & Pick<Exchange, 'losses'>> {
    const { body = routed.body, losses = [] } = (await this.memory.recall(routed, input.call)) ?? {};
    const prepared = this.roads.preparer.write({ ...routed, body }, input);
    return { ...prepared, losses: [...losses, ...prepared.vendorBody.losses] };
  }
}

/** The path that does it. @throws InvalidRequestError (400) where the vendor has none */
function compactionPath({ vendor, dialect }: Route): string {
  if (dialect.compactionPath === undefined) {
    throw new InvalidRequestError(
      `The vendor '${vendor.id}' compacts no conversations. Send less of it as 'input', or have a model of OpenAI ` +
        'compact it, for a model of OpenAI.',
      'model',
      'unsupported_endpoint',
    );
  }
  return dialect.compactionPath;
}
