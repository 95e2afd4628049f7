import { evaluateClips } from './clips.ts';
import { evaluateCovers } from './covers.ts';
import { evaluateKey, evaluateTempo } from './hearing.ts';
import { evaluateLoudness } from './loudness.ts';
import { evaluateSimilarity } from './similarity.ts';
import { evaluateSpeech } from './speech.ts';
import { evaluateVoices } from './voices.ts';

// npm run evaluate [-- NAME…]: how right what is heard is, against truth that is made here from installed packages of
// Debian, beside other programs, or on the corpus of models/training that EVALUATE_CORPUS names. Fetches nothing: it
// says what to install.

const EVALUATIONS = {
  tempo: evaluateTempo,
  key: evaluateKey,
  loudness: evaluateLoudness,
  speech: evaluateSpeech,
  clips: evaluateClips,
  covers: evaluateCovers,
  similarity: evaluateSimilarity,
  authenticity: evaluateVoices,
} as const;

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(EVALUATIONS)) {
  const evaluate = EVALUATIONS[name as keyof typeof EVALUATIONS];
  if (!evaluate) throw new Error(`no evaluation ${name}; there are ${Object.keys(EVALUATIONS).join(', ')}`);
  await evaluate(
    (line) => void process.stdout.write(`${line}\n`),
    (what) => void process.stderr.write(`${what}\n`),
  );
}
if (process.connected) process.disconnect();
