import type { Signature, SignatureSeal } from '@app/dialects';
import { ProjectStamp, type Secrets, STAMP_PREFIX } from '@app/shared';

/**
 * Wraps a vendor's signature for the caller, stamped for the project, so that what one tenant was given is worth nothing
 * in another's hands; issuer and model inside decide to whom it may go back.
 */
export class ProjectSeal implements SignatureSeal {
  private readonly stamp: ProjectStamp;

  constructor(secrets: Secrets, projectId: string) {
    this.stamp = new ProjectStamp(secrets, projectId);
  }

  seal({ issuer, model, payload, id }: Signature): string {
    return this.stamp.stamp(JSON.stringify([issuer, model, payload, id]));
  }

  open(sealed: string): Signature | null {
    const text = this.stamp.read(sealed);
    if (text === null) {
      return null;
    }
    const [issuer, model, payload, id] = JSON.parse(text) as string[];
    return { issuer: issuer ?? '', model: model ?? '', payload: payload ?? '', ...(id ? { id } : {}) };
  }
}

/** Gemini's callers get it in base64; the last letter there would depend on what follows the prefix. */
const PREFIX_IN_BASE64 = Buffer.from(STAMP_PREFIX).toString('base64').slice(0, 5);

/** The bytes hold a sealed signature: it must be opened, so the body cannot pass as it is. */
export function holdsSealed(body: Buffer): boolean {
  return body.includes(`"${STAMP_PREFIX}`) || body.includes(`"${PREFIX_IN_BASE64}`);
}
