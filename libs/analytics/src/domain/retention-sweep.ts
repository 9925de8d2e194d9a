import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger, Sweep } from '@app/shared';
import { keptSince, type KeptKind, type OwnDays, Retention } from './retention.js';

/** The embedded store is synchronous: a larger batch would hold up answers. */
const BATCH = 200;
/** Between two batches, for the calls. */
const PAUSE_MS = 20;
/** Of one kind, or of one project of it, in one sweep. */
const MOST_BATCHES = 500;

/** Deletes what has been kept for long enough, step by step. Several gateways may do so at the same time. */
@Injectable()
export class RetentionSweep extends Sweep {
  private isStopped = false;

  constructor(
    private readonly retention: Retention,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super(log, 'What is not to be kept any longer could not be deleted');
  }

  override onModuleDestroy(): void {
    this.isStopped = true;
    super.onModuleDestroy();
  }

  protected async sweep(): Promise<void> {
    for (const [kind, exceptions] of await this.retention.exceptions()) {
      for await (const part of parts(kind, exceptions)) {
        if (this.isStopped) {
          return;
        }
        await this.sweepOne(kind, part);
      }
    }
  }

  private async sweepOne({ kind }: KeptKind, { days, projectId, deleteBefore }: Part): Promise<void> {
    if (days === Infinity) {
      return;
    }
    const before = keptSince(days, this.clock.now());
    let deleted = 0;
    for (let batch = 0; batch < MOST_BATCHES && !this.isStopped; batch += 1) {
      const count = await deleteBefore(before);
      deleted += count;
      if (count < BATCH) {
        break;
      }
      await pause(PAUSE_MS);
    }
    if (deleted > 0) {
      const of = projectId !== undefined && { projectId };
      this.log.info(
        { kind, ...of, deleted, days },
        'Records were deleted that are not to be kept any longer.',
      );
    }
  }
}

interface Part extends Partial<OwnDays> {
  readonly days: number;
  /** A batch. */
  readonly deleteBefore: (before: number) => Promise<number>;
}

/**
 * What is swept together. Once a project is kept longer than the rest, the rest is asked for project by project, also those that are
 * no more: among the oldest records of all, there would be ever more that stay.
 */
async function* parts(kind: KeptKind, exceptions: readonly OwnDays[]): AsyncGenerator<Part> {
  const { days } = kind;
  const ofProject = (part: OwnDays): Part => ({
    ...part,
    deleteBefore: before => kind.records.deleteBefore(before, BATCH, part.projectId),
  });
  for (const exception of exceptions) {
    yield ofProject(exception);
  }
  if ('expires' in kind || days === Infinity) {
    return;
  }
  const { records } = kind;
  if (kind.daysOf === undefined || exceptions.every(own => own.days <= days)) {
    yield { days, deleteBefore: before => records.deleteBefore(before, BATCH) };
    return;
  }
  const own = new Set(exceptions.map(({ projectId }) => projectId));
  let projectId = await kind.records.nextProject('');
  while (projectId !== null) {
    if (!own.has(projectId)) {
      yield ofProject({ projectId, days });
    }
    await nextTurn(); // the embedded store is synchronous
    projectId = await kind.records.nextProject(projectId);
  }
}
