/** Debian's changelog, made of CHANGELOG.md. deb-changelog(5). */

export interface ChangelogOptions {
  /** Text of CHANGELOG.md. */
  readonly markdown: string;
  readonly version: string;
  /** `Name <address>` */
  readonly maintainer: string;
  /** Seconds since 1970 of this release. */
  readonly epoch: number;
}

interface Release {
  readonly version: string;
  readonly epoch: number;
  readonly items: readonly string[];
}

/** Newest first. What is not released yet is what this version brings. */
export function changelog(options: ChangelogOptions): string {
  const { version, maintainer, epoch } = options;
  return releases(options.markdown, version, epoch)
    .map(({ version: of, epoch: at, items }) => {
      const lines = items.map((item) => wrap(item)).join('\n');
      return `edgegauge (${of}) stable; urgency=medium\n\n${lines}\n\n -- ${maintainer}  ${rfc2822(at)}\n`;
    })
    .join('\n');
}

function releases(markdown: string, version: string, epoch: number): Release[] {
  const found: Release[] = [];
  for (const part of markdown.split(/^## /m).slice(1)) {
    const [, name = '', date] = /^\[?([^\]\s]+)\]?(?: - (\d{4}-\d\d-\d\d))?/.exec(part) ?? [];
    const items = [...part.matchAll(/^- (.+)$/gm)].map(([, text = '']) => text);
    if (items.length === 0) continue;
    const at = date === undefined ? epoch : Date.parse(`${date}T00:00:00Z`) / 1000;
    found.push({ version: name === 'Unreleased' ? version : name, epoch: at, items });
  }
  if (found.length === 0) throw new Error('CHANGELOG.md has no entry');
  return found;
}

/** 80 columns, as dpkg-parsechangelog and people expect. Marks of code mean nothing there. */
function wrap(item: string): string {
  const lines: string[] = [];
  let line = '  *';
  for (const word of item.replaceAll('`', '').split(/\s+/)) {
    if (line.length + 1 + word.length > 79 && line.trim() !== '*') {
      lines.push(line);
      line = `    ${word}`;
    } else {
      line += ` ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

function rfc2822(epoch: number): string {
  return new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
}
