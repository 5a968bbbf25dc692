import { DEMO_DOMAIN } from '../../../platform/standing.ts';

/** The people of the demo. All names are invented. Four of them can be stepped into. */
export interface DemoPerson {
  key: string;
  name: string;
  email: string;
  role: 'attendee' | 'organizer' | 'admin';
  /** What this person can do, said on the sign-in page and the demo bar; only for the four. */
  introduction?: string;
  /** Whether the ledger may say the first name. */
  showFirstName: boolean;
}

export const DEMO_PASSWORD = 'liventix-demo';

const named = (key: string, name: string): DemoPerson => ({
  key,
  name,
  email: `${key}@${DEMO_DOMAIN}`,
  role: 'attendee',
  showFirstName: true,
});

export const PEOPLE: readonly DemoPerson[] = [
  { ...named('mara', 'Mara Lindqvist'), introduction: 'Has three tickets for the coming days and looks for a fourth.' },
  {
    ...named('theo', 'Theo Brandt'),
    role: 'organizer',
    introduction: 'Runs Nordlicht Kollektiv: sees every sale land, pauses, refunds, heals.',
  },
  { ...named('ines', 'Ines Carvalho'), introduction: 'Follows six things, posts, likes and answers.' },
  { ...named('admin', 'Kim Aldous'), role: 'admin', introduction: 'Looks after the platform.' },
  named('ada', 'Ada Okafor'),
  named('jonas', 'Jonas Weil'),
  named('pia', 'Pia Neumann'),
  named('sol', 'Sol Moreno'),
  named('yuki', 'Yuki Tanabe'),
  named('ravi', 'Ravi Menon'),
  named('lena', 'Lena Fuchs'),
  named('tom', 'Tom Ashby'),
  named('noor', 'Noor Haddad'),
  named('bea', 'Bea Nowak'),
  named('emil', 'Emil Sørensen'),
  named('cleo', 'Cleo Marchetti'),
  named('sam', 'Sam Whitlock'),
  named('kassel', 'Kassel Drift'),
];

/** First and last names the crowd of buyers is put together from. */
export const CROWD_FIRST = [
  'Alma',
  'Ben',
  'Clara',
  'Dario',
  'Edda',
  'Farid',
  'Greta',
  'Hugo',
  'Ida',
  'Juno',
  'Kaya',
  'Levi',
  'Mina',
  'Nico',
  'Ottilie',
  'Pablo',
  'Quentin',
  'Rosa',
  'Selma',
  'Timo',
  'Una',
  'Viktor',
  'Wanda',
  'Xenia',
  'Yasmin',
  'Zeno',
  'Amara',
  'Bruno',
  'Carmen',
  'Dov',
  'Elif',
  'Finn',
] as const;
export const CROWD_LAST = [
  'Abel',
  'Brandão',
  'Castell',
  'Dietz',
  'Eriksen',
  'Falk',
  'Greene',
  'Holm',
  'Ivers',
  'Jansen',
  'Keller',
  'Lund',
  'Marsh',
  'Novak',
  'Ortiz',
  'Prior',
  'Quist',
  'Rademaker',
  'Sand',
  'Thorne',
  'Ulrich',
  'Vance',
] as const;
