/** Where in a request's URL the path is. */

/**
 * The path that a request asks for, percent-decoded where that can be done. Bun's `request.url` is
 * `http://HOST/PATH`, but the path alone when the client sent no Host header (HTTP/1.0) or one that is
 * no host.
 */
export function pathOf(request: Request): string {
  const { url } = request;
  // No host is shorter than one character, so no path begins before this.
  const from = url.charCodeAt(0) === SLASH ? 0 : url.indexOf('/', 'http://h'.length);
  const query = url.indexOf('?', from);
  const path = url.slice(from, query < 0 ? url.length : query);
  return path.includes('%') ? decode(path) : path;
}

/** What stands behind the `?`; empty where there is none. */
export function queryOf(request: Request): string {
  const at = request.url.indexOf('?');
  return at < 0 ? '' : request.url.slice(at + 1);
}

const SLASH = 47;

function decode(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
