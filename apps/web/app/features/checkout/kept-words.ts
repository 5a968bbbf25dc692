/** What somebody typed into the checkout of an event, kept in this tab so that a lapse or a reload loses nothing. */
export interface KeptWords {
  name: string;
  email: string;
  showFirstName: boolean;
  names: Record<string, string[]>;
}

const keyOf = (eventId: string) => `lx.checkout.${eventId}`;

export function keepWords(eventId: string, words: KeptWords): void {
  try {
    sessionStorage.setItem(keyOf(eventId), JSON.stringify(words));
  } catch {
    // Private windows may refuse storage; the form works without.
  }
}

export function readKeptWords(eventId: string): KeptWords | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(eventId)) ?? 'null') as Partial<KeptWords> | null;
    if (!kept) return null;
    return {
      name: typeof kept.name === 'string' ? kept.name : '',
      email: typeof kept.email === 'string' ? kept.email : '',
      showFirstName: kept.showFirstName === true,
      names: typeof kept.names === 'object' && kept.names !== null ? kept.names : {},
    };
  } catch {
    return null;
  }
}

/** The tickets are bought: nothing needs to be remembered. */
export function forgetWords(eventId: string): void {
  try {
    sessionStorage.removeItem(keyOf(eventId));
  } catch {
    // as above
  }
}
