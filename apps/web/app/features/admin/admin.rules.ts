/** How an event's score is said. Pure. */

/** Below this it is more than one thing, or one that costs somebody money. */
const HEAL_BELOW = 80;

/** `holds`: nothing disagrees. `look`: something small does. `heal`: more than that. */
export const gradeOf = (score: number): 'holds' | 'look' | 'heal' =>
  score >= 100 ? 'holds' : score >= HEAL_BELOW ? 'look' : 'heal';
