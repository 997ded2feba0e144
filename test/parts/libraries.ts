/** Vendor libraries and their headers, as Debian has them. */
import { existsSync } from 'node:fs';
import { UNPACKED } from './find.ts';

/** Directory of the real nvml.h (12.4, of Debian 13). */
export function nvmlHeader(): string | undefined {
  const include = `${UNPACKED}/trixie/usr/include`;
  return existsSync(`${include}/nvml.h`) ? include : undefined;
}

/** Path of the real libnvidia-ml.so.1 (driver 550, of Debian 13), for this machine. */
export function nvmlLibrary(): string | undefined {
  const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
  const file = `${UNPACKED}/trixie/usr/lib/${architecture}-linux-gnu/nvidia/current/libnvidia-ml.so.1`;
  return existsSync(file) ? file : undefined;
}

/** Path of the real librocm_smi64 of ROCm 5 (5.2.3, of Debian 12), which runs where this test does. */
export function rocmSmi5(): string | undefined {
  const file = `${UNPACKED}/bookworm/usr/lib/librocm_smi64.so.1`;
  return process.arch === 'x64' && existsSync(file) ? file : undefined;
}

/** Root of a tree with that of another release and the C and C++ libraries that it needs. */
export const rocmTree = (dir: string) => (): string | undefined => {
  const root = `${UNPACKED}/${dir}`;
  const libraries = `${root}/usr/lib/x86_64-linux-gnu`;
  const needed = ['librocm_smi64.so.1', 'libc.so.6', 'libstdc++.so.6', 'libgcc_s.so.1'];
  const complete = needed.every((name) => existsSync(`${libraries}/${name}`));
  return process.arch === 'x64' && complete ? root : undefined;
};

/** Directory of rocm_smi/rocm_smi.h of ROCm 5.2.3 (Debian 12), 6.1.2 (13) and 6.4.1 (unstable). */
export const rocmHeader = (dir: string) => (): string | undefined => {
  const include = `${UNPACKED}/${dir}/usr/include`;
  return existsSync(`${include}/rocm_smi/rocm_smi.h`) ? include : undefined;
};
