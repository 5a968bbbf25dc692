/** What people wrote. Age in minutes; `photos` are motif crops of the event's own poster. */
export interface DemoPost {
  event: number;
  author: string;
  asHost?: boolean;
  text: string;
  minutesAgo: number;
  likes: number;
  comments: number;
  photos?: number;
  pinned?: boolean;
  /** The first comments, in order; the rest is drawn from SMALL_TALK. */
  answers?: readonly { author: string; text: string; hidden?: string }[];
}

export const POSTS: readonly DemoPost[] = [
  {
    event: 22,
    author: 'theo',
    asHost: true,
    minutesAgo: 540,
    likes: 214,
    comments: 18,
    photos: 3,
    pinned: true,
    text: '171 of you. We counted, the door counts too now. Lost: one silver coat, one left shoe (how?). Write to us.',
    answers: [
      { author: 'sol', text: 'The shoe is mine. I do not wish to talk about it.' },
      { author: 'theo', text: 'It is at the bar, next to the coat.' },
      { author: 'emil', text: 'cheap tickets to anything, write me', hidden: 'Selling elsewhere' },
    ],
  },
  {
    event: 22,
    author: 'ada',
    minutesAgo: 500,
    likes: 96,
    comments: 7,
    text: 'The 3 a.m. set should be a legal holiday.',
    answers: [{ author: 'lena', text: 'Seconded by my knees.' }],
  },
  {
    event: 1,
    author: 'kassel',
    minutesAgo: 180,
    likes: 61,
    comments: 9,
    photos: 1,
    text: 'Soundcheck. The floor is moving and we’ve only plugged in one side.',
    answers: [{ author: 'jonas', text: 'Please leave us the floor.' }],
  },
  {
    event: 1,
    author: 'sol',
    minutesAgo: 95,
    likes: 44,
    comments: 12,
    text: 'Coming alone, it’s fine, but if you are too: the tall one with the yellow scarf.',
    answers: [
      { author: 'bea', text: 'Looking for yellow, then.' },
      { author: 'sol', text: 'Mustard, if we are exact.' },
    ],
  },
  {
    event: 8,
    author: 'theo',
    asHost: true,
    minutesAgo: 2900,
    likes: 187,
    comments: 26,
    text: 'Sold out in 31 minutes. No resellers: if you can’t come, reply to your confirmation and we pass the word on.',
  },
  {
    event: 3,
    author: 'ines',
    minutesAgo: 700,
    likes: 12,
    comments: 5,
    text: 'Is the cushion tier worth it? Asking for my back.',
    answers: [
      {
        author: 'cleo',
        text: 'Your back says yes. They’re gone, but two people asked for refunds this week, so tap “Tell me”.',
      },
    ],
  },
  {
    event: 5,
    author: 'tom',
    minutesAgo: 1300,
    likes: 38,
    comments: 4,
    text: 'Bring a jumper. The chapel has one radiator and it’s mostly decorative.',
  },
  {
    event: 6,
    author: 'cleo',
    asHost: true,
    minutesAgo: 1000,
    likes: 73,
    comments: 8,
    photos: 1,
    text: 'The starter is called Gertrudes. She is nine years old and eats better than we do.',
  },
  {
    event: 10,
    author: 'cleo',
    minutesAgo: 420,
    likes: 55,
    comments: 6,
    photos: 2,
    text: 'Stall 14 sells only miniature chairs. I own four now.',
  },
  {
    event: 16,
    author: 'noor',
    minutesAgo: 1600,
    likes: 41,
    comments: 3,
    text: 'Didn’t understand floor three at the preview. Loved floor three.',
  },
  {
    event: 7,
    author: 'ravi',
    minutesAgo: 260,
    likes: 29,
    comments: 4,
    text: 'Balcony left or balcony right? Serious question, I have one evening and two ears.',
  },
  {
    event: 15,
    author: 'yuki',
    minutesAgo: 350,
    likes: 33,
    comments: 3,
    text: 'First nine kilometres of my life. Who else is planning to walk two of them?',
  },
];

export const SMALL_TALK = [
  'See you there.',
  'Front left, as always.',
  'My sister says the same.',
  'Is there a cloakroom?',
  'There is, and it is good.',
  'Third time for me. Worth it each time.',
  'Bringing two friends who have never been.',
  'What time does the bar open?',
  'Half an hour before.',
  'I was not going to come. I am coming.',
  'Can confirm.',
  'Does anybody share a ride back?',
  'Night bus stops right outside.',
  'Best hour of my week.',
  'Thank you for the access note, that helps.',
  'Counting the days.',
] as const;

/** What the breathing lets people say, one a minute. */
export const BREATHING_LINES = [
  'Just got mine. Anybody else on the early tram?',
  'Packed the good shoes.',
  'If you see a green umbrella, say hello.',
  'My neighbour recommended this. I like my neighbour now.',
  'Is it all right to come late?',
  'Saving you a seat, Lena.',
  'The poster is on my fridge.',
  'Four of us. One of us is excited enough for six.',
] as const;
