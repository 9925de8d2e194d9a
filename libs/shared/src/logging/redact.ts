const SECRETS = new RegExp(
  [
    // Keys by their look. In a JSON line an escaped line break stands before a key as `\n`, hence the second look-behind.
    String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:(?:pk|ak|sk|gsk|xai|rk)[_-][A-Za-z0-9_-]{8,}|AIza[A-Za-z0-9_-]{10,})`,
    String.raw`(?<=\b[Bb]earer )[^\s"'\\,]{6,}`,
    String.raw`(?<=[?&]key=)[^&\s"'\\]+`,
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
