export type HoldMood = 'calm' | 'plain' | 'urgent';

/** Violet above five minutes, ink to the last one, live ink in it. */
export function holdMood(seconds: number): HoldMood {
  if (seconds > 300) return 'calm';
  return seconds >= 60 ? 'plain' : 'urgent';
}

/** The moments that are spoken: 5:00, 1:00, 0:15 and the end. Answers the one that was crossed between two readings. */
export function spokenMoment(beforeSeconds: number, nowSeconds: number): 300 | 60 | 15 | 0 | null {
  // The nearest one wins: after a sleeping tab only the latest is still news.
  for (const moment of [0, 15, 60, 300] as const) {
    if (beforeSeconds > moment && nowSeconds <= moment) return moment;
  }
  return null;
}

/** Whether "Need more time?" is offered: from 2:00, by the art direction. */
export function offersMoreTime(seconds: number): boolean {
  return seconds > 0 && seconds <= 120;
}
