/** The language of manual pages, as far as they need it. man(7), groff_man(7). */

/** Text in which nothing is taken for a request or an escape; long patterns may break at a bar. */
export function plain(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('|', '|\\:')
    .replace(/^([.'])/gm, '\\&$1');
}

export const bold = (text: string): string => `\\fB${plain(text)}\\fR`;
export const italic = (text: string): string => `\\fI${plain(text)}\\fR`;

export interface Header {
  readonly name: string;
  readonly section: 5 | 8;
  readonly version: string;
  /** RFC 3339, or `unknown`. */
  readonly date: string;
}

export function header({ name, section, version, date }: Header): string {
  const day = date === 'unknown' ? '' : date.slice(0, 10);
  return `.TH ${name.toUpperCase()} ${section} "${day}" "edgegauge ${version}"\n.nh\n.ad l\n`;
}

/** A section; paragraphs come ready made. */
export const section = (title: string, ...parts: readonly string[]): string =>
  `.SH ${title.includes(' ') ? `"${title}"` : title}\n${parts.join('')}`;

export const paragraph = (text: string): string => `.PP\n${plain(text)}\n`;

/** `tag` is ready made, `text` is not. */
export const item = (tag: string, text: string): string => `.TP\n${tag}\n${plain(text)}\n`;

export const example = (text: string): string => `.PP\n.EX\n${plain(text)}\n.EE\n`;
