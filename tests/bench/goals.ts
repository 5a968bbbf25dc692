/** The goals table: what each key measures, what it must reach, and what would be better still. */

export interface Goal {
  /** What is divided by what, or measured in which unit. */
  what: string;
  /** `ratio`: value ÷ peer is judged; `value`: the value itself is. */
  judged: 'ratio' | 'value';
  better: 'more' | 'less';
  /** Of value and peer. */
  unit: string;
  goal: number;
  stretch: number;
}

const more = (what: string, unit: string, goal: number, stretch: number): Goal => ({
  what,
  unit,
  goal,
  stretch,
  judged: 'ratio',
  better: 'more',
});
const less = (what: string, unit: string, goal: number, stretch: number): Goal => ({
  ...more(what, unit, goal, stretch),
  better: 'less',
});
const atMost = (what: string, unit: string, goal: number, stretch: number): Goal => ({
  ...less(what, unit, goal, stretch),
  judged: 'value',
});

/** By key; keys that are judged by two or more figures name their parts. The first part stands for the key. */
export const GOALS = {
  hot_tier_vs_naive: {
    '': more('holds/s, 512 callers ÷ naive transaction, 64 callers on a pool of 10', 'holds/s', 35, 60),
  },
  hot_tier_vs_database: { '': more('the same ÷ one prepared statement a hold, best pool', 'holds/s', 12, 20) },
  hot_tier_vs_copy: { '': more('the same ÷ COPY of equal rows, same indexes and foreign keys', 'holds/s', 0.5, 0.7) },
  hot_tier_p99: { '': less('p99 at 512 callers ÷ naive p99 at 64', 'ms', 0.2, 0.1) },
  low_load_hold: { '': less('p50 of a lone buyer ÷ p50 of the single statement', 'ms', 1.0, 0.9) },
  hot_tier_http: {
    vs_stock: more('holds/s over HTTP ÷ the same procedure on the stock adapter', 'holds/s', 4, 6),
    vs_raw: more('holds/s over HTTP ÷ raw HTTP and zod doing nothing', 'answers/s', 0.4, 0.6),
  },
  hot_tier_processes: { '': more('holds/s of 2 processes on one tier ÷ 1', 'holds/s', 0.9, 1) },
  complete_orders: { '': more('paid orders/s ÷ naive transaction', 'orders/s', 20, 30) },
  webhook_to_ticket: {
    '': atMost("p99 from the provider's yes to the ticket, 11 payments/s, no buyer comes back", 'ms', 2000, 500),
  },
  expiry: { '': more('lapsed holds freed/s ÷ row-by-row loop', 'rows/s', 20, 30) },
  feed_cost: {
    combined: more('holds/s with the feed on ÷ off, one tier', 'holds/s', 0.9, 0.95),
    spread: more('holds/s with the feed on ÷ off, spread over 64 tiers', 'holds/s', 0.85, 0.95),
  },
  commit_to_socket: {
    p50: atMost('commit by another process → received by 5,000 sockets, median', 'ms', 60, 60),
    p99: atMost('the same, 99th percentile', 'ms', 250, 120),
  },
  staleness_after_outage: {
    killed: atMost('change while the feed is down → true on sockets: its session killed', 'ms', 1000, 250),
    restarted: atMost('the same, PostgreSQL restarted', 'ms', 1000, 250),
    crashed: atMost('the same, PostgreSQL crashed', 'ms', 1000, 250),
  },
  fan_out: {
    vs_socket_io: more('messages per core second, 5,000 sockets ÷ stock Socket.IO room', 'messages/s a core', 1.5, 1.8),
    vs_ws: more('the same ÷ plain ws', 'messages/s a core', 0.95, 1.05),
  },
  fan_out_10k: {
    delivered: { ...more('10,000 sockets x 10 a second: delivered share', 'share', 1, 1), judged: 'value' },
    p99: atMost('the same, sent → received, 99th percentile', 'ms', 150, 100),
  },
  growth: {
    hold: less('p50 of a hold at 1,000,000 tickets ÷ at 1,000', 'ms', 1.2, 1.05),
    availability: less('the same, availability of the event', 'ms', 1.2, 1.05),
    dashboard: less("the same, the organizer's totals", 'ms', 1.2, 1.05),
    events: less('the same, the list of events', 'ms', 1.2, 1.05),
  },
  event_page: {
    render: less('server render of the event page ÷ an empty page of the same app', 'ms', 3, 2),
    scripts: atMost('JavaScript loaded before the page is interactive, gzip', 'kB', 200, 170),
  },
} satisfies Record<string, Record<string, Goal>>;

export type Key = keyof typeof GOALS;
export const KEYS = Object.keys(GOALS) as Key[];

export interface Figure {
  value: number;
  /** Null where the goal is no ratio. */
  peer: number | null;
  ratio: number | null;
  goal: number;
  stretch: number;
  pass: boolean;
  /** Whether the stretch figure is reached too. */
  stretched: boolean;
  unit: string;
}

/** One key as it stands in the JSON; a key of several parts passes when all of them do and shows its first part. */
export interface KeyResult extends Figure {
  parts?: Record<string, Figure>;
  /** Each round's value and peer, by part. */
  rounds: Record<string, { value: number; peer: number | null }[]>;
  notes: string[];
  seconds: number;
}

export interface Skipped {
  skipped: string;
}

/**
 * Judges the medians of the rounds. A ratio is the median of the rounds' own ratios: value and peer of a round were measured
 * one right after the other, so that a machine which is slower for a minute is so for both.
 */
export function judge(goal: Goal, rounds: readonly { value: number; peer: number | null }[]): Figure {
  const value = median(rounds.map((round) => round.value));
  const peers = rounds.flatMap((round) => (round.peer === null ? [] : [round.peer]));
  const peer = peers.length > 0 ? median(peers) : null;
  const ratio =
    peer === null ? null : median(rounds.flatMap((round) => (round.peer === null ? [] : [round.value / round.peer])));
  const judged = goal.judged === 'ratio' ? (ratio ?? Number.NaN) : value;
  const reaches = (mark: number): boolean => (goal.better === 'more' ? judged >= mark : judged <= mark);
  return {
    value: rounded(value),
    peer: peer === null ? null : rounded(peer),
    ratio: ratio === null ? null : rounded(ratio),
    goal: goal.goal,
    stretch: goal.stretch,
    pass: reaches(goal.goal),
    stretched: reaches(goal.stretch),
    unit: goal.unit,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

const rounded = (value: number): number => Number(value.toPrecision(4));
