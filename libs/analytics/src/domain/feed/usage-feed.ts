import {
  Injectable,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Clock } from '@app/shared';
import type { UsageRecord } from '../usage-record.entity.js';
import { UsageRecorder } from '../usage.recorder.js';
import { FeedPost, type Post } from './feed-post.js';
import type { FeedSecond } from './feed-second.entity.js';
import { FeedSums, type ToldSums } from './feed-sums.js';

const TICK_MS = 500;
/** What else ends meanwhile is in the sums alone. */
const MOST_CALLS_A_TICK = 25;
/** Of all other gateways together. */
const MOST_CALLS_ELSEWHERE = 100;
/** A few seconds of a busy gateway, for watchers whose connection broke. */
const MOST_KEPT = 1000;

/** Gateways hear of calls in another order: so much earlier one may have told a call that the other told later. */
const DISORDER_MS = 2000;

interface Kept {
  readonly call: UsageRecord;
  /** When it was told, in monotonic ms. */
  readonly at: number;
}

/** What watchers are told, twice a second. */
export interface FeedNews {
  readonly calls: readonly UsageRecord[];
  /** What a second adds up to, of one project or of all; null where it is not over. */
  readonly second: ((projectId: string | null) => FeedSecond) | null;
}

/** Calls as they end, at this gateway and, by way of Redis, at all that share it. Nobody who watches is waited for. */
@Injectable()
export class UsageFeed implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  /** Since the last tick, as they came. */
  private fresh: { readonly call: UsageRecord; readonly isOwn: boolean }[] = [];
  private room = MOST_CALLS_A_TICK;
  private roomElsewhere = MOST_CALLS_ELSEWHERE;
  private sums = new Map<string, FeedSums>();
  /** Of other gateways, since the second began. */
  private sumsElsewhere: Readonly<Record<string, ToldSums>>[] = [];
  /** Oldest first. */
  private readonly kept: Kept[] = [];
  private shownSince: UsageRecord[] = [];
  private isHalf = false;
  private timer: NodeJS.Timeout | null = null;
  private watch: (news: FeedNews) => void = () => undefined;

  constructor(
    recorder: UsageRecorder,
    private readonly post: FeedPost,
    private readonly clock: Clock,
  ) {
    recorder.onRecord(call => this.note(call));
  }

  async onModuleInit(): Promise<void> {
    await this.post.open(post => this.hear(post));
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer ?? undefined);
  }

  onApplicationShutdown(): void {
    this.post.close();
  }

  /** @param watch is told all from now on */
  onNews(watch: (news: FeedNews) => void): void {
    this.watch = watch;
  }

  /**
   * Those that were told after that one, oldest first; where there are several gateways, some that were told just before it are among
   * them. Null where it is not known any more.
   */
  since(id: string): UsageRecord[] | null {
    const at = this.kept.findLastIndex(({ call }) => call.id === id);
    const seen = this.kept[at];
    if (!seen) {
      return null;
    }
    const disorderMs = this.post.others > 0 ? DISORDER_MS : 0;
    return this.kept
      .filter((kept, index) => index > at || (index < at && seen.at - kept.at < disorderMs))
      .map(({ call }) => call);
  }

  /** Half a second is over. */
  tick(): void {
    const isOver = this.isHalf;
    this.isHalf = !this.isHalf;
    const { fresh } = this;
    this.fresh = [];
    this.room = MOST_CALLS_A_TICK;
    this.roomElsewhere = MOST_CALLS_ELSEWHERE;
    const calls = fresh.map(({ call }) => call);
    const own = fresh.filter(({ isOwn }) => isOwn).map(({ call }) => call);
    this.keep(calls);
    const sums = isOver ? this.takeSums() : null;
    if (own.length > 0 || sums) {
      void this.post.send({ calls: own, sums });
    }
    this.watch({ calls, second: sums && this.secondOf(sums) });
  }

  /** On the path of every call. */
  private note(call: UsageRecord): void {
    let sums = this.sums.get(call.projectId);
    if (!sums) {
      sums = new FeedSums();
      this.sums.set(call.projectId, sums);
    }
    sums.add(call);
    if (this.room > 0) {
      this.room -= 1;
      this.fresh.push({ call, isOwn: true });
    }
  }

  private hear({ calls, sums }: Post): void {
    const shown = calls.slice(0, this.roomElsewhere);
    this.roomElsewhere -= shown.length;
    this.fresh.push(...shown.map(call => ({ call, isOwn: false })));
    if (sums) {
      this.sumsElsewhere.push(sums);
    }
  }

  private keep(calls: readonly UsageRecord[]): void {
    const at = this.clock.ticks();
    this.kept.push(...calls.map(call => ({ call, at })));
    this.kept.splice(0, Math.max(this.kept.length - MOST_KEPT, 0));
    this.shownSince.push(...calls);
  }

  private takeSums(): Record<string, ToldSums> {
    const sums = Object.fromEntries([...this.sums].map(([projectId, sum]) => [projectId, sum.toJSON()]));
    this.sums = new Map();
    return sums;
  }

  private secondOf(own: Readonly<Record<string, ToldSums>>): FeedNews['second'] {
    const at = new Date(this.clock.now()).toISOString();
    const gateways = this.post.others + 1;
    const all = [own, ...this.sumsElsewhere];
    const shown = this.shownSince;
    this.sumsElsewhere = [];
    this.shownSince = [];
    return projectId => {
      const total = new FeedSums();
      const isAsked = (project: string): boolean => projectId === null || project === projectId;
      for (const [project, sums] of all.flatMap(told => Object.entries(told))) {
        if (isAsked(project)) {
          total.merge(sums);
        }
      }
      const shownCalls = shown.filter(call => isAsked(call.projectId)).length;
      return { at, gateways, shownCalls, ...total.shown() };
    };
  }
}
