/** What an Authorization header says (RFC 7617). */

export interface Credentials {
  readonly user: string;
  /** As it was sent: no encoding is assumed. */
  readonly password: Uint8Array;
}

const COLON = 58;
/** bcrypt reads no more; Bun would hash a longer one first, and other programs cut it off. */
const MOST_PASSWORD_BYTES = 72;

/** Undefined where there are none, or none that could ever be right: bcrypt ends at a zero byte, too. */
export function readCredentials(header: string): Credentials | undefined {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  const colon = bytes.indexOf(COLON);
  if (colon < 0) return undefined;
  const password = bytes.subarray(colon + 1);
  if (password.length > MOST_PASSWORD_BYTES || password.includes(0)) return undefined;
  return { user: bytes.toString('utf8', 0, colon), password };
}
