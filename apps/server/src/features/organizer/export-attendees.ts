import { roleAllows } from '@liventix/contracts/organizations';
import { stringify } from 'csv-stringify';
import type express from 'express';
import type { Ctx } from '../../platform/context.ts';
import { requireRole } from '../organizations/require-role.ts';
import { localOf } from './organizer.rules.ts';
import { countDoor, listAttendees, readEvent, type TicketRow } from './organizer.sql.ts';
import { shown } from './read-orders.ts';

const BATCH = 500;

/**
 * Spreadsheets run a cell that starts like this as a formula; an apostrophe in front makes it words. So does what follows a
 * semicolon, at which programs of half of Europe split; a quote between opens and closes there at once.
 */
export function asWords(cell: string): string {
  return cell.replace(/(^|;)(?=["\s\u00a0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])/g, "$1'");
}

/**
 * The list for the door as CSV, streamed in batches by ticket number. Addresses and order codes need `orders`; the code
 * on a ticket is never in it.
 */
export async function exportAttendees(ctx: Ctx, eventId: string, response: express.Response): Promise<void> {
  const { role } = await requireRole(ctx, eventId, 'orders.names');
  const whole = roleAllows(role, 'orders');
  const { sql } = ctx.db.engine;
  const [event, { timeZone }] = [await readEvent(sql, eventId), await countDoor(sql, eventId)];
  const columns = ['Number', 'Name', 'Ticket', 'State', 'Admitted', ...(whole ? ['Email', 'Order'] : [])];
  response.setHeader('content-disposition', `attachment; filename="${event?.slug ?? 'event'}-attendees.csv"`);
  response.setHeader('cache-control', 'private, no-store');
  response.type('text/csv; charset=utf-8');
  const csv = stringify({ header: true, columns, bom: true });
  csv.pipe(response);
  const write = (row: TicketRow) =>
    csv.write(
      [
        String(row.sequenceNumber),
        row.name,
        row.tierName,
        row.suspendedReason !== null ? 'on hold' : row.status,
        row.redeemedAt ? localOf(row.redeemedAt.getTime(), timeZone).replace('T', ' ') : '',
        ...(whole ? [shown(row.email), row.orderCode] : []),
      ].map(asWords),
    );
  for (let after = 0; ; ) {
    const rows = await listAttendees(sql, eventId, { words: [], addresses: false }, after, BATCH);
    for (const row of rows) if (!write(row)) await new Promise((resolve) => csv.once('drain', resolve));
    after = rows.at(-1)?.sequenceNumber ?? after;
    if (rows.length < BATCH || response.destroyed) break;
  }
  csv.end();
  await new Promise<void>((resolve) => {
    response.once('finish', resolve);
    response.once('close', resolve);
  });
}
