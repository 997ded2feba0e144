/** Reading a kernel file that need not be there: its module is not loaded, its protocol is off. */
import { NoData } from '../board/source.ts';
import { notOffered } from './file-source.ts';
import type { KernelFile } from './reader.ts';

/** Reads as `KernelFile.read` does; undefined where this kernel does not offer the file. For discovery alone. */
export function readIfThere(file: KernelFile): number | undefined {
  try {
    return file.read();
  } catch (error) {
    if (notOffered(error)) return undefined;
    throw error;
  }
}

/** Reads as `KernelFile.read` does; NoData where this kernel does not offer the file. */
export function readOrNoData(file: KernelFile): number {
  const length = readIfThere(file);
  if (length === undefined) throw new NoData(`${file.path}: not there`);
  return length;
}
