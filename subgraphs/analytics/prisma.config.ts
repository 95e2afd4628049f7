import { definePrismaConfig } from '@volna/platform/prisma-config';

export default definePrismaConfig();
