const KNOWN: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES:
    'permission denied; make it readable for the user that edgegauge runs as (chgrp edgegauge FILE; chmod 640 FILE)',
};

/** Why a file cannot be read, and what to do about it where that is known. */
export function fileProblem(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return KNOWN[code] ?? message;
}
