import type { Databases } from '@liventix/db/client';
import { daysSinceFirstNight, moveForward } from './demo.sql.ts';
import { type PastCharge, seedDemo } from './seed-demo.ts';

export interface PrepareInput {
  db: Databases;
  /** Writes payments of the past into the payment simulator's books. */
  importCharges(charges: readonly PastCharge[]): Promise<void>;
  tell(line: string): void;
}

/**
 * Makes the demo stand in today: writes its content at the first start, and moves everything forward by whole days at
 * each later one, so that tonight is always tonight.
 */
export async function prepareDemo({ db, importCharges, tell }: PrepareInput): Promise<void> {
  const charges = await seedDemo(db);
  if (charges) {
    await importCharges(charges);
    tell(`Demo: wrote 27 events and ${charges.length} payments of the last thirty days`);
    return;
  }
  const days = await daysSinceFirstNight(db.engine.sql);
  if (days <= 0) return;
  await db.engine.transaction((_, sql) => moveForward(sql, days));
  tell(`Demo: moved forward by ${days} ${days === 1 ? 'day' : 'days'}`);
}
