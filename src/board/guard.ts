/**
 * What stands between a source and a read that may never return. The probe's child notes which device it
 * is at before it reads; when the read hangs, the supervisor knows whom to leave out next time.
 */
export interface Guard {
  /**
   * To be called before anything of this device (its directory, a mount point, the UUID of a GPU) is
   * touched. Answers false for a device that hung a former child: it is to be left out.
   */
  enter(device: string): boolean;
  /** The device answered. */
  leave(): void;
}

/** For a process that nobody supervises (`snapshot` in one process, tests). */
export const UNGUARDED: Guard = { enter: () => true, leave() {} };
