import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg';

import { runTool, type Tool } from './run-tool.ts';

export interface Tools {
  readonly ffmpeg: Tool;
  readonly ffprobe: Tool;
}

/** How a run of a tool is bounded and watched. */
export interface Run {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Told how many seconds of the input are done. */
  readonly onSeconds?: (seconds: number) => void;
}

/** Everything that a playlist, a script or an exotic demuxer could be mistaken for is left out. */
const FORMATS = 'mp3,flac,wav,w64,ogg,mov,aac,aiff';

const PCM =
  'pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw';
const AUDIO_CODECS = `mp3,mp3float,flac,vorbis,opus,libopus,aac,alac,${PCM}`.split(',');
/** Of covers, and of the chapter names that an M4A may hold. */
const OTHER_CODECS = ['mjpeg', 'png', 'webp', 'bmp', 'gif', 'mov_text'];

/** A picture of more pixels is refused before it is decoded. */
export const MAX_PICTURE_PIXELS = 25_000_000;
const MAX_PROBE_BYTES = 4 << 20;

const CODECS = [...AUDIO_CODECS, ...OTHER_CODECS].join(',');
const GUARDS = [
  `-protocol_whitelist file -format_whitelist ${FORMATS}`,
  `-codec_whitelist ${CODECS} -max_pixels ${MAX_PICTURE_PIXELS}`,
].flatMap((options) => options.split(' '));

/** What ffprobe says of a file, as JSON whose strings hold one raw byte a character, and what it complains of. */
export async function probeJson(
  { ffprobe }: Tools,
  file: string,
  run: Run,
  options: readonly string[] = GUARDS,
): Promise<{ readonly json: string; readonly complaints: string }> {
  const asked = ['-show_format', '-show_streams', '-of', 'json=string_validation=ignore'];
  const args = ['-v', 'error', ...options, ...asked, `file:${file}`];
  const { stdout, stderr } = await runTool(ffprobe, args, { ...run, maxOutputBytes: MAX_PROBE_BYTES });
  return { json: stdout.toString('latin1'), complaints: stderr };
}

/** The length that the packets of the first audio stream add up to, counted no further than `maxSeconds`. */
export async function countSeconds(
  tools: Tools,
  file: string,
  maxSeconds: number,
  run: Run,
): Promise<number> {
  let seconds = 0;
  const command = openFile(file, ['-t', String(maxSeconds)])
    .output('-')
    .outputOptions('-map', '0:a:0', '-c', 'copy', '-f', 'null');
  await runFfmpeg(tools, command, { ...run, onSeconds: (done) => (seconds = done) });
  return seconds;
}

/** `file:` keeps a name from being taken for a URL. */
export function openFile(
  file: string,
  options: readonly string[] = [],
  guards: readonly string[] = GUARDS,
): FfmpegCommand {
  return createCommand()
    .input(`file:${file}`)
    .inputOptions('-threads', '1', ...guards, ...options);
}

/**
 * Runs what fluent-ffmpeg has put together. It is not let to start the process itself: it would ask ffmpeg
 * for its codecs before each run, inherit our environment and kill less than the whole process group.
 */
export async function runFfmpeg({ ffmpeg }: Tools, command: FfmpegCommand, run: Run): Promise<string> {
  const args = (command as FfmpegCommand & { _getArguments(): string[] })._getArguments();
  const cpuSeconds = String(Math.ceil(run.timeoutMs / 1000));
  const global = ['-hide_banner', '-nostdin', '-nostats', '-progress', 'pipe:1', '-timelimit', cpuSeconds];
  const { stderr } = await runTool(ffmpeg, [...global, ...args], {
    ...run,
    onLine: (line) => {
      const microseconds = /^out_time_us=(\d+)$/.exec(line)?.[1];
      if (microseconds) run.onSeconds?.(Number(microseconds) / 1e6);
    },
  });
  return stderr;
}
