/** What a standard MIDI file says of its music. */
export interface Score {
  readonly seconds: number;
  /** The tempo that most of the time has, in quarters a minute, and how much of the time that is. */
  readonly bpm: number;
  readonly bpmShare: number;
  /** How long each pitch class sounds in ticks, from C on; without drums. */
  readonly pitchClasses: readonly number[];
}

interface TempoChange {
  readonly tick: number;
  readonly bpm: number;
}

interface Track {
  readonly tempos: TempoChange[];
  readonly pitchClasses: number[];
  end: number;
}

const USUAL_BPM = 120;
const DRUMS = 9;
const [META, SET_TEMPO, SYSEX, SYSEX_MORE] = [0xff, 0x51, 0xf0, 0xf7];

/** Reads a file of format 0 or 1. Throws for what is none. */
export function readScore(bytes: Buffer): Score {
  if (bytes.toString('latin1', 0, 4) !== 'MThd') throw new Error('not a MIDI file');
  const division = bytes.readUInt16BE(12);
  if (division & 0x8000) throw new Error('a MIDI file without beats');
  const tracks: Track[] = [];
  for (let at = 8 + bytes.readUInt32BE(4); at + 8 <= bytes.length;) {
    const end = Math.min(bytes.length, at + 8 + bytes.readUInt32BE(at + 4));
    if (bytes.toString('latin1', at, at + 4) === 'MTrk') tracks.push(readTrack(bytes.subarray(at + 8, end)));
    at = end;
  }
  const end = Math.max(...tracks.map((track) => track.end));
  const shares = secondsByBpm(
    tracks.flatMap(({ tempos }) => tempos),
    end,
    division,
  );
  const seconds = [...shares.values()].reduce((sum, value) => sum + value, 0);
  const [bpm, most] = [...shares].reduce((best, each) => (each[1] > best[1] ? each : best), [USUAL_BPM, 0]);
  const pitchClasses = Array.from({ length: 12 }, (_, pitch) =>
    tracks.reduce((sum, track) => sum + track.pitchClasses[pitch]!, 0),
  );
  return { seconds, bpm, bpmShare: seconds > 0 ? most / seconds : 1, pitchClasses };
}

function secondsByBpm(changes: TempoChange[], end: number, division: number): Map<number, number> {
  const sorted = [{ tick: 0, bpm: USUAL_BPM }, ...changes.toSorted((a, b) => a.tick - b.tick)];
  const shares = new Map<number, number>();
  for (const [i, { tick, bpm }] of sorted.entries()) {
    const next = sorted[i + 1]?.tick ?? end;
    if (next <= tick) continue;
    const rounded = Math.round(bpm * 10) / 10;
    shares.set(rounded, (shares.get(rounded) ?? 0) + ((next - tick) / division) * (60 / bpm));
  }
  return shares;
}

function readTrack(bytes: Buffer): Track {
  const track: Track = { tempos: [], pitchClasses: Array.from({ length: 12 }, () => 0), end: 0 };
  const began = new Map<number, number>();
  const reader = new Reader(bytes);
  let tick = 0;
  let status = 0;
  while (!reader.isAtEnd) {
    tick += reader.varint();
    if (reader.peek() >= 0x80) status = reader.byte();
    if (status === META) {
      const type = reader.byte();
      const data = reader.take(reader.varint());
      if (type === SET_TEMPO) track.tempos.push({ tick, bpm: 60e6 / data.readUIntBE(0, 3) });
    } else if (status === SYSEX || status === SYSEX_MORE) reader.take(reader.varint());
    else {
      const [first, second] = [reader.byte(), hasTwo(status) ? reader.byte() : 0];
      noteEvent(track, began, tick, status, first, second);
    }
  }
  return track;
}

/** Whether an event of a channel has two bytes of data. */
export function hasTwo(status: number): boolean {
  const kind = status & 0xf0;
  return kind !== 0xc0 && kind !== 0xd0;
}

function noteEvent(
  track: Track,
  began: Map<number, number>,
  tick: number,
  status: number,
  pitch: number,
  velocity: number,
): void {
  const [kind, channel] = [status & 0xf0, status & 0x0f];
  if (kind !== 0x90 && kind !== 0x80) return;
  if (kind === 0x90 && velocity > 0) track.end = Math.max(track.end, tick);
  if (channel === DRUMS) return;
  const key = channel * 128 + pitch;
  const start = began.get(key);
  if (kind === 0x90 && velocity > 0) began.set(key, start ?? tick);
  else if (start !== undefined) {
    track.pitchClasses[pitch % 12]! += tick - start;
    began.delete(key);
  }
}

/** The numbers of a track, one after the other. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number {
    return this.#bytes[this.#at] ?? 0;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  take(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  varint(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
  }
}
