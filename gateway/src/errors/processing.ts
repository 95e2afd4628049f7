import type { OutcomeCode } from './outcomes.ts';

const ANOTHER_FILE = 'Send another file; this one fails again.';
const TOLD = 'It was tried as often as it may be. An ADMIN can order another try: `retryJob`.';

/** `ProcessingError.code`: what went wrong with a file after it was taken, as `trackProcessing` tells it. */
export const PROCESSING: Readonly<Record<string, OutcomeCode>> = {
  NOT_AUDIO: { meaning: 'It is no audio file that is taken here.', action: ANOTHER_FILE },
  EMPTY_FILE: { meaning: 'It holds no bytes.', action: ANOTHER_FILE },
  UNDECODABLE: { meaning: 'The audio in it, or most of it, cannot be decoded.', action: ANOTHER_FILE },
  TRUNCATED: { meaning: 'It is cut short.', action: 'Send it again, whole.' },
  TOO_LONG: { meaning: 'It plays longer than is taken.', action: ANOTHER_FILE },
  UNSUPPORTED_CODEC: { meaning: 'It holds a codec that is not taken.', action: 'Convert it.' },
  TOO_MANY_CHANNELS: { meaning: 'It has more channels than are taken.', action: 'Mix it down.' },
  PICTURE_TOO_LARGE: {
    meaning: 'The cover in it has too many pixels. The track goes on without it.',
    action: 'Nothing, or a smaller cover.',
  },
  ORIGINAL_MISSING: {
    meaning: 'The uploaded file is not in the object storage any more.',
    action: 'Send it again.',
  },
  PCM_MISSING: { meaning: 'What the analysis hears was gone before it began.', action: TOLD },
  TIMED_OUT: { meaning: 'It took longer than a try may.', action: TOLD },
  WORKER_LOST: { meaning: 'The worker was not heard of any more.', action: TOLD },
  WORKER_STOPPED: { meaning: 'The worker was told to stop.', action: TOLD },
  WORKER_ERROR: { meaning: 'A fault of the worker; its log says which.', action: TOLD },
  ANALYSIS_FAILED: {
    meaning: 'One part of the analysis failed; the others have their results.',
    action: TOLD,
  },
  PROCESSING_FAILED: { meaning: 'One part of the analysis gave no result.', action: TOLD },
  SILENT: {
    meaning: 'There is nothing to hear in it, so that this part of the analysis has no result.',
    action: 'Nothing.',
  },
  FOLDER_NOT_FOUND: {
    meaning: 'The import worker has no such folder.',
    action: 'Say where it is on the worker’s machine.',
  },
  NOT_UNDER_ROOTS: {
    meaning: 'The folder does not really lie under what the import worker may read.',
    action: 'Whoever runs the worker can add to its `IMPORT_ROOTS`.',
  },
  UNREADABLE: {
    meaning: 'A file of an import cannot be opened, has changed meanwhile, or is behind a link.',
    action: 'The next run tries it again.',
  },
  FILE_TOO_LARGE: { meaning: 'A file of an import is larger than is taken.', action: 'Nothing.' },
  NOT_ANALYZED: { meaning: 'The clip of an audio search could not be analysed.', action: ANOTHER_FILE },
  TIMEOUT: { meaning: 'The clip of an audio search was not analysed in time.', action: 'Search again.' },
  NOT_FOUND: {
    meaning: 'The upload of an audio search is not there, or is somebody else’s.',
    action: 'Open another.',
  },
  BAD_USER_INPUT: { meaning: 'The upload of an audio search is not a clip.', action: ANOTHER_FILE },
};
