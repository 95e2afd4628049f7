import { openFile, type Run, runFfmpeg, type Tools } from './ffmpeg.ts';
import type { ExactFormat } from './lossless.ts';

export const RENDITIONS_KBPS = [96, 160, 320] as const;
/** Made before all else, so that a track can be played while the rest is in work. */
export const FIRST_KBPS = 160;
const REST_KBPS = RENDITIONS_KBPS.filter((kbps) => kbps !== FIRST_KBPS);
const SEGMENT_SECONDS = 6;

interface LadderTarget {
  /** An existing folder; gets a folder a rendition, each with its `index.m3u8`. */
  readonly hls: string;
  readonly sampleRate: number;
  readonly maxSeconds: number;
}

export interface EncodeTarget extends LadderTarget {
  /** The renditions to make, by their kbit/s; all but the first one unless told. */
  readonly ladder?: readonly number[];
  /** Gets raw 32-bit float mono PCM at 16 kHz. */
  readonly pcm: string;
  /** What loses nothing: gets its samples in a FLAC file; null for none. */
  readonly exact: { readonly format: ExactFormat; readonly file: string } | null;
}

type Command = ReturnType<typeof openFile>;

/** The first rendition alone; the text that is returned has what volumedetect has counted. */
export async function encodeFirst(
  tools: Tools,
  file: string,
  { hls, sampleRate, maxSeconds }: LadderTarget,
  run: Run,
): Promise<string> {
  const command = openFile(file, ['-t', String(maxSeconds)]).complexFilter([
    `[0:a:0]${playedAt(sampleRate)},asplit[a${FIRST_KBPS}][count]`,
    // says in the log how many samples passed, and how loud they were, which nobody reads
    '[count]volumedetect,anullsink',
  ]);
  addLadder(command, hls, [FIRST_KBPS]);
  return await runFfmpeg(tools, command, run);
}

/** Renditions, the samples that lose nothing, 16 kHz PCM, and in the text that is returned what ebur128 has found. */
export async function encode(tools: Tools, file: string, target: EncodeTarget, run: Run): Promise<string> {
  const { pcm, sampleRate, maxSeconds, exact, ladder = REST_KBPS } = target;
  const forks = ladder.map((kbps) => `[a${kbps}]`).join('');
  const command = openFile(file, ['-t', String(maxSeconds)]).complexFilter([
    exact ? '[0:a:0]asplit=4[play][measure][listen][keep]' : '[0:a:0]asplit=3[play][measure][listen]',
    `[play]${playedAt(sampleRate)},asplit=${ladder.length}${forks}`,
    // its lines a frame would be megabytes of log; `quiet` is not known to ffmpeg 5
    '[measure]ebur128=peak=true:framelog=verbose,anullsink',
    `[listen]${LISTEN}[mono]`,
    ...(exact ? [`[keep]aformat=sample_fmts=${exact.format}[exact]`] : []),
  ]);
  addLadder(command, target.hls, ladder);
  if (exact) addExact(command, exact.file);
  addPcm(command, pcm, maxSeconds);
  return await runFfmpeg(tools, command, run);
}

/** The PCM alone. */
export async function encodePcm(
  tools: Tools,
  file: string,
  { pcm, maxSeconds }: Pick<EncodeTarget, 'pcm' | 'maxSeconds'>,
  run: Run,
): Promise<string> {
  const command = openFile(file, ['-t', String(maxSeconds)]).complexFilter([`[0:a:0]${LISTEN}[mono]`]);
  addPcm(command, pcm, maxSeconds);
  return await runFfmpeg(tools, command, run);
}

function addPcm(command: Command, pcm: string, maxSeconds: number): void {
  command
    .output(pcm)
    .outputOptions('-map', '[mono]', '-c:a', 'pcm_f32le', '-f', 'f32le')
    .outputOptions('-fs', String(maxSeconds * 16_000 * 4));
}

/** Without rematrix_maxval a float mix of two equal channels is 3 dB louder than either. */
const LISTEN = 'aresample=16000:ochl=mono:out_sample_fmt=flt:rematrix_maxval=1.0';

/** What players hear; in floats, as the coder takes it, whatever whole numbers are wanted by what measures it. */
const playedAt = (sampleRate: number) =>
  `aformat=channel_layouts=stereo,aresample=${sampleRate}:out_sample_fmt=fltp`;

/** How a rendition is cut; what kind of segments it has is said beside it. */
export const SEGMENTS = [
  '-map_metadata -1 -f hls -hls_playlist_type vod',
  `-hls_time ${SEGMENT_SECONDS} -hls_flags independent_segments`,
].flatMap((options) => options.split(' '));

function addLadder(command: Command, hls: string, ladder: readonly number[]): void {
  command
    .output(`${hls}/%v/index.m3u8`)
    .outputOptions(...ladder.flatMap((kbps) => ['-map', `[a${kbps}]`]))
    // against the default `twoloop`: 2.4 times cheaper, and 0.5 to 6 dB nearer to the original at each rate
    .outputOptions('-c:a', 'aac', '-aac_coder', 'fast')
    .outputOptions(...ladder.flatMap((kbps, i) => [`-b:a:${i}`, `${kbps}k`]))
    .outputOptions(...SEGMENTS)
    // ffmpeg and mpv cannot seek in fMP4 segments before ffmpeg 6; everything seeks in MPEG-TS
    .outputOptions('-hls_segment_type', 'mpegts', '-hls_segment_filename', `${hls}/%v/%05d.ts`)
    .outputOptions('-var_stream_map', ladder.map((kbps, i) => `a:${i},name:${kbps}`).join(' '));
}

/** As a file, whose header says at last how many samples there are. */
function addExact(command: Command, file: string): void {
  command
    .output(file)
    .outputOptions('-map', '[exact]', '-c:a', 'flac', '-compression_level', '2', '-map_metadata', '-1');
}
