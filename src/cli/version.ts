import { BUILD_DATE, COMMIT, VERSION } from '../self/version.ts';

/** `edgegauge version`. */
export function version(): void {
  process.stdout.write(
    `edgegauge, version ${VERSION} (revision ${COMMIT}, built ${BUILD_DATE}, Bun ${Bun.version}, ${process.platform}/${process.arch})\n`,
  );
}
