import { isAbsent, isObject, objectAt, type Wire } from '../domain/wire.js';

/** Handles with which callers take sessions up again. https://ai.google.dev/api/live#SessionResumptionConfig */
type Respell = (handle: string) => string;

/** Those that a first message names. */
export function handlesOfSetup(message: Wire): readonly string[] {
  const found: string[] = [];
  withSetupHandle(objectAt(message, 'setup') ?? {}, handle => {
    found.push(handle);
    return handle;
  });
  return found;
}

/** A setup whose handle is another one. */
export function withSetupHandle(setup: Wire, respell: Respell): Wire {
  return changed(setup, ['sessionResumption', 'session_resumption'], resumption =>
    isObject(resumption) ? withText(resumption, ['handle'], respell) : resumption,
  );
}

/** A vendor's message whose new handle is another one; the same where it brings none. */
export function withNewHandle(message: Wire, respell: Respell): Wire {
  return changed(message, ['sessionResumptionUpdate', 'session_resumption_update'], update =>
    isObject(update) ? withText(update, ['newHandle', 'new_handle'], respell) : update,
  );
}

function withText(wire: Wire, names: readonly string[], respell: Respell): Wire {
  return changed(wire, names, text => (isAbsent(text) || text === '' ? text : respell(String(text))));
}

/** In each of Google's spellings: nobody says which of two counts. */
function changed(wire: Wire, names: readonly string[], change: (value: unknown) => unknown): Wire {
  const there = names.filter(name => Object.hasOwn(wire, name));
  return there.length === 0
    ? wire
    : { ...wire, ...Object.fromEntries(there.map(name => [name, change(wire[name])])) };
}
