import type { LiveNames } from '@app/dialects';
import type { LiveParty } from './live-turns.js';
import { OtherModelError, OtherTranscriberError } from './realtime.errors.js';
import type { SessionHandles } from './session-handles.js';
import { SessionTerms } from './session-terms.js';

/** What models and handles are called in a session: its caller may say the gateway's names, its vendor knows its own. */
export class SessionNames implements LiveNames {
  /** Whether a name was another one at the vendor since this was last set to false. */
  isChanged = false;

  /** @param areTold false: whoever is behind writes down what is said by itself, and no other model is asked by its name */
  constructor(
    private readonly party: Pick<LiveParty, 'call' | 'route' | 'modelAsked'> & {
      readonly handles: SessionHandles;
    },
    private readonly areTold = true,
  ) {}

  own(model: string): string {
    const { modelAsked, route } = this.party;
    const { model: theirs } = route.target;
    if (model !== theirs && model !== modelAsked && model !== route.id) {
      throw new OtherModelError(model, modelAsked);
    }
    return this.renamed(model, theirs);
  }

  other(model: string): string {
    const { call, route, modelAsked } = this.party;
    const isOwn = this.areTold && model === modelAsked; // it may be the name of a policy
    const theirs = isOwn ? route.target.model : withoutVendor(model, route.vendor.id);
    const terms = SessionTerms.of(call);
    const fixed = terms?.isTranscription ? terms.model : null;
    if (fixed !== null && theirs !== withoutVendor(fixed, route.vendor.id)) {
      throw new OtherModelError(model, fixed);
    }
    if (!this.areTold) {
      return fixed ?? model;
    }
    if (theirs.includes('/')) {
      throw new OtherTranscriberError(model, route.vendor.id);
    }
    call.permission?.assertRoute(route.vendor.id, theirs);
    return this.renamed(model, theirs);
  }

  handle(shown: string): string {
    return this.renamed(shown, this.party.handles.own(shown));
  }

  shown(handle: string): string {
    return this.party.handles.shown(handle);
  }

  private renamed(name: string, theirs: string): string {
    this.isChanged ||= name !== theirs;
    return theirs;
  }
}

function withoutVendor(model: string, vendor: string): string {
  const prefix = `${vendor}/`;
  return model.startsWith(prefix) ? model.slice(prefix.length) : model;
}
