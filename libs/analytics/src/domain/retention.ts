import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { type Project, ProjectsService } from '@app/projects';
import { Config, type ExpiringRecords, type KeptByProject, type KeptRecords } from '@app/shared';
import { DecisionRepository } from './decision.repository.js';
import { HOUR_MS } from './rollups/usage-hour.js';
import { UsageStock } from './usage-stock.js';

const DAY_MS = 24 * HOUR_MS;
const PAGE = 100;

/** Records of one kind, which are kept for a time. */
export type KeptKind = KindOfGateway | KindOfProjects | ExpiringKind;

interface Kind {
  readonly kind: 'usage' | 'labels' | 'decisions' | 'responses' | 'transcriptions' | 'audit';
  /** For how many days, unless a project says otherwise. Infinity: for good; 0: none are kept. */
  readonly days: number;
}

/** No project has a say. */
interface KindOfGateway extends Kind {
  readonly daysOf?: never;
  readonly records: KeptRecords;
}

interface KindOfProjects extends Kind {
  /** What a project says; null: nothing. */
  readonly daysOf: (project: Project) => number | null;
  readonly records: KeptByProject;
}

/** Each record has an end of its own, and goes then; but no later than its project says now. */
export interface ExpiringKind extends Kind {
  readonly daysOf: (project: Project) => number | null;
  readonly expires: true;
  readonly records: ExpiringRecords;
}

/** What is kept of a project for another time. */
export interface OwnDays {
  readonly projectId: string;
  readonly days: number;
}

/** Port: kinds of features that use this one. The composition root binds it. */
export abstract class ExpiringKinds {
  abstract readonly all: readonly ExpiringKind[];
}

/** What is kept of calls and changes, and for how long. */
@Injectable()
export class Retention {
  readonly kinds: readonly KeptKind[];

  // oxlint-disable-next-line eslint/max-params -- one for each kind
  constructor(
    usage: UsageStock,
    decisions: DecisionRepository,
    audit: AuditTrail,
    expiring: ExpiringKinds,
    private readonly projects: ProjectsService,
    config: Config,
  ) {
    const { retentionUsageDays, retentionLabelDays, retentionDecisionDays, retentionAuditDays } = config;
    this.kinds = [
      {
        kind: 'usage',
        days: orForGood(retentionUsageDays),
        daysOf: project => ownOrForGood(project.retentionUsageDays),
        records: usage,
      },
      { kind: 'labels', days: orForGood(retentionLabelDays), records: usage.labels },
      {
        kind: 'decisions',
        days: orForGood(retentionDecisionDays),
        daysOf: project => ownOrForGood(project.retentionDecisionDays),
        records: decisions,
      },
      ...expiring.all,
      { kind: 'audit', days: orForGood(retentionAuditDays), records: audit },
    ];
  }

  /** The projects that want a kind kept for another time than the rest. */
  async exceptions(): Promise<ReadonlyMap<KeptKind, readonly OwnDays[]>> {
    const own = new Map<KeptKind, OwnDays[]>(this.kinds.map(kind => [kind, []]));
    let after: string | null | undefined;
    do {
      const page = await this.projects.list({ limit: PAGE, ...(after && { after }) });
      for (const project of page.data) {
        for (const [kind, exceptions] of own) {
          const days = kind.daysOf?.(project) ?? kind.days;
          if (days !== kind.days) {
            exceptions.push({ projectId: project.id, days });
          }
        }
      }
      after = page.next;
    } while (after !== null);
    return own;
  }
}

/** Unix ms: what is older is to go. */
export function keptSince(days: number, now: number): number {
  return now - days * DAY_MS;
}

function orForGood(days: number): number {
  return days || Infinity;
}

function ownOrForGood(days: number | null): number | null {
  return days === null ? null : orForGood(days);
}
