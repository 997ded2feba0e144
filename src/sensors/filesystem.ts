/**
 * How full file systems are: statfs(2) of each mount in /proc/1/mountinfo.
 *
 * A local file system answers from memory. One that asks somebody else (NFS, FUSE …) may not answer for
 * hours, and the thread that asked cannot be killed meanwhile: those are asked by other threads, and a
 * sample takes the last answer that is not too old.
 */
import { readFileSync, statfsSync } from 'node:fs';
import type { Paths } from '../board/paths.ts';
import { SAMPLE, type Source } from '../board/source.ts';
import { FILESYSTEM } from '../catalog/host/filesystem.ts';
import { Asker, type Answer } from './filesystem/asker.ts';
