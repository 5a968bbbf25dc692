import * as z from 'zod/mini';

export const SetBreathing = z.object({ on: z.boolean() });
export type SetBreathing = z.infer<typeof SetBreathing>;

/** Somebody a visitor of the demo can step into. */
export interface DemoRole {
  key: 'mara' | 'theo' | 'ines' | 'admin';
  name: string;
  email: string;
  /** One sentence: what she can do here. */
  introduction: string;
}

export interface DemoState {
  roles: DemoRole[];
  /** Every demo account has this password. */
  password: string;
  breathing: boolean;
  /** The event of "Replay the incident", and the one both sides look at in "Side by side". */
  official: { eventId: string; slug: string } | null;
  tonight: { eventId: string; slug: string } | null;
}
