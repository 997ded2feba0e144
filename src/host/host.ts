/** The machine in one line: from uname, os-release, the firmware's DMI table and dgx-release. */
import type { Paths } from '../board/paths.ts';
import type { Source } from '../board/source.ts';
import { HOST } from '../catalog/host/host.ts';
import { constantSource } from './constant-source.ts';
import { type DgxRelease, dgxRelease } from './dgx.ts';
import { type DmiLabel, dmiId } from './dmi.ts';
import { osRelease } from './os-release.ts';
import { type Utsname, utsname } from './utsname.ts';

/** `''`: neither firmware nor operating system says that this is a DGX. */
export type Platform = 'dgx-spark' | 'dgx' | '';

/** Whether this is a DGX Spark, another DGX, or neither. */
function platformOf(
  firmware: Partial<Record<DmiLabel, string>>,
  release: DgxRelease | undefined,
): Platform {
  // The firmware writes NVIDIA_DGX_Spark, the release file DGX Spark.
  const says = (text: string | undefined): boolean => /dgx[ _-]?spark/i.test(text ?? '');
  const { product_name, product_family } = firmware;
  if ([product_name, product_family, release?.name, release?.prettyName].some(says)) {
    return 'dgx-spark';
  }
  return release !== undefined ? 'dgx' : '';
}

export function host(paths: Paths, read: () => Utsname = utsname): Source {
  return constantSource({
    name: 'host',
    collectors: ['host'],
    look(draft, assign) {
      const kernel = read();
      const firmware = dmiId(paths.sysfs);
      const labels = {
        hostname: kernel.nodename,
        kernel: kernel.release,
        os: osRelease(paths.rootfs)?.get('PRETTY_NAME') ?? '',
        arch: kernel.machine,
        vendor: firmware.system_vendor ?? '',
        product: firmware.product_name ?? '',
        platform: platformOf(firmware, dgxRelease(paths.rootfs)),
      };
      assign(draft.slot(HOST.info, labels), 1);
    },
  });
}
