/** What NVML's library is called and where it is: for who opens it, and for who only looks whether it is there. */
export const NVML_SONAME = 'libnvidia-ml.so.1';

/** Where drivers put the library. */
const DIRECTORIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  // The driver container of the GPU operator.
  '/run/nvidia/driver/usr/lib/x86_64-linux-gnu',
  '/run/nvidia/driver/usr/lib/aarch64-linux-gnu',
  '/run/nvidia/driver/usr/lib64',
  // Windows Subsystem for Linux.
  '/usr/lib/wsl/lib',
  // Google's Kubernetes nodes.
  '/home/kubernetes/bin/nvidia/lib64',
];

/** Where a library may be when the loader does not find it. */
export const nvmlFiles = (soname: string): readonly string[] =>
  DIRECTORIES.map((each) => `${each}/${soname}`);
