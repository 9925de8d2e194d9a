import type { Signature, SignatureSeal } from '@app/dialects';
import type { Secrets } from '@app/shared';

const PREFIX = 'gw1.';

/**
 * Wraps a vendor's signature for the caller: `gw1.<base64url JSON>.<MAC>`. Bound to the project, so that what one
 * tenant was given is worth nothing in another's hands; issuer and model inside decide to whom it may go back.
 */
export class ProjectSeal implements SignatureSeal {
  constructor(
    private readonly secrets: Secrets,
    private readonly projectId: string,
  ) {}

  seal({ issuer, model, payload, id }: Signature): string {
    const text = Buffer.from(JSON.stringify([issuer, model, payload, id])).toString('base64url');
    return `${PREFIX}${text}.${this.secrets.mac(this.bound(text))}`;
  }

  open(sealed: string): Signature | null {
    const dot = sealed.lastIndexOf('.');
    const text = sealed.slice(PREFIX.length, dot);
    if (
      !sealed.startsWith(PREFIX) ||
      dot < PREFIX.length ||
      !this.secrets.verify(this.bound(text), sealed.slice(dot + 1))
    ) {
      return null;
    }
    const [issuer, model, payload, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as string[];
    return { issuer: issuer ?? '', model: model ?? '', payload: payload ?? '', ...(id ? { id } : {}) };
  }

  private bound(text: string): string {
    return `${this.projectId}.${text}`;
  }
}

/** Gemini's callers get it in base64; the last letter there would depend on what follows the prefix. */
const PREFIX_IN_BASE64 = Buffer.from(PREFIX).toString('base64').slice(0, 5);

/** The bytes hold a sealed signature: it must be opened, so the body cannot pass as it is. */
export function holdsSealed(body: Buffer): boolean {
  return body.includes(`"${PREFIX}`) || body.includes(`"${PREFIX_IN_BASE64}`);
}
