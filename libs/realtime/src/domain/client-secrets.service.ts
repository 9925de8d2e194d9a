import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { openAiRealtime } from '@app/dialects';
import { assertInScope } from '@app/inference';
import { ClientSecrets } from '@app/projects';
import { allowsRoute, type Route, VendorKeys } from '@app/routing';
import { type Call, Clock, explainDepth, InvalidRequestError, isObject, type LiveConfig } from '@app/shared';
import { openTo } from './cascade/held-sessions.js';
import { LiveRoads } from './live-roads.js';
import { type Message, parsed } from './messages.js';
import { todaysSession } from './older-session.js';
import { NoLiveModelError, NoTranscriberError, NoWayToModelError } from './realtime.errors.js';
import { modelIn } from './session-terms.js';

const LIFE_S = { usual: 600, least: 10, most: 7200 };
const TYPES: readonly unknown[] = ['realtime', 'transcription'] satisfies LiveConfig['type'][];
const OBJECTS: Readonly<Record<LiveConfig['type'], string>> = {
  realtime: 'realtime.session',
  transcription: 'realtime.transcription_session',
};

/** In OpenAI's words. */
export interface IssuedClientSecret {
  readonly value: string;
  readonly expires_at: number;
  readonly session: LiveConfig & { readonly id: string; readonly object: string };
}

type Key = Pick<IssuedClientSecret, 'value' | 'expires_at'>;
type Made = Key & Pick<IssuedClientSecret['session'], 'id' | 'object'>;

/** The session as it was asked, in the words of OpenAI's beta. */
export interface OlderIssuedSession extends Omit<Made, keyof Key> {
  readonly client_secret: Key;
  readonly [field: string]: unknown;
}

/** Makes ephemeral keys: of what a project's key may do, realtime sessions, for a time. Asks no vendor, and costs nothing. */
@Injectable()
export class ClientSecretsService {
  constructor(
    private readonly secrets: ClientSecrets,
    private readonly roads: LiveRoads,
    private readonly keys: VendorKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * @param body of the request, in JSON; empty: as it is usual
   * @throws InvalidRequestError (400), UnknownModelError (404), OutsideScopeError (403), StoreUnavailableError (503)
   */
  async issue(call: Call, body: Buffer): Promise<IssuedClientSecret> {
    const asked = membersOf(body);
    const config = configIn(asked['session']);
    const { id, object, ...secret } = await this.make(call, config, lifeIn(asked['expires_after']));
    return { ...secret, session: { ...config, id, object } };
  }

  /** The same, asked and answered as it was in OpenAI's beta. @throws as `issue` */
  async issueOlder(call: Call, type: LiveConfig['type'], body: Buffer): Promise<OlderIssuedSession> {
    const { client_secret: secret = {}, ...asked } = membersOf(body);
    if (!isObject(secret)) {
      throw new InvalidRequestError("'client_secret' is an object.", 'client_secret');
    }
    const name = type === 'realtime' ? 'expires_after' : 'expires_at';
    const life = lifeIn(secret[name], `client_secret.${name}`);
    const { id, object, ...key } = await this.make(call, todaysSession(type, asked), life);
    return { ...asked, id, object, client_secret: key };
  }

  /** @param life in seconds */
  private async make(call: Call, config: LiveConfig, life: number): Promise<Made> {
    await this.assertModel(call, config);
    const { projectId, keyId } = call;
    const expiresAt = Math.floor(this.clock.now() / 1000) + life;
    try {
      return {
        value: this.secrets.seal({ projectId, keyId, expiresAt, config }),
        expires_at: expiresAt,
        id: `sess_${randomBytes(12).toString('hex')}`,
        object: OBJECTS[config.type],
      };
    } catch (error) {
      throw explainDepth(error);
    }
  }

  /** What will not be let in then had better be told now. */
  private async assertModel(call: Call, config: LiveConfig): Promise<void> {
    const model = modelIn(config);
    if (model === null) {
      return;
    }
    const isTranscription = config.type === 'transcription';
    const asked = { call, model, body: {}, stream: true, countInput: () => 0 };
    const { routes, refusal } = await this.roads.planner.plan(asked);
    if (refusal) {
      throw refusal;
    }
    const [first, ...others] = routes.filter(route =>
      this.roads.hasRoad({ isTranscription, dialect: openAiRealtime }, route),
    );
    if (!first) {
      throw isTranscription ? new NoTranscriberError(model) : new NoLiveModelError(model);
    }
    assertInScope(call, openTo(call, [first, ...others]));
    await this.assertReached(call, model, [first, ...others]);
  }

  private async assertReached(
    { projectId, permission }: Call,
    model: string,
    routes: readonly Route[],
  ): Promise<void> {
    const open = routes.filter(route => allowsRoute(permission, route));
    const obstacles = await Promise.all(open.map(({ vendor }) => this.keys.obstacle(projectId, vendor)));
    const [obstacle] = obstacles;
    if (obstacle && !obstacles.includes(null)) {
      throw new NoWayToModelError(model, obstacle);
    }
  }
}

/** @param body empty: nothing is asked for @throws InvalidRequestError (400) */
function membersOf(body: Buffer): Message {
  const asked = body.length === 0 ? {} : parsed(body);
  if (!asked) {
    throw new InvalidRequestError('The body is no JSON object.', null, 'invalid_json');
  }
  return asked;
}

/** @throws InvalidRequestError (400) */
function configIn(session: unknown = {}): LiveConfig {
  if (!isObject(session)) {
    throw new InvalidRequestError('A session is an object.', 'session');
  }
  const { type = 'realtime', ...config } = session;
  if (!isType(type)) {
    throw new InvalidRequestError("A session is of the type 'realtime' or 'transcription'.", 'session.type');
  }
  return { type, ...config };
}

function isType(type: unknown): type is LiveConfig['type'] {
  return TYPES.includes(type);
}

/** In seconds. @throws InvalidRequestError (400) */
function lifeIn(expiresAfter: unknown = {}, path = 'expires_after'): number {
  if (!isObject(expiresAfter)) {
    throw new InvalidRequestError(`'${path}' is an object.`, path);
  }
  const { anchor = 'created_at', seconds = LIFE_S.usual } = expiresAfter;
  if (anchor !== 'created_at') {
    throw new InvalidRequestError("It can expire after 'created_at' only.", `${path}.anchor`);
  }
  const isLife = typeof seconds === 'number' && seconds >= LIFE_S.least && seconds <= LIFE_S.most;
  if (!isLife || !Number.isInteger(seconds)) {
    throw new InvalidRequestError(
      `It lives for ${LIFE_S.least} to ${LIFE_S.most} whole seconds.`,
      `${path}.seconds`,
    );
  }
  return seconds;
}
