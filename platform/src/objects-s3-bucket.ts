import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** Where AWS makes buckets that say nothing of their place; it refuses the name itself. */
const UNNAMED_REGION = 'us-east-1';

/** Makes the bucket where it is missing, with the rules that let a browser send parts to it. */
export async function ensureBucket(client: S3Client, bucket: string, region: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (err) {
    if (!hasName(err, 'NotFound', 'NoSuchBucket')) throw err;
    await createBucket(client, bucket, region);
  }
}

async function createBucket(client: S3Client, bucket: string, region: string): Promise<void> {
  const place = { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  try {
    await client.send(
      new CreateBucketCommand({ Bucket: bucket, ...(region === UNNAMED_REGION ? {} : place) }),
    );
  } catch (err) {
    // Another process was first.
    if (!hasName(err, 'BucketAlreadyOwnedByYou')) throw err;
  }
  await allowBrowsers(client, bucket);
}

async function allowBrowsers(client: S3Client, bucket: string): Promise<void> {
  const rule = {
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedOrigins: ['*'],
    AllowedHeaders: ['*'],
    ExposeHeaders: ['ETag', 'Content-Length', 'Content-Range', 'Accept-Ranges', 'Content-Disposition'],
    MaxAgeSeconds: 7200,
  };
  try {
    await client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [rule] } }));
  } catch (err) {
    // MinIO has one rule for the whole server instead.
    if (!hasName(err, 'NotImplemented', 'MethodNotAllowed')) throw err;
  }
}

function hasName(err: unknown, ...names: readonly string[]): boolean {
  return err instanceof S3ServiceException && names.includes(err.name);
}
