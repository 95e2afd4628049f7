import { hasTwo, Reader } from './midi.ts';

export interface Arrangement {
  /** 1.15 for a piece that is played faster by 15 %. */
  readonly speed: number;
  /** How much higher. */
  readonly semitones: number;
}

/** When which note sounds, in seconds. */
export interface Note {
  readonly channel: number;
  readonly pitch: number;
  readonly start: number;
  readonly end: number;
}

const DRUMS = 9;
const [META, SET_TEMPO, SYSEX, SYSEX_MORE] = [0xff, 0x51, 0xf0, 0xf7];
const [NOTE_OFF, NOTE_ON, PRESSURE, PROGRAM] = [0x80, 0x90, 0xa0, 0xc0];
/** What plays for each family of eight of General MIDI: something that sounds otherwise. */
const INSTEAD = [48, 16, 61, 0, 38, 73, 0, 66, 25, 40, 19, 49, 11, 24, 12, 13];

/** The same piece for other instruments, without drums, in another tempo and key: a cover of which the truth is known. */
export function arrange(midi: Buffer, { speed, semitones }: Arrangement): Buffer {
  const out = Buffer.from(midi);
  out.writeUInt16BE(Math.round(out.readUInt16BE(12) * speed), 12);
  for (const { bytes } of eventsOf(out)) {
    const [kind, channel] = [bytes.status & 0xf0, bytes.status & 0x0f];
    if (kind === PROGRAM) out[bytes.at] = INSTEAD[out[bytes.at]! >> 3]!;
    else if (kind === NOTE_ON && channel === DRUMS) out[bytes.at + 1] = 0;
    else if (kind >= NOTE_OFF && kind <= PRESSURE && channel !== DRUMS)
      out[bytes.at] = Math.min(127, Math.max(0, out[bytes.at]! + semitones));
  }
  return out;
}

/** All notes but those of drums, by their beginning. */
export function readNotes(midi: Buffer): Note[] {
  const division = midi.readUInt16BE(12);
  const tempos: { tick: number; quarter: number }[] = [];
  const begun = new Map<number, number>();
  const held: { channel: number; pitch: number; from: number; to: number }[] = [];
  for (const { tick, track, bytes } of eventsOf(midi)) {
    const [kind, channel] = [bytes.status & 0xf0, bytes.status & 0x0f];
    if (bytes.status === META) tempos.push({ tick, quarter: midi.readUIntBE(bytes.at, 3) / 1e6 });
    if ((kind !== NOTE_ON && kind !== NOTE_OFF) || channel === DRUMS) continue;
    const pitch = midi[bytes.at]!;
    const key = (track * 16 + channel) * 128 + pitch;
    const from = begun.get(key);
    if (from !== undefined) held.push({ channel, pitch, from, to: tick });
    if (kind === NOTE_ON && midi[bytes.at + 1]! > 0) begun.set(key, tick);
    else begun.delete(key);
  }
  const secondOf = clockOf(tempos, division);
  return held
    .map(({ channel, pitch, from, to }) => ({ channel, pitch, start: secondOf(from), end: secondOf(to) }))
    .toSorted((a, b) => a.start - b.start);
}

function clockOf(tempos: { tick: number; quarter: number }[], division: number): (tick: number) => number {
  const sorted = tempos.toSorted((a, b) => a.tick - b.tick);
  return (tick) => {
    let [seconds, at, quarter] = [0, 0, 0.5];
    for (const change of sorted) {
      if (change.tick >= tick) break;
      seconds += ((change.tick - at) / division) * quarter;
      [at, quarter] = [change.tick, change.quarter];
    }
    return seconds + ((tick - at) / division) * quarter;
  };
}

interface MidiEvent {
  readonly tick: number;
  readonly track: number;
  /** Where its data begin in the file. */
  readonly bytes: { readonly status: number; readonly at: number };
}

/** Events of channels, and changes of tempo. */
function* eventsOf(midi: Buffer): Generator<MidiEvent> {
  let track = 0;
  for (let at = 8 + midi.readUInt32BE(4); at + 8 <= midi.length;) {
    const end = Math.min(midi.length, at + 8 + midi.readUInt32BE(at + 4));
    if (midi.toString('latin1', at, at + 4) === 'MTrk')
      yield* trackEvents(midi.subarray(at + 8, end), at + 8, track++);
    at = end;
  }
}

function* trackEvents(bytes: Buffer, offset: number, track: number): Generator<MidiEvent> {
  const reader = new Reader(bytes);
  let [tick, status] = [0, 0];
  while (!reader.isAtEnd) {
    tick += reader.varint();
    if (reader.peek() >= 0x80) status = reader.byte();
    if (status === META) {
      const type = reader.byte();
      const length = reader.varint();
      if (type === SET_TEMPO) yield { tick, track, bytes: { status, at: offset + reader.at } };
      reader.take(length);
    } else if (status === SYSEX || status === SYSEX_MORE) reader.take(reader.varint());
    else {
      yield { tick, track, bytes: { status, at: offset + reader.at } };
      reader.take(hasTwo(status) ? 2 : 1);
    }
  }
}
