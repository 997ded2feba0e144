/** `edgegauge fleet install HOST…` */
import { dirname } from 'node:path';
import { Programs, pack } from '../fleet/cargo.ts';
import { deploy } from '../fleet/deploy.ts';
import { destination, distinct } from '../fleet/hosts.ts';
import { pooled } from '../fleet/pool.ts';
import { Ssh } from '../fleet/ssh.ts';
import { table } from '../fleet/table.ts';
import { InstallError } from '../install/error.ts';

/** As commander names them. */
export interface FleetFlags {
  readonly config?: string;
  readonly 'web.config.file'?: string;
  readonly attribution?: boolean;
  readonly user?: string;
  readonly sshOption?: readonly string[];
  readonly sshConfig?: string;
  readonly parallel: number;
  readonly binaryDir?: string;
}

/** Prints a table; the process ends with 1 where a machine failed. Throws InstallError or ConfigError. */
export async function fleetCommand(hosts: readonly string[], flags: FleetFlags): Promise<void> {
  const { user, parallel, binaryDir } = flags;
  const all = distinct(hosts).map((host) => ({ host, to: destination(host, user) }));
  for (const program of ['ssh', 'scp']) {
    if (Bun.which(program) === null) throw new InstallError(`${program} is not installed here`);
  }
  using luggage = await pack({ config: flags.config, webConfig: flags['web.config.file'] });
  const deployment = {
    ssh: new Ssh(flags.sshOption ?? [], flags.sshConfig),
    programs: new Programs(binaryDir ?? dirname(process.execPath), process.execPath),
    luggage,
    attribution: flags.attribution === true,
  };
  let done = 0;
  const outcomes = await pooled(all, parallel, async ({ host, to }) => {
    const outcome = await deploy(host, to, deployment);
    console.error(`${++done}/${all.length} ${host}: ${outcome.result}`);
    return outcome;
  });
  await Bun.write(Bun.stdout, table(outcomes));
  if (outcomes.some((o) => o.result === 'failed')) process.exitCode = 1;
}
