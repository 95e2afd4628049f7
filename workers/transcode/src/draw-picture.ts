import { openFile, runFfmpeg, type Run, type Tools } from './ffmpeg.ts';

export interface Picture {
  readonly file: string;
  readonly side: number;
}

/** Where a picture is drawn from: an audio file that holds one, or with `guards` a picture of its own. */
export interface PictureSource {
  readonly file: string;
  readonly guards?: readonly string[];
  /** ffmpeg filters that set it upright. */
  readonly turn?: readonly string[];
}

/** The side of the small square by which a picture's look is told. */
export const LOOK_SIDE = 32;

/** Writes a picture as square WebP files without any metadata, and a small one as raw RGB to `look`. */
export async function drawPicture(
  tools: Tools,
  { file, guards, turn = [] }: PictureSource,
  pictures: readonly Picture[],
  look: string,
  run: Run,
): Promise<void> {
  const forks = [...pictures.map((_, i) => `[p${i}]`), '[small]'];
  const square = [...turn, `crop='min(iw,ih)':'min(iw,ih)'`, `split=${forks.length}`].join(',');
  // not every version of ffmpeg turns by what EXIF says
  const command = openFile(file, ['-noautorotate'], guards).complexFilter([
    `[0:v:0]${square}${forks.join('')}`,
    ...pictures.map(({ side }, i) => `[p${i}]scale=${side}:${side}:flags=lanczos[s${i}]`),
    `[small]scale=${LOOK_SIDE}:${LOOK_SIDE}:flags=area,format=rgb24[look]`,
  ]);
  for (const [i, picture] of pictures.entries()) {
    command
      .output(picture.file)
      .outputOptions('-map', `[s${i}]`, '-frames:v', '1', '-c:v', 'libwebp', '-quality', '82')
      .outputOptions('-map_metadata', '-1', '-f', 'webp');
  }
  command
    .output(look)
    .outputOptions('-map', '[look]', '-frames:v', '1', '-c:v', 'rawvideo', '-f', 'rawvideo');
  await runFfmpeg(tools, command, run);
}
