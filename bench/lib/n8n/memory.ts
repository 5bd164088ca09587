import { readdirSync, readFileSync } from 'node:fs'

/** MiB that a process and all its children hold, sampled until it is stopped. */
export class PeakMemory {
  peak = 0
  private readonly timer: NodeJS.Timeout

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => {
      this.sample()
    }, 50)
  }

  stop(): number {
    clearInterval(this.timer)
    this.sample()
    return this.peak
  }

  private sample(): void {
    this.peak = Math.max(this.peak, residentMiB(this.pid))
  }
}

/** MiB that a process and all its children hold now (Linux). */
export function residentMiB(pid: number): number {
  return familyOf(pid).reduce((sum, member) => sum + residentOf(member), 0)
}

function residentOf(pid: number): number {
  try {
    return (Number(readFileSync(`/proc/${String(pid)}/statm`, 'utf8').split(' ')[1]) * 4096) / 2 ** 20
  } catch {
    // it ended meanwhile
    return 0
  }
}

function familyOf(pid: number): number[] {
  try {
    const tasks = readdirSync(`/proc/${String(pid)}/task`)
    const children = tasks.flatMap((task) =>
      readFileSync(`/proc/${String(pid)}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    )
    return [pid, ...children.flatMap(familyOf)]
  } catch {
    return [pid]
  }
}
