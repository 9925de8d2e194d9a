export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)); // a chunk has some thousand bytes
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), char => char.charCodeAt(0));
}
