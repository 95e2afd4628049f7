import {
  contentTypes,
  coverContentTypes,
  extensions,
  partBytesOf,
  type UploadPolicy,
} from './upload-policy.ts';

/** What clients are told of what is taken. */
export function statePolicy(policy: UploadPolicy) {
  return { ...policy, partBytes: partBytesOf(policy.maxBytes), extensions, contentTypes, coverContentTypes };
}
