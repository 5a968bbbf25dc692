/** The three hosts of the demo and who works for them. */
export interface DemoOrganization {
  key: 'nordlicht' | 'common-room' | 'mare-alta';
  name: string;
  description: string;
  city: string;
  palette: string;
  followers: number;
  feeFixedCents: number;
  members: readonly { person: string; role: 'owner' | 'admin' | 'editor' | 'scanner' | 'viewer' }[];
}

export const ORGANIZATIONS: readonly DemoOrganization[] = [
  {
    key: 'nordlicht',
    name: 'Nordlicht Kollektiv',
    city: 'Berlin',
    palette: 'cobalt',
    followers: 1284,
    feeFixedCents: 100,
    description: 'Seven people, two vans, one very good sound engineer.',
    members: [
      { person: 'theo', role: 'owner' },
      { person: 'jonas', role: 'admin' },
      { person: 'pia', role: 'scanner' },
    ],
  },
  {
    key: 'common-room',
    name: 'Common Room',
    city: 'London',
    palette: 'noon',
    followers: 862,
    feeFixedCents: 0,
    description: 'Nights for people who like to listen.',
    members: [
      { person: 'noor', role: 'owner' },
      { person: 'theo', role: 'scanner' },
    ],
  },
  {
    key: 'mare-alta',
    name: 'Maré Alta',
    city: 'Lisbon',
    palette: 'tide',
    followers: 2047,
    feeFixedCents: 50,
    description: 'Eat, walk, swim, in that order.',
    members: [
      { person: 'cleo', role: 'owner' },
      { person: 'bea', role: 'editor' },
    ],
  },
];
