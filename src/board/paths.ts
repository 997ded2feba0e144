/** Where the kernel's file systems are mounted; options redirect every read, as in node_exporter. */
export interface Paths {
  /** `--path.procfs`, default /proc. */
  readonly procfs: string;
  /** `--path.sysfs`, default /sys. */
  readonly sysfs: string;
  /** `--path.rootfs`, default /: what mount points and files under /etc are relative to. */
  readonly rootfs: string;
}
