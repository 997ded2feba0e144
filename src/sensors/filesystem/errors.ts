/**
 * What the label `device_error` calls an error of statfs(2). node_exporter has its texts from Go's table
 * of Linux errors; where Bun's own text is another, the one of Linux is here, so that one query finds both.
 */
const TEXTS: Readonly<Record<number, string>> = {
  5: 'input/output error',
  12: 'cannot allocate memory',
  14: 'bad address',
  16: 'device or resource busy',
  23: 'too many open files in system',
  36: 'file name too long',
  40: 'too many levels of symbolic links',
  62: 'timer expired',
  67: 'link has been severed',
  70: 'communication error on send',
  74: 'bad message',
  95: 'operation not supported',
  102: 'network dropped connection on reset',
  107: 'transport endpoint is not connected',
  113: 'no route to host',
  116: 'stale NFS file handle',
  117: 'structure needs cleaning',
  122: 'disk quota exceeded',
  123: 'no medium found',
  124: 'wrong medium type',
  126: 'required key not available',
  127: 'key has expired',
  128: 'key has been revoked',
  129: 'key was rejected by service',
};

/** `ENOENT: no such file or directory, statfs '/x'` is `no such file or directory`. */
export function errorText(error: unknown): string {
  const { errno, message } = error as NodeJS.ErrnoException;
  return (
    TEXTS[Math.abs(errno ?? 0)] ?? message.replace(/^[A-Z0-9]+: /, '').replace(/, \w+ .*$/s, '')
  );
}
