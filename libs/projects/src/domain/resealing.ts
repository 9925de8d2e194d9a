import { setImmediate as othersWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  LOGGER,
  type Logger,
  LostEncryptionKeyError,
  ProjectStamp,
  type SealedRecord,
  type SealedRecords,
  Secrets,
} from '@app/shared';
import { ProjectBelongings } from './project-belongings.js';
import type { Reencryption, SealedCounts, SealedKind } from './reencryption.entity.js';

/** Few at a time: each may have megabytes. */
const PAGE = 5;
/** How often a page is read anew because one of its records changed meanwhile. */
const TRIES = 3;
const PAGES_BETWEEN_LOGS = 2000;

type Outcome = 'current' | 'done' | 'left' | 'unreadable';

/** The records of one kind on their way. */
interface Move {
  readonly records: SealedRecords;
  readonly counts: { -readonly [Name in keyof SealedCounts]: number };
  /** Ids of keys. */
  readonly missing: Set<string>;
}

/** Moves every sealed record to the active encryption key, page by page. */
@Injectable()
export class Resealing {
  constructor(
    @Inject(ProjectBelongings) private readonly belongings: Pick<ProjectBelongings, 'sealed'>,
    private readonly secrets: Secrets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws StoreUnavailableError; what was done until then stays done */
  async run(): Promise<SealedCounts & Pick<Reencryption, 'kinds' | 'missingKeyIds'>> {
    const missing = new Set<string>();
    const kinds: SealedKind[] = [];
    for (const records of this.belongings.sealed) {
      const counts = { done: 0, left: 0, unreadable: 0 };
      await this.moveAll({ records, counts, missing });
      kinds.push({ kind: records.kind, ...counts });
    }
    const sum = (name: keyof SealedCounts): number => kinds.reduce((all, kind) => all + kind[name], 0);
    return {
      done: sum('done'),
      left: sum('left'),
      unreadable: sum('unreadable'),
      kinds,
      missingKeyIds: [...missing].toSorted(),
    };
  }

  private async moveAll(move: Move): Promise<void> {
    let after: string | undefined;
    let pages = 0;
    do {
      after = await this.movePage(move, after);
      pages += 1;
      if (after === undefined || pages % PAGES_BETWEEN_LOGS === 0) {
        const { records, counts } = move;
        this.logger.info({ kind: records.kind, ...counts, after }, 'Stored records are encrypted anew.');
      }
      await othersWork(); // the embedded store never waits, and calls would until the end
    } while (after !== undefined);
  }

  /** The record behind which the next page begins; undefined after the last one. */
  private async movePage(move: Move, after: string | undefined): Promise<string | undefined> {
    const { records, counts } = move;
    for (let tries = 1; ; tries += 1) {
      const page = await records.listSealed(PAGE, after);
      const outcomes: Outcome[] = [];
      for (const record of page) {
        outcomes.push(await this.moveOne(move, record));
      }
      const count = (outcome: Outcome): number => outcomes.filter(one => one === outcome).length;
      counts.done += count('done');
      if (tries === TRIES || count('left') === 0) {
        counts.left += count('left');
        counts.unreadable += count('unreadable');
        return page.length === PAGE ? page.at(-1)?.id : undefined;
      }
    }
  }

  private async moveOne(move: Move, record: SealedRecord): Promise<Outcome> {
    const { id, projectId, envelope } = record;
    if (this.secrets.isCurrent(envelope)) {
      return 'current';
    }
    const contents = this.open(move, record);
    if (contents === null) {
      return 'unreadable';
    }
    const renewed = new ProjectStamp(this.secrets, projectId).renewIn(contents);
    const replaced = await move.records.replaceEnvelope(id, envelope, this.secrets.encrypt(renewed, id));
    return replaced ? 'done' : 'left';
  }

  private open({ records, missing }: Move, { id, envelope }: SealedRecord): string | null {
    try {
      return this.secrets.decrypt(envelope, id);
    } catch (error) {
      if (error instanceof LostEncryptionKeyError) {
        missing.add(error.keyId);
      } else {
        this.logger.warn(
          { kind: records.kind, id },
          'A stored record was altered: its key does not open it.',
        );
      }
      return null;
    }
  }
}
