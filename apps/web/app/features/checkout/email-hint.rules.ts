const KNOWN = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'icloud.com',
  'yahoo.com',
  'proton.me',
  'protonmail.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  't-online.de',
  'posteo.de',
  'mailbox.org',
  'live.com',
  'me.com',
  'orange.fr',
  'free.fr',
  'btinternet.com',
  'yahoo.co.uk',
  'hotmail.co.uk',
];

/** Insertions, deletions, changes and swaps of neighbours that lead from one word to the other. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}

/**
 * What an address with a slip of the finger in its domain was probably meant to be: `mara@gmial.com` is gmail.com.
 * Null when the domain is known or nothing is near. A hint only: it never stops anybody.
 */
export function emailHint(email: string): string | null {
  const at = email.lastIndexOf('@');
  if (at < 1) return null;
  const domain = email
    .slice(at + 1)
    .trim()
    .toLowerCase();
  if (domain.length < 4 || KNOWN.includes(domain)) return null;
  const near = KNOWN.map((known) => ({ known, steps: distance(domain, known) })).sort((a, b) => a.steps - b.steps)[0];
  if (!near || near.steps > (near.known.length > 7 ? 2 : 1)) return null;
  return `${email.slice(0, at)}@${near.known}`;
}
