/** What the runs of tests/ use of prepare.mjs, which stays plain JavaScript: it runs before anything is installed. */
export const serverFlags: string[];
export function build(): Promise<void>;
