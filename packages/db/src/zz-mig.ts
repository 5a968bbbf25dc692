import { migrate } from './migrate.ts';
console.log((await migrate({ ownerUrl: 'postgres://liventix_owner:pw@127.0.0.1:5999/try1' })).applied);
