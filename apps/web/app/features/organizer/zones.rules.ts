/** Names that the zone data keeps for compatibility, and what the places are called. */
const NAMES: Record<string, string> = {
  'Africa/Asmera': 'Asmara',
  'America/Godthab': 'Nuuk',
  'Asia/Calcutta': 'Kolkata',
  'Asia/Katmandu': 'Kathmandu',
  'Asia/Rangoon': 'Yangon',
  'Asia/Saigon': 'Ho Chi Minh City',
  'Atlantic/Faeroe': 'Faroe',
  'Europe/Kiev': 'Kyiv',
  'Pacific/Enderbury': 'Kanton',
  'Pacific/Ponape': 'Pohnpei',
  'Pacific/Truk': 'Chuuk',
};

export interface ZoneOption {
  value: string;
  label: string;
}

/** The offset of a zone's clocks at a moment: `+1`, `+5:30`, empty for UTC itself. */
function offsetAt(zone: string, ms: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(ms);
  return (parts.find((part) => part.type === 'timeZoneName')?.value ?? '').replace(/^GMT/, '').replace('-', '−');
}

function optionOf(zone: string, year: number): ZoneOption {
  const [region = '', ...rest] = zone.split('/');
  const city = (NAMES[zone] ?? rest.at(-1) ?? zone).replaceAll('_', ' ');
  const offsets = new Set([0, 6].map((month) => `UTC${offsetAt(zone, Date.UTC(year, month, 15))}`));
  const within = rest.length > 0 ? `, ${[region, ...rest.slice(0, -1)].join(', ').replaceAll('_', ' ')}` : '';
  return { value: zone, label: `${city}${within} (${[...offsets].join(', ')})` };
}

let kept: { year: number; options: ZoneOption[] } | null = null;

/**
 * The zones an event can be in, by the name of their city, so that typing it finds it in the browser's own list; beside it the
 * offsets of January and July. UTC comes first. The server's list, so that both sides render the same.
 * @param also a zone that is stored already, whatever its name
 */
export function zoneOptions(nowMs: number, also?: string): ZoneOption[] {
  const year = new Date(nowMs).getUTCFullYear();
  if (kept?.year !== year) {
    const options = Intl.supportedValuesOf('timeZone')
      .filter((zone) => zone.includes('/'))
      .map((zone) => optionOf(zone, year))
      .sort((a, b) => a.label.localeCompare(b.label, 'en'));
    kept = { year, options: [{ value: 'UTC', label: 'UTC' }, ...options] };
  }
  const { options } = kept;
  return !also || options.some(({ value }) => value === also) ? options : [optionOf(also, year), ...options];
}
