import { create } from 'qrcode';
import { useMemo } from 'react';

export interface QrProps {
  value: string;
  /** Pixels of the code without its quiet zone; default 240. `100%` fills the parent. */
  size?: number | '100%';
  label: string;
}

/** The code as one path of squares, black on white with four modules of quiet zone, in both colour schemes. */
export function Qr({ value, size = 240, label }: QrProps) {
  const { path, count } = useMemo(() => {
    const { modules } = create(value, { errorCorrectionLevel: 'M' });
    let drawn = '';
    for (let row = 0; row < modules.size; row++) {
      for (let column = 0; column < modules.size; column++) {
        if (!modules.get(row, column)) continue;
        let width = 1;
        while (column + width < modules.size && modules.get(row, column + width)) width++;
        drawn += `M${column} ${row}h${width}v1h-${width}z`;
        column += width;
      }
    }
    return { path: drawn, count: modules.size };
  }, [value]);
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${count} ${count}`}
      shapeRendering="crispEdges"
      style={{ background: '#fff' }}
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
