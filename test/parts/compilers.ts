/** What builds C programs, and runs those for the other processor. */
import { existsSync } from 'node:fs';
import { path, UNPACKED } from './find.ts';

/** Path of a C compiler that finds the C library's headers. */
export function cc(): string | undefined {
  return existsSync('/usr/include/stdio.h') ? path('cc') : undefined;
}

/** What builds a program for arm64 here and runs it. It has to be linked statically. */
export interface Arm64Cc {
  readonly cc: string;
  readonly qemu: string;
}

export function arm64Cc(): Arm64Cc | undefined {
  const compiler = path('aarch64-linux-gnu-gcc');
  const qemu = path('qemu-aarch64-static') ?? path('qemu-aarch64');
  const header = existsSync('/usr/aarch64-linux-gnu/include/stdio.h');
  return compiler !== undefined && qemu !== undefined && header
    ? { cc: compiler, qemu }
    : undefined;
}

/** What runs an arm64 program here: the emulator, and the value of QEMU_LD_PREFIX for it. */
export interface Arm64 {
  readonly qemu: string;
  readonly prefix: string;
}

export function qemuArm64(): Arm64 | undefined {
  const qemu = path('qemu-aarch64-static') ?? path('qemu-aarch64');
  const prefix = `${UNPACKED}/arm64`;
  return qemu !== undefined && existsSync(`${prefix}/lib/ld-linux-aarch64.so.1`)
    ? { qemu, prefix }
    : undefined;
}
