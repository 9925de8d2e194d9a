import { IsIn } from 'class-validator';

/** One change, as it is told afterwards. Once its outcome is known it is never altered. */
export class AuditEntry {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly id!: string;

  /**
   * When it was changed: ISO 8601, UTC.
   *
   * @example 2026-11-25T10:20:30.456Z
   */
  readonly at!: string;

  /**
   * Id of the admin user who changed it; `configured` is the key of AI_GATEWAY_ADMIN_KEY, `command-line` and `gateway`
   * need none.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly actorId!: string;

  /**
   * The user's name at that time.
   *
   * @example Ada
   */
  readonly actorName!: string;

  /**
   * The user's key, masked.
   *
   * @example ak_1f0c…9a2e
   */
  readonly actorKey!: string | null;

  /**
   * Where the request came from.
   *
   * @example 192.0.2.7
   */
  readonly address!: string | null;

  /**
   * What was done.
   *
   * @example project.update
   */
  readonly action!: string;

  /**
   * Id of what was changed.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly targetId!: string;

  /**
   * The project it belongs to; null for users and for the encryption.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly projectId!: string | null;

  /**
   * The changed fields before; null for something new. Secrets are never in it.
   *
   * @example { "name": "demo" }
   */
  readonly before!: Record<string, unknown> | null;

  /**
   * The changed fields after; null for something removed.
   *
   * @example { "name": "production" }
   */
  readonly after!: Record<string, unknown> | null;

  /**
   * `unknown` when the store did not say in time whether the change was made: look at the record itself.
   *
   * @example made
   */
  @IsIn(['made', 'unknown'])
  readonly outcome!: 'made' | 'unknown';

  /**
   * `x-request-id` of the request.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly requestId!: string;
}
