import { startPostgres } from './embedded.ts';
import { ensureRolesAndDatabase } from './bootstrap.ts';
import { migrate } from './migrate.ts';
const pg = await startPostgres({ dataDir: '/tmp/lead/pg', port: 5999 });
console.log(process.argv.length, Object.keys(pg));
const urls = await ensureRolesAndDatabase({ adminUrl: pg.adminUrl('postgres'), database: process.argv[2] ?? 'try', passwords: { owner: 'pw', api: 'pw', auth: 'pw', engine: 'pw' } } as never);
console.log(urls);
try { console.log((await migrate({ ownerUrl: urls.owner, onStep: (s) => console.log(s) })).applied.length); } catch (e) { console.log(String(e), (e as Error).message); }
if (process.argv[3] === 'stay') await new Promise(() => setInterval(() => {}, 1e6)); 
await pg.stop();
process.exit(0);
