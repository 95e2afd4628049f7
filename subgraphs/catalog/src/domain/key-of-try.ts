/** One key a try. */
export const keyOfTry = ({ jobId, attempt }: { readonly jobId: string; readonly attempt: number }) =>
  `${jobId}.${attempt}`;
