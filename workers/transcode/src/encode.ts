import { openFile, type Run, runFfmpeg, type Tools } from './ffmpeg.ts';
import type { ExactFormat } from './lossless.ts';

export const RENDITIONS_KBPS = [96, 160, 320] as const;
const SEGMENT_SECONDS = 6;

export interface EncodeTarget {
  /** An existing folder; gets a folder a rendition, each with its `index.m3u8`. */
  readonly hls: string;
  /** Gets raw 32-bit float mono PCM at 16 kHz. */
  readonly pcm: string;
  readonly sampleRate: number;
  readonly maxSeconds: number;
  /** The samples of a rendition that loses nothing, in `flac`; null for none. */
  readonly exact: ExactFormat | null;
}

type Command = ReturnType<typeof openFile>;

/** Decodes once: HLS renditions, 16 kHz PCM, and in the text that is returned what ebur128 and astats have found. */
export async function encode(tools: Tools, file: string, target: EncodeTarget, run: Run): Promise<string> {
  const { pcm, sampleRate, maxSeconds, exact } = target;
  const forks = RENDITIONS_KBPS.map((kbps) => `[a${kbps}]`).join('');
  const command = openFile(file, ['-t', String(maxSeconds)]).complexFilter([
    exact ? '[0:a:0]asplit=4[play][measure][listen][keep]' : '[0:a:0]asplit=3[play][measure][listen]',
    `[play]aformat=channel_layouts=stereo,aresample=${sampleRate},${COUNT},asplit=${RENDITIONS_KBPS.length}${forks}`,
    // its lines a frame would be megabytes of log; `quiet` is not known to ffmpeg 5
    '[measure]ebur128=peak=true:framelog=verbose,anullsink',
    `[listen]${LISTEN}[mono]`,
    ...(exact ? [`[keep]aformat=sample_fmts=${exact}[exact]`] : []),
  ]);
  addLadder(command, target.hls);
  if (exact) addExact(command, target.hls);
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

/** Says in the log how many samples passed; nothing else is measured by it. */
const COUNT = 'astats=measure_perchannel=none:measure_overall=Number_of_samples';

const SEGMENTS = ['-map_metadata', '-1', '-f', 'hls', '-hls_playlist_type', 'vod'];
const LENGTHS = ['-hls_time', String(SEGMENT_SECONDS), '-hls_flags', 'independent_segments'];

function addLadder(command: Command, hls: string): void {
  command
    .output(`${hls}/%v/index.m3u8`)
    .outputOptions(...RENDITIONS_KBPS.flatMap((kbps) => ['-map', `[a${kbps}]`]))
    // against the default `twoloop`: 2.4 times cheaper, and 0.5 to 6 dB nearer to the original at each rate
    .outputOptions('-c:a', 'aac', '-aac_coder', 'fast')
    .outputOptions(...RENDITIONS_KBPS.flatMap((kbps, i) => [`-b:a:${i}`, `${kbps}k`]))
    .outputOptions(...SEGMENTS, ...LENGTHS)
    // ffmpeg and mpv cannot seek in fMP4 segments before ffmpeg 6; everything seeks in MPEG-TS
    .outputOptions('-hls_segment_type', 'mpegts', '-hls_segment_filename', `${hls}/%v/%05d.ts`)
    .outputOptions('-var_stream_map', RENDITIONS_KBPS.map((kbps, i) => `a:${i},name:${kbps}`).join(' '));
}

/** MPEG-TS has no place for FLAC. */
function addExact(command: Command, hls: string): void {
  command
    .output(`${hls}/flac/index.m3u8`)
    .outputOptions('-map', '[exact]', '-c:a', 'flac', '-compression_level', '2')
    .outputOptions(...SEGMENTS, ...LENGTHS)
    // ffmpeg 5 calls FLAC in MP4 experimental
    .outputOptions('-hls_segment_type', 'fmp4', '-strict', '-2')
    .outputOptions('-hls_fmp4_init_filename', 'init.mp4', '-hls_segment_filename', `${hls}/flac/%05d.m4s`);
}
