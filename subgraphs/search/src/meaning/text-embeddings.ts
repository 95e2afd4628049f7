import { z } from 'zod';

/** A model that makes vectors of texts: near ones of texts that mean much the same. */
export interface TextEmbeddings {
  readonly model: string;
  /** Unit vectors, one for each text, in their order. */
  embed(texts: readonly string[], withinMs: number): Promise<number[][]>;
}

export interface TextEmbeddingsSettings {
  /** Where `/embeddings` is: `http://127.0.0.1:11434/v1`. */
  readonly url: string;
  readonly key?: string | undefined;
  readonly model: string;
}

/** What the server says of a request that it does not take. */
export class TextEmbeddingsError extends Error {
  override name = 'TextEmbeddingsError';
  /** Another try with the same texts cannot help. */
  readonly isRefusal: boolean;

  constructor(status: number) {
    super(`the server of text embeddings answers ${status}`);
    this.isRefusal = status === 400 || status === 413 || status === 422;
  }
}

const Answer = z.object({
  data: z.array(z.object({ index: z.int(), embedding: z.array(z.number()).min(1) })),
});

/** A server that speaks the embeddings call of OpenAI's API, as Ollama, llama.cpp, vLLM and text-embeddings-inference do. */
export function openTextEmbeddings({ url, key, model }: TextEmbeddingsSettings): TextEmbeddings {
  const endpoint = `${url.replace(/\/+$/, '').replace(/\/embeddings$/, '')}/embeddings`;
  const headers = {
    'content-type': 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return {
    model,
    async embed(texts, withinMs) {
      const body = JSON.stringify({ model, input: texts, encoding_format: 'float' });
      const signal = AbortSignal.timeout(withinMs);
      const response = await fetch(endpoint, { method: 'POST', headers, body, signal });
      if (!response.ok) {
        await response.body?.cancel();
        throw new TextEmbeddingsError(response.status);
      }
      const { data } = Answer.parse(await response.json());
      const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => toUnit(embedding));
      const dimension = vectors[0]?.length;
      if (vectors.length !== texts.length || vectors.some(({ length }) => length !== dimension))
        throw new Error('the server of text embeddings answers with other vectors than were asked for');
      return vectors;
    },
  };
}

function toUnit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => (length > 0 ? value / length : 0));
}
