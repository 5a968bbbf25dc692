import * as z from 'zod/mini';

/**
 * Which edition of a row a form was filled from: raised by the database with every change of what forms change. A form that
 * sends it is refused with EDIT_CONFLICT when somebody else has saved meanwhile. Absent: the change is meant whatever the
 * row says now.
 */
export const Edition = z.optional(z.int().check(z.minimum(1), z.maximum(2_147_483_647)));
