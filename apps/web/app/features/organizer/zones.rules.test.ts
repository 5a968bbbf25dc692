import { expect, it } from 'vitest';
import { zoneOptions } from './zones.rules.ts';

const NOW = Date.UTC(2026, 10, 27);
const labelOf = (zone: string, also?: string) => zoneOptions(NOW, also).find(({ value }) => value === zone)?.label;

it('a time zone is found by the present name of its city, with its offsets in January and July', () => {
  expect(zoneOptions(NOW)[0]).toEqual({ value: 'UTC', label: 'UTC' });
  expect(labelOf('Europe/Berlin')).toBe('Berlin, Europe (UTC+1, UTC+2)');
  expect(labelOf('America/New_York')).toBe('New York, America (UTC−5, UTC−4)');
  expect(labelOf('Asia/Kathmandu') ?? labelOf('Asia/Katmandu')).toBe('Kathmandu, Asia (UTC+5:45)');
  expect(labelOf('Europe/Kyiv') ?? labelOf('Europe/Kiev')).toBe('Kyiv, Europe (UTC+2, UTC+3)');
  expect(labelOf('Asia/Kolkata') ?? labelOf('Asia/Calcutta')).toBe('Kolkata, Asia (UTC+5:30)');
  const labels = zoneOptions(NOW).map(({ label }) => label);
  expect(labels.filter((label) => /[/_]/.test(label))).toEqual([]);
  expect(new Set(labels).size).toBe(labels.length);
});

it('a zone that an event has already stays to be chosen, whatever its name', () => {
  expect(labelOf('EST5EDT', 'EST5EDT')).toBe('EST5EDT (UTC−5, UTC−4)');
  expect(zoneOptions(NOW, 'Europe/Berlin')).toHaveLength(zoneOptions(NOW).length);
});
