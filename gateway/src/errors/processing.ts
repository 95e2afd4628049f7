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
  TOO_SHORT: {
    meaning: 'The clip is shorter than a second, which is too little to be known by.',
    action: 'Record a longer one.',
  },
  UNSUPPORTED_CODEC: { meaning: 'It holds a codec that is not taken.', action: 'Convert it.' },
  TOO_MANY_CHANNELS: { meaning: 'It has more channels than are taken.', action: 'Mix it down.' },
  PICTURE_TOO_LARGE: {
    meaning: 'The cover in a file, or an uploaded picture, has too many pixels. A track goes on without it.',
    action: 'A smaller picture.',
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
  NO_SPEECH: {
    meaning: 'Nobody speaks in it, so that there is no estimate of synthetic speech.',
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
  FILE_TOO_LARGE: {
    meaning: 'A file of an import or of a URL is larger than is taken.',
    action: 'Choose another file.',
  },
  UNSUPPORTED_TYPE: {
    meaning: 'What a URL led to is no audio that is taken, or not what its server says.',
    action: 'Choose another URL.',
  },
  URL_NOT_ALLOWED: {
    meaning: 'The URL leads to an address that nothing is fetched from.',
    action: 'Choose another URL.',
  },
  FETCH_FAILED: {
    meaning: 'The server of a URL refuses, breaks off or cannot be reached; the message says which.',
    action: 'Check the URL, and try it again.',
  },
  TOO_MANY_REDIRECTS: { meaning: 'A URL leads on more than five times.', action: 'Give the last URL.' },
  NOT_A_PICTURE: {
    meaning: 'An uploaded picture is none that is taken, is broken, or moves.',
    action: 'Choose another picture.',
  },
  CANCELLED: { meaning: 'The upload was given up by its owner.', action: 'Nothing.' },
  UPLOAD_EXPIRED: { meaning: 'No worker took the upload on in time.', action: 'Try it again.' },
  NOT_ANALYZED: { meaning: 'The clip of an audio search could not be analysed.', action: ANOTHER_FILE },
  TIMEOUT: { meaning: 'The clip of an audio search was not analysed in time.', action: 'Search again.' },
  NOT_FOUND: {
    meaning:
      'The upload of an audio search is not there, or is somebody else’s; or what an upload was for is gone.',
    action: 'Open another.',
  },
  BAD_USER_INPUT: { meaning: 'The upload of an audio search is not a clip.', action: ANOTHER_FILE },
};
