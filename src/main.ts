const args = process.argv.slice(2);

// A probe is started by this program alone, so it does without the parser of command lines and its memory.
if (args[0] === 'probe') {
  const { probe } = await import('./cli/probe.ts');
  await probe(args.slice(1));
} else {
  const { run } = await import('./cli/program.ts');
  await run(args);
}
