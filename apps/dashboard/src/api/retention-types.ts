/** Null: as the gateway does. */
export interface KeptDays {
  readonly retentionUsageDays: number | null;
  readonly retentionDecisionDays: number | null;
  readonly retentionResponseDays: number | null;
  readonly transcriptionHistoryDays: number | null;
}

/** Days: null is for good, 0 not at all. */
interface Retained {
  readonly days: number | null;
  readonly since: string | null;
}

export interface RetainedKind extends Retained {
  readonly kind: 'usage' | 'labels' | 'decisions' | 'responses' | 'transcriptions' | 'audit';
  readonly projects: readonly (Retained & { readonly projectId: string })[];
}
