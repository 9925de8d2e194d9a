/** Models after Opus 4.6: they refuse sampling, and an answer begun by the caller. */
export function isNewModel(model: string): boolean {
  const [major, minor] = versionOf(model);
  return major > 4 || (major === 4 && minor > 6);
}

/** Models since Opus 4.1 take `temperature` or `top_p`. */
export function takesOneOfBoth(model: string): boolean {
  const [major, minor] = versionOf(model);
  return major > 4 || (major === 4 && minor > 0);
}

function versionOf(model: string): readonly [major: number, minor: number] {
  const [, major = '0', minor = '0'] = /^claude-[a-z]+-(\d+)(?:-(\d{1,2})(?!\d))?/.exec(model) ?? [];
  return [Number(major), Number(minor)];
}
