import type { Secrets } from './secrets.js';

/** How every stamped text begins. */
export const STAMP_PREFIX = 'gw1.';
const STAMPED = /gw1\.[\w-]+\.[\w-]{43}/g;

/**
 * Texts that callers of one project keep for the gateway and hand back: `gw1.<base64url of the text>.<MAC>`. In another
 * project's hands they are worth nothing.
 */
export class ProjectStamp {
  constructor(
    private readonly secrets: Secrets,
    private readonly projectId: string,
  ) {}

  stamp(text: string): string {
    const encoded = Buffer.from(text).toString('base64url');
    return `${STAMP_PREFIX}${encoded}.${this.secrets.mac(this.bound(encoded))}`;
  }

  /** The text; null when no key of the ring stamped it for this project, or it was altered. */
  read(stamped: string): string | null {
    const dot = stamped.lastIndexOf('.');
    const encoded = stamped.slice(STAMP_PREFIX.length, dot);
    const isOwn =
      stamped.startsWith(STAMP_PREFIX) &&
      dot >= STAMP_PREFIX.length &&
      this.secrets.verify(this.bound(encoded), stamped.slice(dot + 1));
    return isOwn ? Buffer.from(encoded, 'base64url').toString() : null;
  }

  /** Stamps anew, with the active key, what stands stamped anywhere in a text. Its length stays. */
  renewIn(text: string): string {
    return text.replaceAll(STAMPED, stamped => {
      const read = this.read(stamped);
      return read === null ? stamped : this.stamp(read);
    });
  }

  private bound(encoded: string): string {
    return `${this.projectId}.${encoded}`;
  }
}
