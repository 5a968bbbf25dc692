/** Each value that a `Cookie:` header has for a name, as it was sent; browsers send one, others what they like. */
export function readCookies(header: string | null | undefined, name: string): string[] {
  return (header ?? '').split(';').flatMap((part) => {
    const eq = part.indexOf('=');
    return eq > 0 && part.slice(0, eq).trim() === name ? [part.slice(eq + 1).trim()] : [];
  });
}
