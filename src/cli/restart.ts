/** Ends a probe whose parent is to start it again, and says why. */
export function restart(reason: string): never {
  process.stderr.write(`${reason}: starting again\n`);
  process.exit(0);
}
