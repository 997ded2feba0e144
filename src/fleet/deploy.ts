/** One machine of a fleet: what it is, what it lacks, and the installation there. */
import { basename } from 'node:path';
import { InstallError } from '../install/error.ts';
import { BINARY } from '../install/places.ts';
import type { Luggage, Programs } from './cargo.ts';
import type { Answer, Ssh } from './ssh.ts';

export interface Deployment {
  readonly ssh: Ssh;
  readonly programs: Programs;
  readonly luggage: Luggage;
  readonly attribution: boolean;
}

export interface Outcome {
  readonly host: string;
  readonly result: 'installed' | 'upgraded' | 'unchanged' | 'failed';
  /** Where it is scraped, or why it failed. */
  readonly detail: string;
  readonly seconds: number;
}

/** Never throws. */
export async function deploy(host: string, to: string, deployment: Deployment): Promise<Outcome> {
  const started = performance.now();
  const outcome = (result: Outcome['result'], detail: string): Outcome => ({
    host,
    result,
    detail,
    seconds: (performance.now() - started) / 1000,
  });
  try {
    const lines = await attempt(to, deployment);
    const has = (change: string): boolean => lines.includes(`${BINARY}: ${change}`);
    const result = has('new') ? 'installed' : has('changed') ? 'upgraded' : 'unchanged';
    return outcome(result, lines.at(-1) ?? '');
  } catch (error) {
    return outcome('failed', error instanceof Error ? error.message : String(error));
  }
}

/**
 * Which machine it is, who we are there, what is installed; and a directory that nobody else can look into and
 * that programs can be run from, which not every /tmp allows.
 */
const LOOK = `umask 077
set -- $(sha256sum ${BINARY} 2>/dev/null || echo none)
for base in "\${TMPDIR:-/tmp}" /var/tmp "$HOME"; do
  directory=$(mktemp -d "$base/edgegauge.XXXXXX" 2>/dev/null) || continue
  echo "#!/bin/sh" >"$directory/try" && chmod 700 "$directory/try"
  "$directory/try" 2>/dev/null && break
  rm -rf "$directory"
  directory=
done
test -n "$directory" || { echo "edgegauge: no directory that a program can be run from" >&2; exit 1; }
echo "edgegauge-look $(uname -m) $(id -u) $1 $directory"`;

interface Look {
  readonly machine: string;
  readonly uid: string;
  readonly sha256: string;
  readonly directory: string;
}

/** What the installation printed. Throws InstallError. */
async function attempt(host: string, deployment: Deployment): Promise<string[]> {
  const { ssh } = deployment;
  const found = look(await ssh.run(host, LOOK));
  let command: string;
  try {
    command = await bring(host, found, deployment);
  } catch (error) {
    await ssh.run(host, `rm -rf ${found.directory}`);
    throw error;
  }
  const answer = await ssh.run(host, `${command}; code=$?; rm -rf ${found.directory}; exit $code`);
  demand(answer);
  return answer.out.trim().split('\n');
}

/** Copies what is lacking there. Answers the command that installs it. Throws InstallError. */
async function bring(host: string, found: Look, deployment: Deployment): Promise<string> {
  const { ssh, programs, luggage, attribution } = deployment;
  const { directory, uid } = found;
  const program = programs.of(found.machine);
  const there = program.sha256 === found.sha256;
  const files = [there ? [] : program.path, luggage.directory ?? []].flat();
  if (files.length > 0) demand(await ssh.copy(files, host, directory));
  return [
    ...(uid === '0' ? [] : ['sudo', '-n']),
    there ? BINARY : `${directory}/${basename(program.path)}`,
    'install',
    ...luggage.flags(`${directory}/${basename(luggage.directory ?? '')}`),
    ...(attribution ? ['--attribution'] : []),
  ].join(' ');
}

/** What a login prints stands before it. */
function look(answer: Answer): Look {
  const found = /^edgegauge-look (\S+) (\d+) (\S+) (\/[\w./-]+)$/m.exec(answer.out);
  if (answer.code !== 0 || found === null) throw failure(answer);
  const [, machine = '', uid = '', sha256 = '', directory = ''] = found;
  return { machine, uid, sha256, directory };
}

function demand(answer: Answer): void {
  if (answer.code !== 0) throw failure(answer);
}

/** The line that says why: our own first where there is one (what follows it may be quoted), else the last. */
function failure({ code, err, out }: Answer): InstallError {
  const lines = `${out}\n${err}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  const own = said.find((line) => line.startsWith('edgegauge: '));
  return new InstallError(
    own?.slice('edgegauge: '.length) ?? said.at(-1) ?? `it ended with ${code}`,
  );
}
