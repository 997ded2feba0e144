/** Log lines on standard error, logfmt or JSON, as the Prometheus programs write them. */

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];
export type Fields = Readonly<Record<string, string | number | boolean>>;

export interface LogOptions {
  readonly level: Level;
  readonly format: 'logfmt' | 'json';
}

export type Log = (level: Level, message: string, fields?: Fields) => void;

/** In quotes where a reader of logfmt or a terminal would take it for something else. */
const quote = (value: string | number | boolean): string => {
  const text = String(value);
  if (/^[^\s"=\\\p{Cc}]+$/u.test(text)) return text;
  // JSON leaves the control characters beyond ASCII and Unicode's ends of lines as they are.
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
};

/** One line of a log. `time` is RFC 3339. */
export function logLine(
  format: LogOptions['format'],
  time: string,
  level: Level,
  message: string,
  fields: Fields,
): string {
  if (format === 'json') return JSON.stringify({ time, level, msg: message, ...fields });
  const pairs = Object.entries(fields).map(([k, v]) => ` ${k}=${quote(v)}`);
  return `time=${time} level=${level} msg=${quote(message)}${pairs.join('')}`;
}

/** A log whose options may change under it (a reload). */
export function createLog(options: () => LogOptions): Log {
  return (level, message, fields = {}) => {
    const { level: least, format } = options();
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    // Not process.stderr: a stream of Node's costs two megabytes before its first line.
    console.error(logLine(format, new Date().toISOString(), level, message, fields));
  };
}
