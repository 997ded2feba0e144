/** The user and the group that the service runs as. */
import { InstallError } from './error.ts';
import { readIfThere } from './files.ts';
import { NAME, type Places } from './places.ts';
import { has, type Ran, run } from './run.ts';
import { TEXTS } from './texts.ts';

export interface Account {
  readonly gid: number;
  readonly made: boolean;
}

/** Groups that device nodes of GPUs belong to. */
const DEVICE_GROUPS = ['video', 'render'];

/** Makes what is missing. Throws InstallError with the words of the tool that could not. */
export function ensureAccount(at: Places): Account {
  const before = userExists(at);
  if (has('systemd-sysusers')) {
    const root = at.root === '/' ? [] : [`--root=${at.root}`];
    demand(run(['systemd-sysusers', ...root, '-'], TEXTS.sysusers));
  } else if (!before) {
    addUser(at);
  }
  const gid = groupId(at);
  if (gid === undefined) throw new InstallError(`the group ${NAME} could not be made`);
  return { gid, made: !before };
}

/** Where there is no systemd. */
function addUser(at: Places): void {
  const prefix = prefixOf(at);
  for (const group of [...DEVICE_GROUPS, NAME]) {
    if (groupId(at, group) === undefined) demand(run(['groupadd', '--system', ...prefix, group]));
  }
  const who = [
    '--gid',
    NAME,
    '--groups',
    DEVICE_GROUPS.join(','),
    '--comment',
    'edgegauge metrics',
  ];
  const home = ['--home-dir', '/', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  demand(run(['useradd', '--system', ...prefix, ...who, ...home, NAME]));
}

/** Takes user and group away. Answers whether there was one. */
export function removeAccount(at: Places): boolean {
  if (!userExists(at)) return false;
  demand(run(['userdel', ...prefixOf(at), NAME]));
  // userdel takes the group along, unless it is told not to by /etc/login.defs.
  if (groupId(at) !== undefined) demand(run(['groupdel', ...prefixOf(at), NAME]));
  return true;
}

const prefixOf = (at: Places): string[] => (at.root === '/' ? [] : ['--prefix', at.root]);

function userExists(at: Places): boolean {
  return entry(at, 'passwd', NAME) !== undefined;
}

function groupId(at: Places, name: string = NAME): number | undefined {
  const id = entry(at, 'group', name)?.split(':')[2];
  return id === undefined ? undefined : Number(id);
}

/** A line of /etc/passwd or /etc/group; of this machine, whatever database it asks. */
function entry(at: Places, database: 'passwd' | 'group', name: string): string | undefined {
  const lines = readIfThere(at[database])?.split('\n') ?? [];
  const line = lines.find((l) => l.startsWith(`${name}:`));
  if (line !== undefined || at.root !== '/') return line;
  const { code, out } = run(['getent', database, name]);
  return code === 0 ? out : undefined;
}

function demand({ code, err, out }: Ran): void {
  if (code !== 0) throw new InstallError(`the user ${NAME} cannot be changed: ${err || out}`);
}
