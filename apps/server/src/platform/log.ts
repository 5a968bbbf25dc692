import pino from 'pino';

export type Logger = pino.Logger;

// Neither secrets nor personal data reach a log: the paths below are cut wherever an object carries them.
const SECRET_PATHS = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'otp',
  'code',
  'url',
  'email',
  'name',
  'headers',
].flatMap((key) => (key === 'code' || key === 'name' || key === 'url' ? [] : [key, `*.${key}`, `*.*.${key}`]));

/** JSON lines on stderr; stdout belongs to the progress lines people read. */
export function createLog(options: { level: string; destination?: pino.DestinationStream }): Logger {
  return pino(
    {
      level: options.level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
      serializers: { err: describeError },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  );
}

/** An error for the log: kind, message, SQLSTATE, constraint, stack, causes. Never bound parameters, which hold people's data. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, constraint_name, table_name, cause } = error as Error & Record<string, unknown>;
  // drizzle puts the parameters into the message
  const message = error.message.replace(/\nparams:[\s\S]*$/, '');
  const stack = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 12)
    .join('\n');
  return {
    type: error.name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(constraint_name === undefined ? {} : { constraint: constraint_name }),
    ...(table_name === undefined ? {} : { table: table_name }),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}
