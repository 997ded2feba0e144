import { version } from '../../package.json' with { type: 'json' };

// tools/build.ts puts the values in place of these names. A run from the sources has none of them.
declare const __EDGEGAUGE_COMMIT__: string;
declare const __EDGEGAUGE_BUILD_DATE__: string;

const UNKNOWN = 'unknown';

/** Version of this program: the one of package.json. */
export const VERSION: string = version;

/** Full hash of the commit it was built from, with `-dirty` behind it if files had been changed. */
export const COMMIT: string =
  typeof __EDGEGAUGE_COMMIT__ === 'string' ? __EDGEGAUGE_COMMIT__ : UNKNOWN;

/** Time of that commit in UTC, RFC 3339. Not the time of the build, which would differ every time. */
export const BUILD_DATE: string =
  typeof __EDGEGAUGE_BUILD_DATE__ === 'string' ? __EDGEGAUGE_BUILD_DATE__ : UNKNOWN;
