import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/** Is there a process with this id, whoever owns it? */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process started, as an opaque text: ids are recycled, id and start time together are not.
 * Null when there is no such process.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may contain spaces and brackets: count fields behind its last bracket. Field 22 is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return ps(pid, 'lstart=');
  }
}

/** The command line of a process; null when it is gone (also for a zombie, whose command line is empty). */
export function commandOf(pid: number): string | null {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || null;
  } catch {
    return ps(pid, 'command=');
  }
}

function ps(pid: number, column: string): string | null {
  if (process.platform === 'linux') return null;
  return spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || null;
}
