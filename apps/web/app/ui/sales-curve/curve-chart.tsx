import { useTranslation } from 'react-i18next';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatCount, formatDate, formatMoney } from '~/platform/format.ts';
import styles from './sales-curve.module.css';
import { type CurveRow, hairlines, lastHourFrom } from './sales-curve.rules.ts';

export interface CurveChartProps {
  rows: CurveRow[];
  currency: string;
  zone: string;
  marks: { at: number; words: string }[];
}

/** The drawing itself; only reached through `SalesCurve`, because the chart library is heavy. */
export default function CurveChart({ rows, currency, zone, marks }: CurveChartProps) {
  const { t, i18n } = useTranslation('common');
  const last = rows.at(-1);
  const lines = hairlines(last?.total ?? 0);
  const from = lastHourFrom(rows);
  const data = rows.map((row, index) => ({ ...row, recent: index >= from ? row.total : undefined }));
  const first = rows[0]?.at ?? 0;
  const overADay = (last?.at ?? 0) - first > 36 * 3_600_000;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={data} margin={{ top: 18, right: 56, bottom: 0, left: 0 }}>
        <CartesianGrid vertical={false} stroke="var(--line)" horizontalValues={lines} />
        <XAxis
          dataKey="at"
          type="number"
          domain={['dataMin', 'dataMax']}
          scale="time"
          tickFormatter={(at: number) => formatDate(at, zone, overADay ? 'day' : 'time', i18n.language)}
          tick={{ fill: 'var(--text-3)', fontSize: 13 }}
          tickLine={false}
          axisLine={{ stroke: 'var(--text)' }}
          minTickGap={56}
        />
        <YAxis hide domain={[0, lines[2] ?? 1]} />
        <Tooltip
          cursor={{ stroke: 'var(--control)', strokeDasharray: '2 3' }}
          isAnimationActive={false}
          content={({ active, payload }) => {
            const row = payload?.[0]?.payload as CurveRow | undefined;
            if (!active || !row) return null;
            const when = formatDate(row.at, zone, 'short', i18n.language);
            return (
              <p className={styles.tip}>
                {row.sold < 0
                  ? t('curve.point_back', { when, count: -row.sold })
                  : row.cents === undefined
                    ? t('curve.point', { when, sold: row.sold })
                    : t('curve.point_money', {
                        when,
                        sold: row.sold,
                        money: formatMoney(row.cents, currency, { locale: i18n.language }),
                      })}
              </p>
            );
          }}
        />
        {marks.map((mark) => (
          <ReferenceLine
            key={mark.at}
            x={mark.at}
            stroke="var(--control)"
            strokeDasharray="2 3"
            label={{ value: mark.words, position: 'insideTopLeft', fill: 'var(--text-2)', fontSize: 13 }}
          />
        ))}
        {lines.map((line) => (
          <ReferenceLine
            key={line}
            y={line}
            stroke="none"
            label={{
              value: formatCount(line, i18n.language),
              position: 'insideBottomLeft',
              fill: 'var(--text-3)',
              fontSize: 13,
            }}
          />
        ))}
        <Area
          dataKey="total"
          type="stepAfter"
          stroke="none"
          fill="var(--text)"
          fillOpacity={0.06}
          isAnimationActive={false}
          activeDot={false}
        />
        <Line
          dataKey="total"
          type="stepAfter"
          stroke="var(--text)"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
          activeDot={{ r: 4, fill: 'var(--text)', stroke: 'var(--surface)' }}
        />
        <Line
          dataKey="recent"
          type="stepAfter"
          stroke="var(--live)"
          strokeWidth={2.5}
          dot={false}
          isAnimationActive={false}
          activeDot={false}
        />
        {last && (
          <ReferenceDot
            key={`${last.at}-${last.total}`}
            x={last.at}
            y={last.total}
            r={4}
            fill="var(--live)"
            stroke="none"
            className={styles.last}
            label={{
              value: formatCount(last.total, i18n.language),
              position: 'right',
              fill: 'var(--text)',
              fontSize: 15,
              fontWeight: 600,
            }}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
