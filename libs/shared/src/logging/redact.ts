const SECRETS = new RegExp(
  [
    // Keys by their look. In a JSON line an escaped line break stands before a key as `\n`, hence the second look-behind.
    String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:(?:pk|ak|sk|gsk|xai|rk)[_-][A-Za-z0-9_-]{8,}|ek[_-][A-Za-z0-9._-]{8,}|(?:hf|pplx|csk|fw|nvapi|tgp)[_-][A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{10,})`,
    String.raw`(?<=\b[Bb]earer )[^\s"'\\,]{6,}`,
    String.raw`(?<=[?&](?:key|access_token)=)[^&\s"'\\]+`,
    // Passwords of connection strings.
    String.raw`(?<=:\/\/[^\s/:@"'\\]{0,80}:)[^\s/@"'\\]+(?=@)`,
  ].join('|'),
  'g',
);

/**
 * Takes everything that looks like a secret out of a text. Used on each text that came from outside and is shown; a
 * line of JSON stays one.
 */
export function redact(text: string): string {
  return text.replace(SECRETS, '[redacted]');
}

/** Vendors' keys are longer; shorter ones would be found in innocent words. */
const SHORTEST_SECRET = 8;

/** Takes a secret that is known out of a text, whatever it looks like. */
export function withoutSecret(text: string, secret: string): string {
  return secret.length < SHORTEST_SECRET ? text : text.replaceAll(secret, '[redacted]');
}
