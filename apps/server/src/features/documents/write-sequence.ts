/** "No. 0042" */
export function writeSequence(sequenceNumber: number): string {
  return `No. ${String(sequenceNumber).padStart(4, '0')}`;
}
