import type { OnApplicationShutdown } from '@nestjs/common';
import { type Redis, type RedisScript, StoreUnavailableError } from '@app/shared';
import {
  CachedAnswerRepository,
  type StoredAnswer,
  type StoredAnswersMeant,
} from '../domain/cached-answer.repository.js';
import { EXPIRE, FIND, FORGET, SAVE, SCAN } from './cached-answer.scripts.js';

/** So that no script keeps the server from others. */
const AT_ONCE = 200;

type Found = [namespace: string, model: string, keptAt: string, expiresAt: string, envelope: string];

/** Answers in a Redis: one script for each question, and one for every 200 answers that are purged. */
export class CachedAnswerRedisRepository extends CachedAnswerRepository implements OnApplicationShutdown {
  /** @param redis a connection of its own: large answers hold up nobody else's questions */
  constructor(private readonly redis: Redis) {
    super();
  }

  onApplicationShutdown(): Promise<void> {
    return this.redis.close();
  }

  async find(projectId: string, id: string, now: number): Promise<StoredAnswer | null> {
    const found = (await this.run(FIND, projectId, id)) as Found | [null];
    if (found[0] === null) {
      return null;
    }
    const [namespace, model, keptAt, expiresAt, envelope] = found as Found;
    const times = { keptAt: Number(keptAt), expiresAt: Number(expiresAt) };
    return times.expiresAt > now ? { id, projectId, namespace, model, ...times, envelope } : null;
  }

  async save({ id, projectId, namespace, model, keptAt, expiresAt, envelope }: StoredAnswer): Promise<void> {
    await this.run(SAVE, projectId, id, namespace, model, keptAt, expiresAt, envelope);
  }

  async delete(projectId: string, id: string): Promise<void> {
    await this.run(FORGET, projectId, id);
  }

  async purge(projectId: string, meant: StoredAnswersMeant): Promise<number> {
    let purged = 0;
    let cursor = '0';
    do {
      const [next, pairs] = (await this.run(SCAN, projectId, cursor, AT_ONCE)) as [string, string[]];
      const ids = pairs.filter((_, at) => at % 2 === 0 && isMeant(pairs[at + 1] ?? '', meant));
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        purged += Number(await this.run(FORGET, projectId, ...ids.slice(at, at + AT_ONCE)));
      }
      cursor = next;
    } while (cursor !== '0');
    return purged;
  }

  async deleteExpired(now: number, limit: number): Promise<number> {
    return Number(await this.run(EXPIRE, now, limit));
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.purge(projectId, {});
  }

  /** @throws StoreUnavailableError (503) */
  private async run(script: RedisScript, ...parameters: (string | number)[]): Promise<unknown> {
    try {
      return await this.redis.run(script, [], parameters);
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }
}

/** @param entry as the index has it: when it was kept, namespace, model */
function isMeant(entry: string, { model, namespace, keptBefore }: StoredAnswersMeant): boolean {
  const [keptAt, ofNamespace, ...ofModel] = entry.split(' ');
  return (
    (model === undefined || ofModel.join(' ') === model) &&
    (namespace === undefined || ofNamespace === namespace) &&
    (keptBefore === undefined || Number(keptAt) < keptBefore)
  );
}
