import type { CategoryCount, CityCount, InCity } from '@liventix/contracts/events';
import type { Ctx } from '../../platform/context.ts';
import { countCategories, countCities } from './events.sql.ts';

/** Cities with coming public events, those with most first. */
export function listCities(ctx: Ctx): Promise<CityCount[]> {
  return ctx.readPublic((_tx, sql) => countCities(sql));
}

/** Categories of coming public events, in one city or everywhere. */
export function listCategories(ctx: Ctx, { city }: InCity): Promise<CategoryCount[]> {
  return ctx.readPublic((_tx, sql) => countCategories(sql, city));
}
