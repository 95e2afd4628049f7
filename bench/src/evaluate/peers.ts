import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Another's program that tells the tempo of a file; null where it finds none. */
export interface TempoPeer {
  readonly name: string;
  tempoOf(file: string, seconds: number): Promise<number | null>;
}

const PEERS: readonly TempoPeer[] = [
  {
    name: 'aubio tempo',
    tempoOf: (file, seconds) =>
      readBpm(`${wavOf(44_100)} "$3" && aubio tempo "$3"; rm -f "$3"`, file, seconds),
  },
  {
    name: 'bpm-tools',
    tempoOf: (file, seconds) =>
      readBpm(
        'ffmpeg -v error -i "$1" -t "$2" -ac 1 -ar 44100 -f f32le pipe:1 </dev/null | bpm',
        file,
        seconds,
      ),
  },
];

/** Those that are installed. */
export async function findTempoPeers(): Promise<TempoPeer[]> {
  const programs = ['aubio', 'bpm'];
  const there = await Promise.all(programs.map(has));
  return PEERS.filter((_, i) => there[i]);
}

const wavOf = (rate: number) => `ffmpeg -v error -y -i "$1" -t "$2" -ac 1 -ar ${rate} -f wav`;

function has(program: string): Promise<boolean> {
  return run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );
}

async function readBpm(command: string, file: string, seconds: number): Promise<number | null> {
  const scratch = `/tmp/volna-evaluate-${process.pid}.wav`;
  const { stdout } = await run('sh', ['-c', command, 'peer', file, String(seconds), scratch]).catch(() => ({
    stdout: '',
  }));
  const bpm = Number.parseFloat(stdout);
  return Number.isFinite(bpm) && bpm > 0 ? bpm : null;
}
