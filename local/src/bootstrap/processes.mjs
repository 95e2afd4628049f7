import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Field 22 of /proc/PID/stat, counted from the state, which is the third. */
const START_TIME = 19;

/** Names a process for as long as it runs: pids are given again, so the time of its start is part of the name. */
export function nameProcess(pid) {
  return `${pid} ${startOf(pid)}`;
}

/** Whether the process of this name still runs. */
export function isRunning(name) {
  const pid = Number.parseInt(name, 10);
  return pid > 0 && exists(pid) && nameProcess(pid) === name;
}

function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    // it runs, as somebody else's
    return err.code === 'EPERM';
  }
}

/** When a process has begun, in whatever words the system has for it; nothing where the system does not tell. */
function startOf(pid) {
  if (existsSync('/proc/self/stat')) return startOnLinux(pid);
  if (process.platform === 'win32') return '';
  const asked = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  return (asked.stdout ?? '').trim();
}

function startOnLinux(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name before may have spaces and brackets in it
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[START_TIME] ?? '');
  } catch {
    return 'gone';
  }
}
