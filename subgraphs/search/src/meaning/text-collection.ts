/** Who sees what everybody sees. */
export const EVERYBODY = '*';

/** Vectors of two models, or of two lengths, are not comparable. */
export function textCollection(model: string, dimension: number): string {
  return `texts_${model.replaceAll(/\W/g, '_').slice(0, 150)}_${dimension}`;
}
